"""A program for [exec] that writes down what it is told."""

import json
import os
import pathlib
import stat

from sections import section
from servers import wait_until

TELL = """#!/bin/sh
env | grep ^DNDRIFT_ | sort >"{folder}/environment.new"
mv "{folder}/environment.new" "{folder}/environment"
cat >>"{folder}/events"
"""


class Teller:
    """A program of the operator's, its folder, and what it was told."""

    def __init__(self, folder):
        self.folder, self.path = pathlib.Path(folder), pathlib.Path(folder) / "tell"
        self.write(TELL)

    def write(self, text):
        new = self.folder / "tell.new"
        new.write_text(text.replace("{folder}", str(self.folder)))
        new.chmod(new.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        os.replace(new, self.path)

    def events(self):
        file = self.folder / "events"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def words(self):
        return [event["word"] for event in self.events()]

    def environment(self):
        return dict(line.split("=", 1) for line in (self.folder / "environment").read_text().splitlines())

    def numbers(self):
        return [int(event["alert"].split("-")[1]) for event in self.events()]

    def section(self, **settings):
        """The section that has it run."""
        return section("exec", "", {"program": self.path, **settings}).replace("[exec ]", "[exec]")

    def wait_for(self, word):
        wait_until(lambda: word in self.words(), lambda: f"{word}; it was told {self.words()}")
