"""Bytes that no directory should hold, as what it says, through every outlet and page: exactly one record each, and back
again by a decoder that shares nothing with the daemon."""

import concurrent.futures
import itertools

from decoders import (check_clean, raw, read_dn, read_json, read_line, read_message, read_rows, read_samples, stands_for,
                      text_of, unclean)
from hostile_bytes import COUNT, SEED, hostile_bytes
from printing import N_TEXTS, print_all

PER_BATCH, PER_RUN = 100, 20  # cases, batches
PER_WORK = N_TEXTS * PER_BATCH * PER_RUN
TAGS = ("watch", "verdict", "configured", "live", "first_missing", "identity", "directory", "server", "since", "alert", "fix")
# Which text of a case a field of a watch has: that of its place here.
FIELDS = ("directory", "consumer", "configured", "live", "sentence", "fix", "remedy", "identity", "first_missing",
          "pinned_live", "certainty", "server", "vintage", "pinned_dn", "parent_identity", "silenced", "reason", "alert")
ID = b"ab12cd34-1"
MAX_LINE, MAX_VALUE, MAX_MESSAGE, MAX_DATAGRAM, MAX_ANNOTATION = 8128, 1024, 8192, 2048, 4096


class Case:
    """One of a batch: its texts, each with a NUL only inside a DN, and what was printed of it."""

    def __init__(self, place, texts, printed):
        self.place, self.printed, self.name = place, printed, f"watch-{place}"
        self.texts = [printed[f"dn{n}"] if b"\0" in text else text for n, text in enumerate(texts)]
        for n, text in enumerate(texts):
            assert read_dn(printed[f"dn{n}"]) == text

    def text(self, field):
        return self.texts[(field + self.place) % N_TEXTS]

    def tags(self):
        """What is empty is absent."""
        found = {tag: ID if tag == "alert" else self.text(n) for n, tag in enumerate(TAGS)}
        return {tag: value for tag, value in found.items() if value}

    def field(self, name):
        return self.text(FIELDS.index(name))


def check_read(read, case):
    """A syslog line or message that was taken apart."""
    word, name, sentence, tags = read
    assert (word, name) == (b"DRIFT", case.name.encode())
    assert stands_for(sentence, case.text(0)), (sentence, case.text(0))
    expected = case.tags()
    assert [tag.decode() for tag in tags] == list(expected)
    for tag, value in tags.items():
        assert stands_for(value, expected[tag.decode()]), (tag, value, expected[tag.decode()])
    return [sentence, *tags.values()]


def check_logs(case):
    line = case.printed["line"]
    assert line == case.printed["plain"] and len(line) <= MAX_LINE
    texts = check_read(read_line(line), case)
    assert all(len(text) <= MAX_VALUE for text in texts)
    for kind, most in (("message", MAX_MESSAGE), ("datagram", MAX_DATAGRAM)):
        assert len(case.printed[kind]) <= most
        check_read(read_message(case.printed[kind]), case)


def check_event(case):
    text = case.printed["event"]
    assert text.endswith(b"}\n") and text.count(b"\n") == 1
    event = read_json(text)
    found = {key: raw(value) for key, value in event.items()}
    expected = {"word": b"DRIFT", "name": case.name.encode(), "severity": b"err", "time": found["time"],
                "sentence": case.text(0), **case.tags()}
    assert found == expected
    variables = case.printed["environment"].split(b"\n")
    assert variables == [f"DNDRIFT_{key.upper()}={value}".encode() for key, value in event.items()]


def check_firing(case):
    firing = read_json(case.printed["firing"])
    found = {**firing["labels"], **firing["annotations"]}
    assert all(len(text.encode()) <= MAX_ANNOTATION for text in found.values())
    expected = {**case.tags(), "description": case.text(0), "cause": case.text(1)}
    assert set(found) == {key for key, value in expected.items() if value} | {"alertname", "severity", "summary", "age"}
    assert all(stands_for(text_of(found[key]), value, unclean) for key, value in expected.items() if value)


def check_changed(changed, case):
    assert (raw(changed["by"]), raw(changed["origin"])) == (case.text(0), case.text(1))


def check_watch(watch, case):
    for n, field in enumerate(FIELDS):
        value = watch[field]["text"] if field == "reason" else watch[field]
        assert raw(value) == case.text(n), field
    check_changed(watch["changed"], case)
    assert case.place % 2 or watch["live_in_configured_form"] == watch["live"]


def check_health(health, case):
    assert raw(health["output"]) == case.field("sentence")
    [check] = health["checks"][f"{case.name}:verdict"]
    assert raw(check["output"]) == case.field("sentence")


def check_terminal(case):
    first, second, last = case.printed["table"].split(b"\n")
    assert last == b"" and first.startswith(b"live  ") and second.startswith(b"      ")
    assert unclean(first[6:]) == (case.field("live") or b"-") and unclean(second[6:]) == case.field("sentence")
    said, plugin, more, last = case.printed["said"].split(b"\n")
    assert last == b"" and plugin.startswith(b"DNDRIFT CRITICAL - ") and plugin.endswith(b" | time=1s")
    assert b"|" not in more and plugin.count(b"|") == 1
    for line in (said, plugin[len(b"DNDRIFT CRITICAL - "):-len(b" | time=1s")], more):
        check_clean(line)
        assert unclean(line) == case.text(0)


def check_one(case):
    check_logs(case)
    check_event(case)
    check_firing(case)
    check_watch(read_json(case.printed["watch"]), case)
    check_health(read_json(case.printed["health"]), case)
    check_terminal(case)


def check_metrics(text, cases):
    samples = read_samples(text)
    infos = [labels for name, labels in samples if name == "dndrift_watch_info"]
    assert infos == [{"watch": case.name.encode(), "directory": case.field("directory"),
                      "configured_dn": case.field("configured"), "consumer": case.field("consumer")} for case in cases]
    assert [labels["server"] for name, labels in samples if name == "dndrift_directory_up"] == cases[0].texts
    assert len([name for name, _ in samples if name == "dndrift_watch_drift"]) == len(cases)
    return samples


def check_page(text, cases):
    rows = read_rows(text)
    assert len(rows) == 1 + len(cases)
    for row, case in zip(rows[1:], cases):
        assert row[:3] == ["fail", case.name, "renamed, silenced"] and row[-1].endswith("\n")
        shown = [raw(cell) for cell in (*row[-3:-1], row[-1][:-1])]
        assert shown == [case.field("configured"), case.field("live"), case.field("sentence")]


def check_history(entry, case):
    assert raw(entry["sentence"]) == case.text(0)
    assert {tag: raw(entry.get(tag)) for tag in TAGS if tag in entry} == case.tags()
    check_changed(entry["changed"], case)


def check_pages(pages, cases):
    watches, history = read_json(pages["watches"])["watches"], read_json(pages["history"])["history"]
    health = read_json(pages["health"])["checks"]
    assert len(watches) == len(history) == len(cases)
    assert sum(key.endswith(":verdict") for key in health) == len(cases)
    for watch, entry, case in zip(watches, history, cases):
        check_watch(watch, case)
        check_history(entry, case)
        [check] = health[f"{case.name}:verdict"]
        assert raw(check["output"]) == case.field("sentence")
    plain, openmetrics = (check_metrics(pages[kind], cases) for kind in ("metrics", "openmetrics"))
    assert [sample for sample in plain if not sample[0].startswith("process_")] == [
        sample for sample in openmetrics if not sample[0].startswith("process_")]
    check_page(pages["page"], cases)


def groups(iterable, size):
    iterator = iter(iterable)
    while group := list(itertools.islice(iterator, size)):
        yield group


def check_run(place, count):
    """So many byte strings; answers how many bytes they are."""
    texts = list(hostile_bytes(count, place))
    batches = list(groups(groups(texts, N_TEXTS), PER_BATCH))
    for batch, (printed, pages) in zip(batches, print_all(batches)):
        cases = [Case(place, *pair) for place, pair in enumerate(zip(batch, printed))]
        for case in cases:
            check_one(case)
        check_pages(pages, cases)
    return sum(len(text) for text in texts)


def test_every_printer_says_every_byte_string_so_that_it_comes_back():
    sizes = [PER_WORK] * (COUNT // PER_WORK) + [-(-(COUNT % PER_WORK) // N_TEXTS) * N_TEXTS]
    with concurrent.futures.ProcessPoolExecutor() as pool:
        n_bytes = sum(pool.map(check_run, range(len(sizes)), sizes))
    print(f"seed {SEED}: {sum(sizes)} byte strings, {n_bytes} bytes, came back from every outlet and page")
