"""What the daemon writes, back into the bytes that it was given: by the rules of the manual and of the formats, each decoder
by itself. Shares nothing with the daemon."""

import functools
import html.parser
import json
import re

# Whatever a terminal, a log or a browser might act on. In UTF-8 no other character has these bytes in it.
ACTIVE = re.compile(rb"[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]")
ESCAPE = re.compile(rb"((?:\\x[0-9a-f]{2})+)|\\([\\';])")
HEX = re.compile(rb"((?:\\x[0-9a-f]{2})+)")
LEFT_OUT = re.compile(rb"\.\.\.\(\+([1-9][0-9]*)\)\Z")
LINE = re.compile(rb"([A-Z]+) ([@\w.-]+): ([^\\;]*(?:\\.[^\\;]*)*)((?:; .*)?)", re.DOTALL)
TAG = re.compile(rb"(?:; |, )([a-z_]+)='([^\\']*(?:\\.[^\\']*)*)'")
MESSAGE = re.compile(rb"<(\d{1,3})>1 (\S+) (\S+) (\S+) (\S+) (\S+) \[dndrift@(\d+)"
                     rb"((?: [a-z_]+=\"[^\"\\\]]*(?:\\[\"\\\]][^\"\\\]]*)*\")*)\] \xef\xbb\xbf"
                     rb"([A-Z]+) ([@\w.-]+): (.*)", re.DOTALL)
PARAMETER = re.compile(rb" ([a-z_]+)=\"([^\"\\\]]*(?:\\[\"\\\]][^\"\\\]]*)*)\"")
SAMPLE = re.compile(rb"([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(rb"(?:\A|,)([a-z_]+)=\"([^\"\\]*(?:\\[\"\\][^\"\\]*)*)\"")
DN_ESCAPE = re.compile(rb"((?:\\[0-9A-F]{2})+)|\\([\"+,;<>\\ #])")


def check_clean(text):
    """One text of a record: UTF-8, and nothing in it acts."""
    text.decode("utf-8")
    assert not ACTIVE.search(text), f"a byte that acts in {text[:300]!r}"


def octets(match):
    """A run of hex escapes, or the one character behind a backslash."""
    return bytes.fromhex(match[1].translate(None, b"\\x").decode()) if match[1] else match[2]


@functools.lru_cache(256)
def unescape(text):
    r"""Of a syslog line: \\ \' \; \xHH. A backslash that begins none of them is an error."""
    if b"\\" not in text:
        return text
    assert b"\\" not in ESCAPE.sub(b"", text), f"an unknown escape in {text[:300]!r}"
    return ESCAPE.sub(octets, text)


def unclean(text):
    r"""Of everything else: \xHH alone."""
    return HEX.sub(octets, text) if b"\\x" in text else text


def stands_for(text, raw, decode=unescape):
    """Whether a text as it is written is that value, or its beginning and how much is left out."""
    mark = LEFT_OUT.search(text)
    if not mark:
        return decode(text) == raw
    kept = decode(text[:mark.start()])
    return raw.startswith(kept) and len(kept) + int(mark[1]) == len(raw)


def read_line(text):
    """(word, name, sentence, {tag: value}) of the text of a syslog line, with their escapes."""
    check_clean(text)
    match = LINE.fullmatch(text)
    assert match, f"no alert: {text[:300]!r}"
    word, name, sentence, rest = match.groups()
    tags = TAG.findall(rest)
    assert b"".join((b", " if n else b"; ") + tag + b"='" + value + b"'" for n, (tag, value) in enumerate(tags)) == rest
    return word, name, sentence, distinct(tags)


def distinct(pairs):
    assert len(dict(pairs)) == len(pairs), "a name that comes twice"
    return dict(pairs)


def unquote(text):
    r"""Of RFC 5424 and of the metrics: a backslash before what would end the value; \n is never needed."""
    if b"\\" not in text:
        return text
    parts = text.split(b"\\\\")  # what is left holds quotes of other characters
    return b"\\".join(part.replace(b"\\", b"") for part in parts)


def read_message(text):
    """The same of a message of RFC 5424, without the escapes of that."""
    check_clean(text)
    match = MESSAGE.fullmatch(text)
    assert match, f"no message of RFC 5424: {text[:300]!r}"
    assert match[6] == match[9]
    parameters = [(name, unquote(value)) for name, value in PARAMETER.findall(match[8])]
    return match[9], match[10], match[11], distinct(parameters)


def read_json(text):
    """The value, whose texts are clean; nothing else stands there, and no key comes twice."""
    decoded = text.decode("utf-8")
    assert not ACTIVE.search(text.replace(b"\n", b""))
    return json.loads(decoded, object_pairs_hook=distinct)


@functools.lru_cache(256)
def raw(text):
    """The bytes of a text of JSON, of a page, of a variable; None for None."""
    return None if text is None else unclean(text_of(text))


def text_of(text):
    """The same as it is written."""
    text = text.encode("utf-8")
    check_clean(text)
    return text


def read_samples(text):
    """[(name, {label: bytes})] of a page of metrics, in order."""
    found = []
    for line in text.split(b"\n")[:-1]:
        check_clean(line)
        if line.startswith(b"# "):
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        float(value)
        pairs = LABEL.findall(labels or b"")
        assert b",".join(label + b'="' + value + b'"' for label, value in pairs) == (labels or b"")
        found.append((name.decode(), {label.decode(): unclean(unquote(value))
                                      for label, value in distinct(pairs).items()}))
    return found


class Rows(html.parser.HTMLParser):
    """The rows of the one table of a page: [[text of a cell, ..], ..]."""

    TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "p", "table", "tr", "th", "td"}

    def __init__(self, text):
        super().__init__()
        self.rows = []
        self.is_cell = False
        self.feed(text.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        assert tag in self.TAGS and {name for name, _ in attrs} <= {"class", "lang", "charset"}, tag
        self.is_cell = tag in ("td", "th")
        if tag == "tr":
            self.rows.append([])
        if self.is_cell:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert tag in self.TAGS
        self.is_cell = False

    def handle_data(self, data):
        if self.is_cell:
            self.rows[-1][-1] += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


def read_rows(text):
    assert not ACTIVE.search(text.replace(b"\n", b""))
    return Rows(text).rows


def read_dn(text):
    """The value of `cn=VALUE` (RFC 4514)."""
    check_clean(text)
    assert text.startswith(b"cn=") and b"\\" not in DN_ESCAPE.sub(b"", text)
    return DN_ESCAPE.sub(octets, text[3:])
