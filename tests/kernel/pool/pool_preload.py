"""A module for a child to preload, which refuses where files are open to it."""

from pathlib import Path

from datalab.kernel.pool.confine import offered_confinement

try:
    Path("/etc/passwd").read_text()
except PermissionError:
    CONFINED = True
else:
    CONFINED = False

if offered_confinement().files and not CONFINED:
    raise ImportError("imported before confinement")
