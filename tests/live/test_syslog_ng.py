"""Alerts through a real syslog-ng: whatever a directory says arrives as exactly one line and decodes back; a log that
is away, stalled or made anew loses none."""

import re

import pytest
from decoders import read_line, stands_for
from hostile_bytes import END_TO_END, hostile_texts
from sender import Sender

from servers import SyslogNg, wait_until

MANY = 1000


def read(line):
    return read_line(line.text.encode("utf-8", "surrogateescape"))


def numbers(syslog_ng):
    return [int(read(line)[3][b"alert"].split(b"-")[1]) for line in syslog_ng.lines()]


def plain(count):
    return [(b"renamed", b"cn=%d" % n) for n in range(count)]


@pytest.fixture
def away(started):
    """A SyslogNg that does not run yet."""
    return started(SyslogNg())


def test_hostile_values_arrive_as_one_line_each_and_decode_back(syslog_ng):
    texts = hostile_texts(END_TO_END, "local")
    alerts = list(zip(texts, reversed(texts)))
    Sender(syslog_ng.socket, alerts).taken()
    wait_until(lambda: syslog_ng.raw().count("\n") >= len(alerts), f"{len(alerts)} lines", pause_s=0.3)
    assert syslog_ng.raw().count("\n") == len(syslog_ng.lines()) == len(alerts)
    for (sentence, live), line in zip(alerts, syslog_ng.lines()):
        word, name, told, tags = read(line)
        assert (word, name) == (b"DRIFT", b"custom-recipients")
        assert stands_for(told, sentence) and stands_for(tags.get(b"live", b""), live)
    print(f"{len(alerts)} hostile alerts came back")


def test_the_header_says_who_when_and_how_bad(syslog_ng):
    sender = Sender(syslog_ng.socket, plain(1))
    sender.taken()
    line = wait_until(syslog_ng.lines, "the line")[0]
    assert (line.facility, line.severity, line.program) == ("local3", "err", "dndriftd")
    assert int(line.pid) == sender.child.pid
    assert re.search(r"-11-2[45]T", line.time), "the time of the alert, not of its sending"


def test_alerts_wait_for_a_log_that_is_not_there_yet(away):
    sender = Sender(away.socket, plain(20))
    away.start()
    assert sender.taken() == list(range(1, 21))
    wait_until(lambda: len(away.lines()) == 20, "20 lines")
    assert numbers(away) == list(range(1, 21))


def test_a_log_that_was_stopped_and_made_anew_gets_the_rest(syslog_ng):
    Sender(syslog_ng.socket, plain(5)).taken()
    wait_until(lambda: len(syslog_ng.lines()) == 5, "5 lines")
    syslog_ng.stop()
    sender = Sender(syslog_ng.socket, plain(5))
    syslog_ng.start()
    assert sender.taken() == [1, 2, 3, 4, 5]
    wait_until(lambda: len(syslog_ng.lines()) == 10, "10 lines")


def test_a_thousand_alerts_into_a_stalled_log_are_all_there_in_order(syslog_ng):
    syslog_ng.pause()
    sender = Sender(syslog_ng.socket, plain(MANY))
    first = sender.child.stdout.readline()
    syslog_ng.resume()
    assert [int(first)] + sender.taken() == list(range(1, MANY + 1))
    wait_until(lambda: len(syslog_ng.lines()) == MANY, f"{MANY} lines")
    assert numbers(syslog_ng) == list(range(1, MANY + 1))
