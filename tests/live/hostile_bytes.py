"""Byte strings as somebody makes them who hates us: any bytes, what breaks each format that we write, and lengths about
which something is cut off. DNDRIFT_BYTES: how many a long run takes; DNDRIFT_SEED: which."""

import os
import random

COUNT = int(os.environ.get("DNDRIFT_BYTES", "30000"))
END_TO_END = COUNT // 20  # of them where each goes through a server
SEED = os.environ.get("DNDRIFT_SEED", "260907")

TEXTS = ["'", ";", "\\", "; ", "', ", "='", "\n", "\r", "\r\n", "\t", "\x1b[2J", "\x7f", "\x85",
         "\u009b31m", "\u2028", "\u2029", "\u202e", "\u2066", "\u00e9", "\u20ac", "\U0001f600", "\\x41", "\\;", "\\'",
         "...(+3)", "%s%n", "$MSG", "${HOST}", "<13>", "<13>Nov 23 20:15:00 host other[1]: ", "[1]: ", ", fake='1'",
         "\ndndriftd[1]: RECOVERED w: all is well", "cn=x,o=mms", "@", "#ANON"]
PIECES = [piece.encode() for piece in TEXTS] + [
    b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xc0\xaf", b"\x80",
    b"]", b'"', b"=", b'\\"', b"\\]", b"] \xef\xbb\xbf", b'" fake="1', b"[dndrift@32473 watch=\"x\"]", b"x='", b"', alert='",
    b"<131>1 2026-11-23T20:15:00.250Z host dndriftd 1 DRIFT [dndrift@32473 watch=\"w\"] \xef\xbb\xbfDRIFT w: x", b"128 <13>1 ",
    b'","fake":"', b'"}\n{"word":"DRIFT"}', b"\\u0000", b"\\n", b"\\x00", b"\\x1b", b"\\x5c", b"\\x5cx1b", b"\\\\x1b", b"\\X1B",
    b"\\xZZ", b"\\x", b"\\x4", b"x41", b"\\x29", b"...(+", b"...(+3)", b"...(+4096)", b"...(+3\\x29",
    b"</td><script>alert(1)</script>", b"<!--", b"-->", b"]]>", b"&lt;", b"&#10;", b"&amp;lt;", b"&", b"<", b">",
    b'"} 1\ndndrift_watch_drift{watch="fake"} 1\n', b"# EOF\n", b"# HELP x y\n", b"{", b"}", b"%0a", b"|", b" | time=1s",
    b"\0", b"\xc2\x9b31m", b"\xe2\x80\x8f", b"\xd8\x9c", b"\xef\xbb\xbf", b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\xf0\x9f\xbf\xbf",
    b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe0\x80\xaf", b"\xed\xbf\xbf", b"\xf0\x9f\x98", b"\xe2\x80", b"\xfe",
    b"cn=a\\, b,o=mms", b"cn=\\0a", b"\\2C", b"/o=mms/ou=a", b"-", b" ", b"  ", b"DNDRIFT OK - ", b"\x1b]0;title\x07",
]
LONG = (200, 480, 1000, 1018, 1024, 1030, 2048, 4000, 8100, 8192)


def random_bytes(chance):
    return chance.randbytes(chance.choice((0, 1, 2, 3, 8, 40)))


def short(chance):
    pieces = chance.choices(PIECES, k=chance.choice((1, 1, 2, 3, 5, 8)))
    if chance.random() < 0.5:
        pieces.insert(chance.randrange(len(pieces) + 1), random_bytes(chance))
    return b"".join(pieces)


def long(chance):
    """About as long as one of those, of one piece again and again or of many."""
    length = chance.choice(LONG) + chance.randint(-8, 8)
    beginning, piece = short(chance) if chance.random() < 0.5 else b"", chance.choice(PIECES + [b"a", b"\xc3\xbc", b"\x01"])
    if chance.random() < 0.3:
        piece = short(chance) or b"x"
    return (beginning + piece * (length // len(piece) + 1))[:length] + (chance.choice(PIECES) if chance.random() < 0.2 else b"")


def hostile_bytes(count, part=""):
    """count of them, always the same of one seed and part."""
    chance = random.Random(f"{SEED} {part}")
    for _ in range(count):
        kind = chance.random()
        yield random_bytes(chance) if kind < 0.2 else long(chance) if kind < 0.22 else short(chance)


def hostile_texts(count, part=""):
    """Every piece by itself and count strings, without a NUL, which ends a text."""
    return [text.replace(b"\0", b"") for text in (*PIECES, *hostile_bytes(count, part))]
