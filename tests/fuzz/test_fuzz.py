"""Each fuzz target, for a fixed number of inputs from a fixed seed: what a file or a text makes of a reader is a value or
a refusal, in bounded time and memory."""

import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(os.environ["SRCDIR"]) / "tests" / "fuzz"
BUILD = pathlib.Path(os.environ["BUILDDIR"]) / "tests" / "fuzz"
SEEDS = HERE / "seeds"
TARGETS = sorted(path.name for path in SEEDS.iterdir())
RUNS = 20000


@pytest.mark.parametrize("target", TARGETS)
def test_it_holds(target, tmp_path):
    command = [BUILD / f"{target}.fuzz", f"-runs={RUNS}", "-seed=4514", "-max_len=4096", "-timeout=60",
               "-rss_limit_mb=2048", f"-artifact_prefix={tmp_path}/", tmp_path, SEEDS / target]
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="backslashreplace", check=False)
    assert done.returncode == 0, done.stdout[-5000:]
    print(done.stdout.splitlines()[-1])


def test_each_target_has_seeds():
    assert set(TARGETS) == {path.stem for path in HERE.glob("*.c")} - {"round_trip", "values"}
