"""The history of the whole daemon: every transition with its values, who did it and who was told, over HTTP and from
dndriftctl, after a restart, of many at once, and under another name."""

import json
import os
import re
import subprocess

import pytest
from sections import directory, watch, watch_from
from servers import CUSTOM, wait_until
from servers.slapd import RECIPIENTS

CTL = os.path.join(os.environ["BUILDDIR"], "dndriftctl")
N_MANY, MANY_DRIFTS = 60, 20  # BULLETIN_MANY


def history(daemon, query=""):
    answer = daemon.get("/history" + query)
    assert answer.code == 200, answer.text
    return answer.json()["history"]


def ctl(daemon, *arguments):
    return subprocess.run([CTL, "-c", daemon.config_file, "history", *arguments], capture_output=True, text=True,
                          check=False, timeout=60)


def nslcd(*bases):
    return "uri ldap://x\n" + "".join(f"base {base}\n" for base in bases)


def words(entries):
    return [entry["word"] for entry in entries]


@pytest.fixture
def told(watching, slapd, syslog_ng):
    """A daemon that has told of a rename and of its end."""
    daemon = watching()
    daemon.wait_verdict("custom", "match")
    away = slapd.rename(CUSTOM, "cn=external partners")
    syslog_ng.wait_for("^DRIFT custom: ")
    slapd.rename(away, "cn=custom")
    syslog_ng.wait_for("^RECOVERED custom: ")
    wait_until(lambda: all(entry["told"] for entry in history(daemon)), "the notes of who was told")
    return daemon


def test_every_transition_is_there_with_all_that_was_said(told, slapd, syslog_ng):
    recovered, drift, pinned = history(told, "?watch=custom")
    assert words((recovered, drift, pinned)) == ["RECOVERED", "DRIFT", "PINNED"]
    assert drift["verdict"] == "renamed" and drift["configured"] == CUSTOM
    assert drift["live"] == f"cn=external partners,{RECIPIENTS}" and drift["first_missing"] == "cn=custom"
    assert drift["identity"] == slapd.identity(CUSTOM) and drift["directory"] == "mms" and drift["server"] == slapd.uri
    assert drift["changed"]["by"] == "cn=admin,o=mms" and re.fullmatch(r"20\d\d-\S+Z", drift["changed"]["at"])
    [line] = syslog_ng.texts("^DRIFT custom: ")
    assert f"alert='{drift['alert']}'" in line and drift["sentence"] in line
    assert drift["alert"].endswith(f"-{drift['number']}")
    [by_whom] = drift["told"]
    assert by_whom["outlet"] == "syslog" and by_whom["at"] >= drift["time"]
    assert words(history(told, "?watch=dndriftd")) == ["STARTED"]
    assert words(history(told)) == ["RECOVERED", "DRIFT", "PINNED", "STARTED"]


def test_a_transition_of_which_nobody_is_told_is_there_too(told, slapd, syslog_ng):
    away = slapd.rename(CUSTOM, "cn=CUSTOM")
    syslog_ng.wait_for("^SPELLING custom: ")
    slapd.rename(away, "cn=custom")
    told.wait_verdict("custom", "match")
    back, spelled = history(told, "?watch=custom&limit=2")
    assert words((back, spelled)) == ["STATE", "SPELLING"] and history(told)[0] == back
    assert (back["verdict"], back["told"], back["number"]) == ("match", [], spelled["number"] + 1)
    assert "alert" not in back and back["identity"] == slapd.identity(CUSTOM) and back["server"] == slapd.uri
    assert re.search(r" STATE +custom +match +nobody$", ctl(told, "custom").stdout.splitlines()[1])
    slapd.rename(CUSTOM, "cn=away")
    syslog_ng.wait_for("^DRIFT custom: ", count=2)
    drift = history(told, "?watch=custom")[0]
    assert (drift["word"], drift["number"]) == ("DRIFT", back["number"] + 1)
    assert drift["alert"] == re.sub(r"\d+$", lambda number: str(int(number[0]) + 1), spelled["alert"]), "no gap"


def test_it_outlives_the_daemon(told):
    before = history(told)
    assert told.stop() == 0
    told.start()
    wait_until(lambda: len(history(told)) == len(before) + 2, "STARTED to be told")
    after = history(told)
    assert words(after[:2]) == ["STARTED", "STOPPED"] and after[2:] == before


def test_dndriftctl_shows_it_as_a_table_and_as_json(told):
    table = ctl(told, "custom")
    lines = table.stdout.splitlines()
    assert (table.returncode, table.stderr) == (0, "")
    assert lines[0].split() == ["NUMBER", "TIME", "WORD", "WATCH", "VERDICT", "TOLD"]
    assert [line.split()[2] for line in lines[1::2]] == ["RECOVERED", "DRIFT", "PINNED"]
    assert re.match(r"^ +cn=custom,cn=recipients\S+ was renamed to cn=external partners", lines[4]), lines
    assert re.search(r" renamed +syslog 20\d\d-\S+Z$", lines[3])
    assert json.loads(ctl(told, "--json", "custom").stdout)["history"] == history(told, "?watch=custom")
    page = ctl(told, "--limit", "1")
    number = history(told)[0]["number"]
    assert page.stdout.splitlines()[-1] == f"There is more: --before {number}"
    assert json.loads(ctl(told, "--json", "--limit=1", f"--before={number}").stdout)["history"] == history(told)[1:2]


def test_dndriftctl_is_told_of_a_name_that_there_never_was(told):
    done = ctl(told, "nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "dndriftctl: there is no watch of that name, nor was there one\n"


def test_what_is_told_of_many_as_one_is_in_the_history_of_each(slapd, daemon, syslog_ng):
    names = [f"c{i:02}" for i in range(N_MANY)]
    for name in names:
        slapd.add_container(f"cn={name},{RECIPIENTS}")
    running = daemon(directory(slapd.uri) + "".join(watch(f"cn={name},{RECIPIENTS}", name=name) for name in names))
    for name in names:
        running.wait_verdict(name, "match")
    slapd.rename(RECIPIENTS, "cn=people")
    syslog_ng.wait_for("^DRIFT @mms: ")
    wide = next(entry for entry in history(running, "?watch=@mms") if entry["word"] == "DRIFT")
    members = {name: entry for name in names for entry in history(running, f"?watch={name}")
               if entry["number"] == wide["number"]}
    assert len(members) > MANY_DRIFTS and wide["sentence"].startswith(f"{len(members)} watches lead nowhere because ")
    for name, entry in members.items():
        assert (entry["name"], entry["told_as"], entry["word"]) == (name, "@mms", "DRIFT")
        assert entry["verdict"] == "ancestor-renamed" and entry["configured"] == f"cn={name},{RECIPIENTS}"
        assert entry["live"].startswith(f"cn={name},cn=people,") and entry["alert"] == wide["alert"]
        assert entry["sentence"] in wide["sentence"] or entry["sentence"].startswith(f"cn={name},")
    everything = history(running, "?limit=1000")
    assert [entry["number"] for entry in everything] == sorted({entry["number"] for entry in everything}, reverse=True)


def test_a_watch_that_goes_on_under_another_name_keeps_its_past(slapd, daemon, syslog_ng, tmp_path):
    """The section stands for all that it ever made, whatever that was called."""
    file = tmp_path / "users.conf"
    file.write_text(nslcd(CUSTOM))
    running = daemon(directory(slapd.uri) + watch_from(f"nslcd:{file}"))
    running.wait_verdict("custom", "match")
    syslog_ng.wait_for("^PINNED custom: ")
    file.write_text(nslcd(CUSTOM, RECIPIENTS))
    wait_until(lambda: running.get("/watches/custom").code == 404, "two watches in place of the one")
    made = [known["watch"] for known in running.get("/watches").json()["watches"]]
    assert len(made) == 2 and all(name.startswith("custom.") for name in made)
    syslog_ng.wait_for("^PINNED custom[.]")
    past = history(running, "?watch=custom")
    assert {entry["name"] for entry in past} > {"custom"}
    assert words(past).count("PINNED") == 2
    one = [name for name in made if any(entry["name"] == name for entry in past)][0]
    assert {entry["name"] for entry in history(running, f"?watch={one}")} == {one}


def test_a_reload_that_asks_for_less_takes_the_oldest_away(told, slapd):
    told.base["daemon"] += "history_size = 2\n"
    told.write_config(directory(slapd.uri) + watch(CUSTOM))
    told.reload()
    wait_until(lambda: len(history(told)) <= 3, "the history to be trimmed")
    assert words(history(told))[:2] == ["RELOADED", "RECOVERED"]
