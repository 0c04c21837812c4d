#!/usr/bin/python3
"""Prints the map of the house for README.md: one line a file, from the first sentence of its header."""

import pathlib
import re

DAEMON = pathlib.Path(__file__).resolve().parents[2] / "daemon"
FOLDERS = ("", "dn", "judge", "config", "source", "directory", "prober", "store", "alert", "health", "ctl")


def sentence(file):
    """The first sentence of the comment that a file begins with, up to its first colon if that says enough."""
    comment = re.match(r"/\* (.*?)\*/", file.read_text(), re.DOTALL)
    text = re.sub(r"\s+(\* )?", " ", comment[1] if comment else "").strip()
    whole = re.split(r"(?<=\.) ", text)[0].rstrip(".")
    part = re.match(r".{36,}?(?=[:;] )", whole)
    return part[0] if part else whole


def main():
    for folder in FOLDERS:
        files = sorted((DAEMON / folder).glob("*.[ch]"))
        stems = sorted({file.with_suffix("") for file in files})
        if stems:
            print(f"\n**daemon/{folder}{'/' if folder else ''}**\n")
        for stem in stems:
            header = stem.with_suffix(".h")
            name = stem.relative_to(DAEMON)
            print(f"- `{name}` {sentence(header if header.exists() else stem.with_suffix('.c'))}")


if __name__ == "__main__":
    main()
