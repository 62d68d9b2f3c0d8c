"""The only part of deploying with effects: writes files, runs commands, asks engines what runs."""
