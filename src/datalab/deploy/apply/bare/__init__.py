"""Bringing a plan to run on a host without containers: by the script that people run too, under systemd or supervisor."""
