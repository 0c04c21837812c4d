"""The text of a syslog line back into the alert it tells, by the rules of dndriftd(8). Shares nothing with the daemon."""

import collections
import re

from servers import wait_until

LINE = re.compile(r"([A-Z]+) ([@\w.-]+): ((?:[^\\;]|\\.)*)((?:; .*)?)", re.DOTALL)
TAG = re.compile(r"(?:; |, )([a-z_]+)='((?:[^\\']|\\.)*)'")
ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|([\\';]))")
ORDER = ("watch", "verdict", "configured", "live", "first_missing", "identity", "directory", "server", "since", "alert",
         "fix")

Alert = collections.namedtuple("Alert", "word name sentence tags")


def unescape(text):
    assert "\\" not in ESCAPE.sub("", text), f"an unknown escape in {text!r}"
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)


def split(text):
    """`WORD NAME: sentence; tag='value', ...` as an Alert with all escapes; anything else is an AssertionError."""
    match = LINE.fullmatch(text)
    assert match, f"no alert: {text!r}"
    word, name, sentence, rest = match.groups()
    tags = TAG.findall(rest)
    assert "".join(f"{', ' if n else '; '}{tag}='{value}'" for n, (tag, value) in enumerate(tags)) == rest, rest
    assert [tag for tag, _ in tags] == [tag for tag in ORDER if tag in dict(tags)], f"order of the tags: {text}"
    return Alert(word, name, sentence, dict(tags))


def parse(text):
    """... without the escapes."""
    word, name, sentence, tags = split(text)
    return Alert(word, name, unescape(sentence), {tag: unescape(value) for tag, value in tags.items()})


def alerts(syslog_ng, word=None, name=None):
    """What arrived, oldest first: all, or of that word, or about that name. What was told just before a kill may come once
    more, which test_kill9 and test_storm count: here it is the same alert."""
    parsed = map(parse, dict.fromkeys(line.text for line in syslog_ng.lines()))
    return [alert for alert in parsed if word in (None, alert.word) and name in (None, alert.name)]


def wait_alert(syslog_ng, word, name, count=1, timeout_s=60):
    """The count-th alert of that word about that name."""
    def found():
        there = alerts(syslog_ng, word, name)
        return there[count - 1] if len(there) >= count else None
    return wait_until(found, lambda: f"{word} {name}, number {count}; there is:\n{syslog_ng.raw()}", timeout_s)


def severity(syslog_ng, word, name):
    """As syslog-ng took it from the header of the last such alert."""
    return [line.severity for line in syslog_ng.lines() if line.text.startswith(f"{word} {name}: ")][-1]
