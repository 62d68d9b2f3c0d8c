"""A process that a forgotten thread keeps alive is ended, and says what held it up."""

import subprocess
import sys

STUCK = """
import threading
from datalab.host.last_resort import LastResort
def forgotten():
    threading.Event().wait()
threading.Thread(target=forgotten).start()
clock = LastResort()
clock.set(3600, 1)
clock.set(0.2, 7)
"""


def test_a_forgotten_thread_does_not_keep_a_process_alive():
    done = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 7
    assert "forgotten" in done.stderr
