"""How much memory a benchmark's process holds."""

from pathlib import Path


def most_held() -> float:
    """The most memory in MB that this process has held; `ru_maxrss` would begin with what its parent held."""
    [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def held_now(pid: int) -> float:
    """The memory in MB that a process holds at this moment."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
