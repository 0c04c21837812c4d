#!/usr/bin/python3
"""Writes the map of the house in README.md anew: one line a file, from the first sentence of its header. What has no
header is described by the first comment of its source."""

import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
DAEMON = TOP / "daemon"
FOLDERS = ("", "dn", "judge", "config", "source", "directory", "prober", "courier", "store", "alert", "health", "ctl")
MAP = re.compile(r"(?<=## The map of the house\n).*(?=\nAround it:)", re.DOTALL)


def sentence(file):
    """The first sentence of the comment that a file begins with, up to its first colon if that says enough."""
    comment = re.match(r"/\* (.*?)\*/", file.read_text(), re.DOTALL)
    text = re.sub(r"\s+(\* )?", " ", comment[1] if comment else "").strip()
    whole = re.split(r"(?<=\.) ", text)[0].rstrip(".")
    part = re.match(r".{36,}?(?=[:;] )", whole)
    return part[0] if part else whole


def lines():
    for folder in FOLDERS:
        stems = sorted({file.with_suffix("") for file in (DAEMON / folder).glob("*.[ch]")})
        if stems:
            yield f"\n**daemon/{folder}{'/' if folder else ''}**\n"
        for stem in stems:
            header = stem.with_suffix(".h")
            file = header if header.exists() else stem.with_suffix(".c")
            yield f"- `{stem.relative_to(DAEMON)}` {sentence(file)}"


if __name__ == "__main__":
    readme = TOP / "README.md"
    new = "\n".join(lines()) + "\n"
    readme.write_text(MAP.sub(lambda _: new, readme.read_text()))
