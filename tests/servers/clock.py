"""The clock of one program, which a test can set on."""

import os

LIBRARY = f"/usr/lib/{os.uname().machine}-linux-gnu/faketime/libfaketime.so.1"


WALL_ALONE = {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}  # as when somebody sets the clock: the others go on


class Clock:
    """For a program with `environment`. `more`: further settings of libfaketime."""

    def __init__(self, file, **more):
        self.file = file
        self.environment = {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": "1",
                            "NO_FAKE_STAT": "1", **more}
        self.advance(0)

    def advance(self, seconds):
        """From now on it is so much ahead of the right one, or behind."""
        with open(self.file + ".new", "w", encoding="ascii") as out:
            out.write(f"{seconds:+}")
        os.rename(self.file + ".new", self.file)
