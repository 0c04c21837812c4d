"""What print_bytes.c makes of three texts at a time: one by one and together, through every printer there is."""

import os
import struct
import subprocess
import tempfile

PRINT_BYTES = os.path.join(os.environ["BUILDDIR"], "tests/live/print_bytes")
N_TEXTS = 3
OF_ONE = ("dn0", "dn1", "dn2", "plain", "line", "message", "datagram", "event", "environment", "firing", "watch", "health", "table", "said")
OF_ALL = ("watches", "health", "metrics", "openmetrics", "page", "history")


def number(value):
    return struct.pack("=I", value)


class Reader:
    """The texts in a file, one after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, names):
        found = {}
        for name in names:
            length, = struct.unpack_from("=I", self.data, self.at)
            found[name] = self.data[self.at + 4:self.at + 4 + length]
            self.at += 4 + length
            assert len(found[name]) == length
        return found


def print_all(batches):
    """Of each batch, a list of N_TEXTS byte strings: ([OF_ONE of each], OF_ALL), as dicts."""
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as told:
        for batch in batches:
            asked.write(number(len(batch)) + b"".join(number(len(text)) + text for texts in batch for text in texts))
        asked.seek(0)
        subprocess.run([PRINT_BYTES], stdin=asked, stdout=told, check=True)
        told.seek(0)
        reader = Reader(told.read())
    for batch in batches:
        yield [reader.take(OF_ONE) for _ in batch], reader.take(OF_ALL)
    assert reader.at == len(reader.data), "more than one record each"
