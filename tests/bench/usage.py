"""What processes used: CPU time and memory, from /proc and from what wait() tells of children."""

import os
import resource


def cpu_s(*pids):
    """CPU seconds of all threads of these processes so far, to the nanosecond the scheduler counts."""
    total_ns = 0
    for pid in pids:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as file:
                total_ns += int(file.read().split()[0])
    return total_ns / 1e9


def children_cpu_s():
    """CPU seconds of all children that ended and were waited for, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory_mib(pid):
    """(resident, of it private) MiB: the rest is shared libraries."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        fields = dict(line.split(":", 1) for line in file)
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon"))
