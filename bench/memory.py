"""Memory of a process and its children as proportional set size."""

import psutil


def tree_pss_mb(pid: int) -> float:
    """Megabytes (10^6) of the process and all below it; shared pages are counted once, in parts."""
    root = psutil.Process(pid)
    family = [root, *root.children(recursive=True)]
    return sum(process.memory_full_info().pss for process in family) / 1e6
