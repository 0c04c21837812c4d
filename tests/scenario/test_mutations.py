"""The scenarios test themselves: each named fault, put into the sources, must make them fail."""
import os
import pathlib
import shlex
import subprocess

import pytest

SRC = pathlib.Path(os.environ.get("SRCDIR", "."))
BUILD = pathlib.Path(os.environ.get("BUILDDIR", "."))
CC = shlex.split(os.environ.get("CC", "cc")) + shlex.split(os.environ.get("SANITIZE_CFLAGS", ""))
# The quick ones first.
SCENARIOS = {
    "untold_life": ["test_untold_life.c", "world.c", "tree.c"],
    "pin_life": ["test_pin_life.c", "world.c", "tree.c"],
    "blackout": ["test_blackout.c", "world.c", "tree.c"],
    "gathering": ["test_gathering.c", "world.c", "tree.c"],
    "quiet_life": ["test_quiet_life.c", "world.c", "tree.c"],
    "month": ["test_month.c", "model.c", "outage_model.c", "world.c", "tree.c"],
}

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
    "who answers does not count": ("reach.c", "if (!reach_is_together(reaches, n, due))", "if (false)"),
    "an outage of one = of all": ("reach.c", "return is_company && !is_contradicted ?", "return !is_contradicted ?"),
    "never of all": ("reach.c", "? REACH_ALL : REACH_OWN", "? REACH_OWN : REACH_OWN"),
    "in haste": ("reach.c", "is_company && !is_contradicted ?", "is_company ?"),
    "all must go in one instant": ("reach.c", "failing_ms + REACH_RAGGED_MS >", "failing_ms >"),
    "no round is waited for": ("reach.c", "if (wait_ms > now.boot_ms) {", "if (false) {"),
    "a round is waited for however long": (
        "reach.c", "MIN(reach->boot_busy_ms, due->boot_due_ms + REACH_LONGEST_MS)", "reach->boot_busy_ms"),
    "failing since it was told": ("reach.c", "MAX(boot_asked_ms, reach->boot_answered_ms)", "now.boot_ms + 60000"),
    "a network that comes back for a moment clears nobody": (
        "reach.c", "    *reach = (struct reach){.boot_answered_ms = now.boot_ms};", "    (void)reach, (void)now;"),
    "told by its name in an outage of all": (
        "outages.c", "!blackout_is_open(outages->blackout)) {\n        directory_record_owe", "true) {\n        directory_record_owe"),
    "no answer ends an outage of all": ("outages.c", "bool is_end = is_answer && blackout_is_open(outages->blackout);", "bool is_end = false;"),
    "who still fails after an outage of all is not told": (
        "outages.c", "        alarm_take_back_wide(&state->alarm);", "        (void)state;"),
    "who comes back a little later is told": (
        "outages.c", "now.boot_ms - outages->boot_end_ms < FORGIVEN_MS", "false"),
    "an outage of all is forgotten by a restart": ("outages.c", "blackout_restore(outages->blackout, stored);", ";"),
    "an outage of all is not kept": (
        "blackout.c", "    g_ptr_array_add(turn->batch->notices, directory_notice_dup(notice));", ""),
    "an outage of all is not kept again": (
        "blackout.c", "    g_ptr_array_add(batch->notices, directory_notice_dup(blackout->notice));", "    (void)batch;"),
    "each drift of one cause is told": ("bulletin.c", "    if (cause) {", "    if (false) {"),
    "many alike are a line each": ("bulletin.c", "    } else if (alike) {", "    } else if (false) {"),
    "news overtake those that wait": ("engine.c", "    tell_rounds(engine, engine->gatherings, running);\n", ""),
    "news that wait are left out": ("engine.c", "    tell_rounds(engine, engine->gatherings, NULL);\n", ""),
    "what waits is torn apart": (
        "gatherings.c", "gathering && g_hash_table_contains(gathering->changed, state->watch)", "false"),
    "nothing waits for its like": ("gatherings.c", "boot_joined_ms + GATHERINGS_WAIT_MS", "boot_joined_ms"),
    "the first alone are waited for": ("gatherings.c", "boot_joined_ms + GATHERINGS_WAIT_MS", "boot_started_ms + GATHERINGS_WAIT_MS"),
    "others are waited for without end": ("gatherings.c", "gathering->boot_started_ms + GATHERINGS_LAST_MS", "INT64_MAX"),
    "flapping is not damped": ("quiet.c", "quiet->n_changes > policy->flap_count", "false"),
    "flapping ends at once": ("quiet.c", "    quiet->wall_last_ms = now.wall_ms;\n", ""),
    "a silence loses what waits": ("quiet.c", "    tell(&alarm->quiet, alarm, now, result);\n", "    (void)tell, (void)now;\n"),
    "a drift that came and went is not told": ("quiet.c", "was_open || quiet->n_drifts > 0 ||", "was_open ||"),
    "a drift that became another in a silence is not told": (
        "quiet.c", "quiet->has_changed || quiet->n_drifts > 0", "quiet->has_changed"),
    "the drift speaks for what comes on top": (
        "quiet.c", "    if (alarm->is_drift_open || alarm->is_invalid_open)\n", "    if (false)\n"),
    "taken out before its end was told": (
        "alarm.c", " || alarm->quiet.was_drift_open ||\n           alarm->quiet.was_invalid_open || alarm->quiet.was_unverifiable_open;", ";"),
    "a silence is deaf to outages for ever": ("quiet.c", "    alarm_take_back_wide(alarm);\n", ""),
    "silenced reminders": ("alarm.c", "alarm->quiet.is_silenced || policy->remind_ms == 0", "policy->remind_ms == 0"),
    "a silence is forgotten by a reload": ("engine.c", "    engine->silences = (struct silences){0};\n", ""),
    "a window that ends unnoticed": (
        "silences.c", "        silences->wall_next_ms = MIN(silences->wall_next_ms, next_ms);\n", ""),
    "what nobody is told is forgotten": ("round.c", "    if (is_untold)\n", "    if (false)\n"),
    "what is told is noted besides": ("round.c", "        is_untold = false;\n", ""),
    "each watch has the outage of its directory": (
        "watch.c", "is_new && !is_of_directory(state, judgement, was_spelling)", "is_new"),
    "the outage of a silenced watch is nobody's": (
        "watch.c", "    return !state->alarm.quiet.is_silenced &&\n", "    return true &&\n"),
    "another state after an outage is the directory's": (
        "watch.c", "(seen->verdict == VERDICT_SPELLING) == was_spelling;", "true;"),
    "an outage that nobody was told is forgotten": (
        "outage.c", "    if (record->reach.boot_due_ms)\n        note_untold", "    if (false)\n        note_untold"),
    "what waits in one round is kept ahead of its entry": (
        "round.c", "    if (bulletin_is_empty(running->bulletin))\n        return false;", "    return false;"),
    "who was taken out still fails": ("outage.c", "    record->reach.boot_failing_ms = 0;", ""),
    "the next outage is told before the end of the last": (
        "engine.c", "    if (!bulletin_is_empty(turn->bulletin))\n        tell_all_rounds(engine);", ""),
    "what is due is told when something is heard": (
        "engine.c", "int64_t settling_ms = settle_outages(engine, now);", "int64_t settling_ms = INT64_MAX;"),
}


def source_of(file):
    return next(path for path in (SRC / "daemon" / folder / file for folder in ("judge", "")) if path.exists())


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
    source = source_of(file).read_text()
    assert source.count(original) == 1, f"{file} no longer has what this mutation changes"
    (tmp_path / file).write_text(source.replace(original, mutated))
    mutant = tmp_path / "mutant.o"
    subprocess.run([*CC, *flags(), "-c", tmp_path / file, "-o", mutant], check=True)
    assert not survives(objects, tmp_path, [mutant]), f"the scenarios do not notice: {name}"
