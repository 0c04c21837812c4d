"""What conf/ has for syslog-ng and for rsyslog makes fields of our lines, whatever a directory says."""

import json
import os
import socket

import pytest
from decoders import raw, read_line, unescape
from hostile_bytes import END_TO_END, hostile_texts
from sections import directory, watch
from sender import Sender
from servers import CUSTOM, Rsyslog, SyslogNg, wait_until

CONF = os.path.join(os.path.abspath(os.environ["SRCDIR"]), "conf")
LOG_PATH = """
@include "{conf}/dndriftd-syslog-ng.conf"
destination d_fields {{ file("{fields}" template("$(format-json --scope none --key .dndrift.*)\\n")); }};
log {{ source(s_socket); filter(f_dndriftd); parser(p_dndriftd); destination(d_fields); }};
"""


class SyslogNgFields(SyslogNg):
    """syslog-ng with our parser."""

    def __init__(self, fields):
        super().__init__(more=LOG_PATH.format(conf=CONF, fields=fields))
        self.fields = fields

    def texts(self):
        return [line.text for line in self.lines()]


class RsyslogFields(Rsyslog):
    """rsyslog with ours; what is unknown is empty there."""

    def __init__(self, _):
        super().__init__(os.path.join(CONF, "dndriftd-rsyslog.conf"))

    def texts(self):
        return read(self.log).splitlines()


def read(file):
    if not os.path.exists(file):
        return ""
    with open(file, encoding="utf-8", errors="surrogateescape") as text:
        return text.read()


@pytest.fixture(params=[SyslogNgFields, RsyslogFields], ids=["syslog-ng", "rsyslog"])
def reader(request, started, tmp_path):
    if request.param is RsyslogFields and not RsyslogFields.is_there():
        pytest.skip("./bootstrap check could not fetch rsyslog, which Debian does not let stand beside syslog-ng")
    return started(request.param(str(tmp_path / "fields"))).start()


def fields(reader):
    """One dict for each message, without what is empty."""
    objects = [json.loads(line or "{}") for line in read(reader.fields).splitlines()]
    flat = [item.get("_dndrift", item) for item in objects]
    return [{name: value for name, value in item.items() if value} for item in flat]


def expected(text):
    word, name, sentence, tags = read_line(text.encode("utf-8", "surrogateescape"))
    return {"word": word, "name": name, "sentence": unescape(sentence),
            **{tag.decode(): unescape(value) for tag, value in tags.items()}}


def compare(reader, count):
    wait_until(lambda: len(fields(reader)) >= count and len(reader.texts()) >= count,
               lambda: f"{count} alerts; there are {len(fields(reader))}")
    texts, found = reader.texts(), fields(reader)
    assert len(texts) == len(found) == count
    for text, own in zip(texts, found):
        back = {name: raw(value) for name, value in own.items()}
        assert back == {name: value for name, value in expected(text).items() if value}, text
    return found


def test_hostile_alerts_become_the_fields_that_they_tell(reader):
    texts = hostile_texts(END_TO_END // 2, "fields")
    alerts = list(zip(texts, reversed(texts)))
    alerts += [(b"x" * 700 + b"\\;'" * 300, b"\\,'" * 340), (b";" * 3000, b"'" * 3000)]
    Sender(reader.socket, alerts).taken()
    compare(reader, len(alerts))
    print(f"{len(alerts)} hostile alerts became fields")


def test_the_alerts_of_a_drift_become_fields(reader, slapd, daemon):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM, consumer="MMS", fix="it's there; go"), syslog=reader)
    daemon.wait_verdict("custom", "match")
    slapd.rename(CUSTOM, r"cn=a\\b\, 'live=\;'")
    daemon.wait_verdict("custom", "renamed")
    drift = wait_until(lambda: [own for own in fields(reader) if own["word"] == "DRIFT"], "the drift")[0]
    assert (drift["name"], drift["verdict"], drift["configured"]) == ("custom", "renamed", CUSTOM)
    assert drift["live"] == daemon.watch("custom")["live"]
    assert drift["fix"] == "it's there; go"
    compare(reader, len(reader.texts()))


def test_what_is_no_alert_of_ours_has_no_fields(reader):
    Sender(reader.socket, [(b"ours", b"cn=ours")]).taken()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        for text in ("<13>other[1]: DRIFT w: not ours; live='x'", "<13>dndriftd[1]: no alert", "<13>dndriftd: "):
            other.sendto(text.encode(), reader.socket)
    Sender(reader.socket, [(b"last", b"cn=last")]).taken()
    wait_until(lambda: "last" in read(reader.fields), "the last one")
    assert [own["sentence"] for own in fields(reader) if own] == ["ours", "last"]
