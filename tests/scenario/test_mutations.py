"""The scenarios test themselves: each named fault, put into judge or alarm, must make them fail."""
import os
import pathlib
import shlex
import subprocess

import pytest

SRC = pathlib.Path(os.environ.get("SRCDIR", "."))
BUILD = pathlib.Path(os.environ.get("BUILDDIR", "."))
CC = shlex.split(os.environ.get("CC", "cc")) + shlex.split(os.environ.get("SANITIZE_CFLAGS", ""))
SCENARIOS = {"month": ["test_month.c", "model.c", "world.c", "tree.c"], "pin_life": ["test_pin_life.c", "world.c", "tree.c"]}

# name: (file, what stands there, what a tired programmer might have written)
MUTATIONS = {
    "no confirm": ("alarm.c", "if (alarm->drift_count < policy->confirm) {", "if (false) {"),
    "no confirmed recovery": ("alarm.c", "alarm->ok_count < policy->confirm_recovery", "false"),
    "outage = recovery": (
        "alarm.c",
        "        step_unverifiable(policy, alarm, input, now, ret_result);",
        "        step_ok(policy, alarm, &(struct alarm_input){VERDICT_MATCH, false, false, false}, now, ret_result);"
        " (void)step_unverifiable;",
    ),
    "an outage hides an open drift": (
        "alarm.c",
        "    if (!alarm->is_drift_open && !alarm->is_invalid_open)\n        confirm(alarm, input->verdict, alarm->wall_unver",
        "    confirm(alarm, input->verdict, alarm->wall_unver",
    ),
    "another drift is told as new": ("alarm.c", "alarm->is_drift_open ? WORD_CHANGED : WORD_DRIFT", "WORD_DRIFT"),
    "told again at each round": (
        "alarm.c",
        "if (alarm->is_drift_open && alarm->verdict == input->verdict && !input->is_live_changed) {",
        "if (false) {",
    ),
    "id ignored": (
        "judge.c",
        "bool is_pinned = is_identity_equal(matter->pinned, seen->found_identity);",
        "bool is_pinned = is_identity_equal(matter->pinned, matter->pinned);",
    ),
    "empty = deleted": (
        "judge.c",
        "!matter->expectation->is_edited ? VERDICT_RENAMED : VERDICT_HIDDEN;",
        "!matter->expectation->is_edited ? VERDICT_RENAMED : VERDICT_DELETED;",
    ),
    "a broken id question = gone": (
        "judge.c",
        "if (seen->id_answer == ID_FAILED || seen->id_answer == ID_NOT_ASKED)\n        return VERDICT_UNREACHABLE;",
        "if (seen->id_answer == ID_FAILED || seen->id_answer == ID_NOT_ASKED)\n        return VERDICT_DELETED;",
    ),
    "a refused id question = gone": (
        "judge.c",
        "    if (seen->id_answer == ID_REFUSED)\n        return VERDICT_HIDDEN;",
        "    if (seen->id_answer == ID_REFUSED)\n        return VERDICT_DELETED;",
    ),
    "gone without a living ancestor": ("judge.c", "    default:\n        return VERDICT_HIDDEN;\n    }\n}\n\n/* The configured DN leads nowhere",
                                       "    default:\n        return VERDICT_DELETED;\n    }\n}\n\n/* The configured DN leads nowhere"),
    "a cut-off answer = missing": (
        "judge.c",
        "    default:\n        return VERDICT_UNREACHABLE;",
        "    default:\n        return VERDICT_MISSING;",
    ),
    "moved = renamed": ("relocation.c", "if (!is_same_parent) {", "if (false) {"),
}


def pkg_config(*words):
    return shlex.split(subprocess.check_output(["pkg-config", *words], text=True))


def flags():
    return ["-std=gnu11", "-O1", "-w", f"-I{SRC}/daemon", f"-I{SRC}/tests/scenario", f"-I{BUILD}",
            *pkg_config("--cflags", "glib-2.0", "libevent_core", "cmocka")]


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    """The scenarios compiled once; each mutation only links anew."""
    folder = tmp_path_factory.mktemp("scenario")
    for name in {file for files in SCENARIOS.values() for file in files}:
        subprocess.run([*CC, *flags(), "-c", SRC / "tests/scenario" / name, "-o", folder / f"{name}.o"], check=True)
    return folder


def survives(objects, folder, extra):
    """Whether all scenarios pass with these objects put before the libraries."""
    libraries = [BUILD / f"lib{name}.a" for name in ("engine", "directory", "store", "health", "config", "pure")]
    for scenario, files in SCENARIOS.items():
        program = folder / scenario
        subprocess.run(
            [*CC, *[objects / f"{file}.o" for file in files], *extra, *libraries, "-o", program,
             *pkg_config("--libs", "glib-2.0", "libevent_core", "libevent_extra", "sqlite3", "jansson", "cmocka"), "-lpthread"],
            check=True)
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
        run = subprocess.run([program], capture_output=True, timeout=300, env=environment)
        if run.returncode != 0:
            return False
    return True


def test_the_scenarios_pass_as_they_are(objects, tmp_path):
    assert survives(objects, tmp_path, [])


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_is_noticed(name, objects, tmp_path):
    file, original, mutated = MUTATIONS[name]
    source = (SRC / "daemon/judge" / file).read_text()
    assert source.count(original) == 1, f"{file} no longer has what this mutation changes"
    (tmp_path / file).write_text(source.replace(original, mutated))
    mutant = tmp_path / "mutant.o"
    subprocess.run([*CC, *flags(), "-c", tmp_path / file, "-o", mutant], check=True)
    assert not survives(objects, tmp_path, [mutant]), f"the scenarios do not notice: {name}"
