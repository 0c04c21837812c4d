"""What dndrift-prober makes of answers that no well-behaved server gives: never an absence, never a crash."""

import threading
import time

import pytest

from prober import Listener, Prober, ber, done, entry, message, result, says, scripted, \
    search_reference, shows

BASE = "o=mms"
IDENTITY = "entryUUID:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11"
CONFIGURED = "cn=custom,o=mms"


@pytest.fixture
def prober(started):
    """prober(answers, **settings): one that talks to a server which answers so."""
    def start(*answers, contexts=BASE, **settings):
        listener = started(Listener(scripted(*answers, namingContexts=contexts)))
        asker = started(Prober(listener.uri, **settings)).start()
        asker.until("READY")
        asker.listener = listener
        return asker
    return start


def found(dn=CONFIGURED, **attributes):
    return shows(dn, **attributes)


def nothing(connection, msgid):
    pass


def leaves(connection, msgid):
    connection.peer.close()


CODES = {0: "EMPTY", 32: "UNMATCHED", 34: "SYNTAX", 50: "REFUSED"}
REASONS = {51: "busy", 52: "busy", 3: "limit", 4: "limit", 11: "limit", 10: "referral", 9: "referral", 8: "acl",
           13: "acl", 48: "acl", 2: "protocol"}


def test_no_result_code_but_success_with_an_entry_is_an_entry(prober):
    """And only noSuchObject with a matchedDN is an absence. All codes from 0 to 123."""
    asker = prober(lambda connection, msgid: connection.send(result(msgid, next(codes))))
    codes = iter(range(124))
    for code in range(124):
        seen = asker.ask_one(CONFIGURED)
        assert seen["dn"] == CODES.get(code, "FAILED"), code
        if seen["dn"] == "FAILED":
            assert seen["failure"]["reason"] == REASONS.get(code, "server"), code
            assert seen["failure"]["code"] == code
        assert seen["directory_wide"] == (code in (51, 52)), code


def test_no_result_code_of_an_id_search_but_success_is_gone(prober):
    absent = iter([True, False] * 124)
    codes = iter(range(124))
    asker = prober(lambda connection, msgid: connection.send(
        result(msgid, 32, BASE) if next(absent) else result(msgid, next(codes))))
    for code in range(124):
        seen = asker.ask_one(CONFIGURED, pinned=IDENTITY)
        assert seen["dn"] == "ABSENT"
        expected = {0: "GONE", 11: "REFUSED", 17: "REFUSED", 18: "REFUSED", 32: "REFUSED", 50: "REFUSED",
                    53: "REFUSED"}.get(code, "FAILED")
        assert seen["id"] == expected, code


@pytest.mark.parametrize("answer, reason", [
    (says(found(entryUUID="a"), found(entryUUID="b"), done()), "protocol"),
    (says(found(entryUUID="a"), done(4)), "limit"),
    (says(done(32, matched="o=elsewhere")), "protocol"),
    (says(done(32, matched=CONFIGURED)), "protocol"),
    (says(done(32, matched="cn=below," + CONFIGURED)), "protocol"),
    (says(done(32, matched="no dn")), "protocol"),
    (says(lambda msgid: search_reference(msgid, "ldap://127.0.0.1:1/o=mms"), done()), "referral"),
    (says(found("cn=\0,o=mms"), done()), "protocol"),
    (says(lambda msgid: message(msgid, ber(0x64, b"junk")), done()), "protocol"),
], ids=["two entries", "an entry and sizeLimitExceeded", "matchedDN elsewhere", "matchedDN is the DN",
        "matchedDN below", "matchedDN is no DN", "a search reference", "a NUL in the DN", "a malformed entry"])
def test_an_answer_that_proves_nothing_is_a_failure_of_one_question(prober, answer, reason):
    asker = prober(answer)
    seen = asker.ask_one(CONFIGURED)
    assert seen["dn"] == "FAILED" and seen["failure"]["reason"] == reason
    assert not seen["directory_wide"]
    assert asker.ask_one(CONFIGURED)["dn"] == "FAILED", "it goes on with the next question"


@pytest.mark.parametrize("answer, reason", [
    (leaves, "connect"),
    (lambda connection, msgid: (connection.send(entry(msgid, CONFIGURED, entryUUID="a")), leaves(
        connection, msgid)), "connect"),
    (lambda connection, msgid: connection.send(b"\x30\x84\x7f\xff\xff\xf0"), "limit"),
    (lambda connection, msgid: connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), None),
    (lambda connection, msgid: connection.send(result(0, 52, said="shutting down", tag=0x78)), "busy"),
], ids=["closed", "closed after an entry", "a message of 2 GiB", "not LDAP", "notice of disconnection"])
def test_a_broken_conversation_ends_it_without_an_answer(prober, answer, reason):
    asker = prober(answer, timeout_ms=2000)
    asker.say(f"ask {CONFIGURED}", f"pinned {IDENTITY}", "go")
    failure = asker.failure()["failure"]
    assert failure["phase"] == "search" and failure["text"]
    assert reason is None or failure["reason"] == reason
    assert asker.until("ENDED")["signal"] == 0
    assert not [frame for frame in asker.frames if frame and frame["frame"] == "OBSERVATION"]


def test_a_conversation_cut_at_any_byte_is_no_absence(prober):
    """The answer `does not exist` in full means ABSENT; less than that never does."""
    for n in range(len(result(2, 32, BASE))):
        def cut(connection, msgid, n=n):
            connection.send(result(msgid, 32, BASE)[:n])
            connection.peer.close()
        asker = prober(cut)
        asker.say(f"ask {CONFIGURED}", "go")
        assert asker.failure()["failure"]["reason"] in ("connect", "protocol"), n
        assert not [frame for frame in asker.frames if frame["frame"] == "OBSERVATION"], n
        asker.close()


def test_what_was_answered_before_the_end_counts(prober):
    asker = prober(says(found(entryUUID="a"), done()), leaves)
    asker.say("ask cn=first,o=mms", "ask cn=second,o=mms", "go")
    seen = asker.until("OBSERVATION")
    assert (seen["question"], seen["dn"]) == (1, "ENTRY")
    assert asker.failure()["failure"]["reason"] == "connect"


def test_silence_ends_it(prober):
    asker = prober(nothing, timeout_ms=500)
    asker.say(f"ask {CONFIGURED}", "go")
    assert asker.failure()["failure"]["reason"] == "timeout"


def test_one_search_that_never_ends_costs_one_question(prober):
    """The id search hangs, the server answers everything else."""
    asker = prober(says(done(32, BASE)), nothing, says(done()), says(found(entryUUID="a"), done()), timeout_ms=500)
    seen = asker.ask_one(CONFIGURED, pinned=IDENTITY)
    assert (seen["dn"], seen["id"], seen["failure"]["reason"]) == ("ABSENT", "FAILED", "timeout")
    assert asker.ask_one(CONFIGURED)["dn"] == "ENTRY"


def watch_memory(pid, peaks_kb):
    """Notes the peak of a process until it has ended."""
    while True:
        try:
            with open(f"/proc/{pid}/status", encoding="ascii") as file:
                peak = [int(line.split()[1]) for line in file if line.startswith("VmHWM")]
        except (FileNotFoundError, ProcessLookupError):
            return
        if not peak:
            return  # a zombie has no memory
        peaks_kb += peak
        time.sleep(0.01)


def test_endless_entries_end_somewhere(prober):
    def flood(connection, msgid):
        while True:
            connection.send(entry(msgid, CONFIGURED, entryUUID="a") * 100)

    asker = prober(flood, timeout_ms=2000)
    peaks_kb = []
    watcher = threading.Thread(target=watch_memory, args=(asker.prober_pid, peaks_kb))
    watcher.start()
    asker.say(f"ask {CONFIGURED}", "go")
    frame = asker.next()
    while frame["frame"] not in ("OBSERVATION", "FAILED"):
        frame = asker.next()
    assert frame["failure"]["reason"] in ("limit", "timeout")
    asker.stop()
    watcher.join()
    assert peaks_kb and (peaks_kb[-1] < 64 * 1024 or "asan" in asker.stderr())


def test_a_server_that_talks_on_unasked_is_left(prober):
    """Between two batches, with answers to a search that was given up."""
    def prattle(connection, msgid):
        connection.send(result(msgid, 32, BASE))
        for n in range(100000):
            connection.send(result(0x7000 + n % 0xFFF))

    asker = prober(prattle, timeout_ms=1000)
    asker.say(f"ask {CONFIGURED}", "go")
    while asker.frames[-1]["frame"] != "FAILED":
        asker.next()
    assert asker.frames[-1]["failure"]["reason"] in ("protocol", "connect", "timeout")
    assert all(frame["dn"] == "ABSENT" for frame in asker.frames if frame["frame"] == "OBSERVATION")


def test_another_identity_than_asked_for_is_not_found(prober):
    asker = prober(says(done(32, BASE)), says(found("cn=other,o=mms", entryUUID="other"), done()))
    seen = asker.ask_one(CONFIGURED, pinned=IDENTITY)
    assert (seen["id"], seen["failure"]["reason"]) == ("FAILED", "protocol")


def test_two_entries_with_one_identity_are_not_found(prober):
    value = IDENTITY.partition(":")[2]
    asker = prober(says(done(32, BASE)), says(found("cn=a,o=mms", entryUUID=value), found("cn=b,o=mms", entryUUID=value),
                                             done(4)))
    seen = asker.ask_one(CONFIGURED, pinned=IDENTITY)
    assert (seen["id"], seen["failure"]["reason"]) == ("FAILED", "protocol")


ABSENT, OUTSIDE = says(done(32, BASE)), says(done(32))
EMPTY, REFUSED, BUSY = says(done()), says(done(50)), says(done(51))
FOUND = says(found("cn=moved,o=other", entryUUID=IDENTITY.partition(":")[2]), done())


@pytest.mark.parametrize("dn, answers, id_answer, why", [
    (CONFIGURED, [ABSENT, EMPTY, EMPTY], "GONE", "nowhere"),
    (CONFIGURED, [ABSENT, EMPTY, REFUSED], "GONE", "an entry does not move between databases"),
    (CONFIGURED, [ABSENT, EMPTY, BUSY], "GONE", "the same"),
    (CONFIGURED, [ABSENT, EMPTY, FOUND], "FOUND", "unless somebody moved it by hand"),
    (CONFIGURED, [ABSENT, REFUSED, EMPTY], "REFUSED", "its own database is closed"),
    (CONFIGURED, [ABSENT, BUSY, EMPTY], "FAILED", "its own database does not answer"),
    (CONFIGURED, [ABSENT, REFUSED, FOUND], "FOUND", "found is found"),
    ("o=elsewhere", [OUTSIDE, EMPTY, EMPTY], "GONE", "every naming context has answered"),
    ("o=elsewhere", [OUTSIDE, EMPTY, REFUSED], "REFUSED", "it may be in the closed one"),
    ("o=elsewhere", [OUTSIDE, REFUSED, BUSY], "FAILED", "it may be in either"),
])
def test_which_naming_context_decides_about_gone(prober, dn, answers, id_answer, why):
    seen = prober(*answers, EMPTY, contexts=[BASE, "o=other"]).ask_one(dn, pinned=IDENTITY)
    assert seen["id"] == id_answer, why
    assert (seen["failure"]["reason"] not in (None, "none")) == (id_answer in ("REFUSED", "FAILED"))


def test_why_the_dn_is_hidden_stays_told(prober):
    seen = prober(says(done(50, said="no entry for you")), EMPTY).ask_one(CONFIGURED, pinned=IDENTITY)
    assert (seen["dn"], seen["id"]) == ("REFUSED", "GONE")
    assert "no entry for you" in seen["failure"]["text"]


def test_text_from_the_server_comes_through_raw_but_bounded(prober):
    asker = prober(says(done(53, said="\x1b[31m\n" + "x" * 5000)))
    seen = asker.ask_one(CONFIGURED)
    assert "\\x1b[31m\\x0a" in seen["failure"]["text"]
    assert 1000 < len(seen["failure"]["text"]) < 1100


def test_a_name_too_long_for_a_frame_is_a_limit(prober):
    asker = prober(says(found("cn=" + "x" * 9000 + ",o=mms", entryUUID="a"), done()))
    seen = asker.ask_one(CONFIGURED)
    assert (seen["dn"], seen["failure"]["reason"]) == ("FAILED", "limit")


def test_siblings_are_proven_by_one_of_them(prober):
    """Three entries of one parent are read by their DNs, one is looked up, and of the path the top is read once."""
    dns = [f"cn={name},{BASE}" for name in ("a", "b", "c")]
    asker = prober(*(says(found(dn, entryUUID=IDENTITY.partition(":")[2]), done()) for dn in (*dns, dns[0], BASE)))
    seen = asker.ask(*(line for dn in dns for line in (f"ask {dn}", "path")))
    assert [(one["id"], one["pinned_dn"]) for one in seen] == [("FOUND", dn) for dn in dns]
    searches = [frame["question"] for frame in asker.frames if frame.get("phase") == "search"]
    assert searches == [None, 1, 1], "the batch as a whole, then what its first question takes"
