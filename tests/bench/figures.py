"""How figures are taken and printed."""

import time

import usage


def title(text):
    print(f"\n{text}\n", flush=True)


def row(name, *cells):
    print(f"  {name:<44}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


def milliseconds(seconds):
    return f"{seconds * 1000:,.1f} ms"


def memory(pid):
    resident, private = usage.memory_mib(pid)
    return f"{resident:.1f} MiB", f"{private:.1f} MiB"


def timed(call):
    """(seconds, what it answers)"""
    started_s = time.monotonic()
    answer = call()
    return time.monotonic() - started_s, answer
