"""What dndrift-prober makes of details that no well-behaved server tells: unknown is what is not told, and one odd value
never costs the observation it came with. The server plays Active Directory, 389 Directory Server or OpenLDAP."""

import re
import struct
import uuid

import pytest

from prober import Listener, Prober, ber, done, entry, result, says, scripted, search_reference, shows

BASE = "DC=ex,DC=test"
CONFIGURED = "CN=custom," + BASE
GUID = uuid.UUID("310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11")
OTHER = uuid.UUID("310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b12")
IDENTITY = f"objectGUID:{GUID}"
UNIQUE = "nsUniqueId:074a7418-e76c11f1-9c599d8d-89d87899"
PAGED, SHOW_DELETED = "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.417"
ROOTS = {
    "AD": {"namingContexts": BASE, "supportedCapabilities": ["1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670"],
           "supportedControl": [PAGED, SHOW_DELETED], "configurationNamingContext": "CN=Configuration," + BASE,
           "dsServiceName": "CN=NTDS Settings,CN=DC1", "highestCommittedUSN": "4711"},
    "AD LDS": {"namingContexts": BASE, "supportedCapabilities": "1.2.840.113556.1.4.1851"},
    "389": {"namingContexts": BASE, "vendorName": "389 Project", "supportedControl": PAGED},
    "OpenLDAP": {"namingContexts": BASE, "objectClass": ["top", "OpenLDAProotDSE"]},
}
ABSENT, NOTHING = says(done(32, BASE)), says(done(32))
NAME, IS_DELETED = 0x00090001, 0x00020030
WALL_S = 1795615629  # 2026-11-25 14:07:09 UTC
INVOCATION = uuid.UUID("8d1c4aab-ae06-4ceb-a20a-17796b21f86a")
DSA = "CN=NTDS Settings,CN=DC2,CN=Servers,CN=Site,CN=Sites,CN=Configuration," + BASE


@pytest.fixture
def prober(started):
    """prober(kind, answers...): one that talks to a server of that kind which answers so."""
    def start(kind, *answers, root=(), **settings):
        asker = started(Prober(started(Listener(scripted(*answers, **{**ROOTS[kind], **dict(root)}))).uri, **settings))
        asker.start().until("READY")
        return asker
    return start


def answer(dn=CONFIGURED, guid=GUID, **attributes):
    """One entry, and success."""
    return says(shows(dn, objectGUID=guid.bytes_le if isinstance(guid, uuid.UUID) else guid, **attributes), done())


def metadata(attribute=NAME, seconds=WALL_S + 11644473600):
    """replPropertyMetaData that tells of one attribute."""
    return struct.pack("<IIII", 1, 0, 1, 0) + struct.pack("<IIQ", attribute, 1, seconds) + INVOCATION.bytes_le + \
        struct.pack("<QQ", 1, 2)


def xml(attribute="name", time="2026-11-25T14:07:09Z", dsa=DSA):
    return (f"<DS_REPL_ATTR_META_DATA><pszAttributeName>{attribute}</pszAttributeName>"
            f"<ftimeLastOriginatingChange>{time}</ftimeLastOriginatingChange>"
            f"<pszLastOriginatingDsaDN>{dsa}</pszLastOriginatingDsaDN></DS_REPL_ATTR_META_DATA>\n\0")


# --- identities of 16 octets

@pytest.mark.parametrize("kind", ["AD", "AD LDS"])
def test_a_guid_is_written_dashed(prober, kind):
    assert prober(kind, answer()).ask_one(CONFIGURED)["found_identity"] == IDENTITY


@pytest.mark.parametrize("value", [b"", GUID.bytes_le[:15], GUID.bytes_le + b"\0", str(GUID).encode(), b"\0" * 4096])
def test_what_is_no_guid_is_no_identity(prober, value):
    seen = prober("AD", answer(guid=value)).ask_one(CONFIGURED)
    assert (seen["dn"], seen["found_identity"]) == ("BARE", None)


def test_no_result_code_of_a_search_by_guid_but_no_such_object_is_gone(prober):
    def play(connection, msgid):
        n = next(steps)
        connection.send(result(msgid, 32, BASE) if n % 3 == 0 else result(msgid, n // 3) if n % 3 == 1 else result(
            msgid, 32))  # the tombstone

    steps = iter(range(10000))
    asker = prober("AD", play)
    for code in range(124):
        seen = asker.ask_one(CONFIGURED, pinned=IDENTITY)
        assert seen["dn"] == "ABSENT"
        expected = {0: "REFUSED", 11: "REFUSED", 17: "REFUSED", 18: "REFUSED", 32: "GONE", 50: "REFUSED",
                    53: "REFUSED"}.get(code, "FAILED")
        assert seen["id"] == expected, code
        assert (seen["failure"]["reason"] not in (None, "none")) == (expected != "GONE"), code
        if expected != "GONE":
            next(steps)  # nobody asks for a tombstone


@pytest.mark.parametrize("reply, id_answer, reason", [
    (answer(guid=OTHER), "FAILED", "protocol"),
    (says(shows("CN=a,DC=ex"), shows("CN=b,DC=ex"), done()), "FAILED", "protocol"),
    (says(lambda msgid: search_reference(msgid, "ldap://other/DC=other"), done()), "FAILED", "referral"),
    (says(done(10)), "FAILED", "referral"),
    (says(done(1, said="000004DC: LdapErr: a successful bind must be completed")), "FAILED", "server"),
], ids=["another GUID", "two entries", "a search reference", "a referral", "no bind"])
def test_an_answer_by_guid_that_proves_nothing_is_a_failure(prober, reply, id_answer, reason):
    seen = prober("AD", ABSENT, reply, NOTHING).ask_one(CONFIGURED, pinned=IDENTITY)
    assert (seen["dn"], seen["id"], seen["failure"]["reason"]) == ("ABSENT", id_answer, reason)
    assert seen["tombstone"]["dn"] is None


def test_active_directory_that_calls_the_dn_itself_the_best_match_is_not_believed(prober):
    seen = prober("AD", says(done(32, CONFIGURED))).ask_one(CONFIGURED)
    assert (seen["dn"], seen["failure"]["reason"]) == ("FAILED", "protocol")


# --- where no matchedDN is given: Samba

SAMBA = {"vendorName": "Samba Team (https://www.samba.org)"}
DEEP = "CN=a,CN=b,CN=c," + BASE


@pytest.mark.parametrize("answers, dn_answer, matched_dn, why", [
    ([NOTHING, NOTHING, NOTHING, says(shows(BASE), done())], "ABSENT", BASE, "the naming context answers"),
    ([NOTHING, says(shows("cn=B,cn=c," + BASE), done())], "ABSENT", "cn=B,cn=c," + BASE, "as the directory spells it"),
    ([NOTHING, says(shows("CN=else," + BASE), done())], "ABSENT", "CN=b,CN=c," + BASE, "and never as another entry"),
    ([NOTHING, NOTHING, NOTHING, NOTHING], "UNMATCHED", None, "nothing answers"),
    ([NOTHING, says(done()), says(done(50)), NOTHING], "UNMATCHED", None, "what is hidden answers not"),
    ([NOTHING, says(done(51))], "FAILED", None, "a busy server proves nothing"),
    ([NOTHING, says(done(1))], "FAILED", None, "nor does one that failed"),
    ([says(done(32, "CN=c," + BASE))], "ABSENT", "CN=c," + BASE, "if it is given after all, it counts"),
])
def test_the_deepest_ancestor_that_answers_is_the_matched_one(prober, answers, dn_answer, matched_dn, why):
    seen = prober("AD", *answers, NOTHING, root=SAMBA).ask_one(DEEP)
    assert (seen["dn"], seen["matched_dn"]) == (dn_answer, matched_dn), why
    assert (seen["failure"]["reason"] in (None, "none")) == (dn_answer == "ABSENT")


def test_an_ancestor_that_comes_to_no_end_costs_one_question(prober):
    asker = prober("AD", NOTHING, lambda connection, msgid: None, says(done()), answer(), root=SAMBA, timeout_ms=500)
    seen = asker.ask_one(DEEP)
    assert (seen["dn"], seen["failure"]["reason"]) == ("FAILED", "timeout")
    assert asker.ask_one(CONFIGURED)["dn"] == "ENTRY"


# --- tombstones

def tombstone(dn="CN=custom\\0ADEL:x,CN=Deleted Objects," + BASE, guid=GUID, isDeleted="TRUE", **attributes):
    return answer(dn, guid, isDeleted=isDeleted, **attributes)


@pytest.mark.parametrize("reply", [
    NOTHING, says(done()), says(done(12)), says(done(50)), says(done(51)), tombstone(guid=OTHER),
    tombstone(isDeleted="FALSE"), answer(), says(shows("CN=x,DC=y", isDeleted="TRUE"), done()),
    says(shows("CN=a,DC=x", isDeleted="TRUE"), shows("CN=b,DC=x", isDeleted="TRUE"), done()),
    says(shows("CN=x\0,DC=y", isDeleted="TRUE"), done()), tombstone("CN=" + "x" * 9000),
], ids=["none", "empty", "no such control", "no right", "busy", "another GUID", "not deleted", "says nothing",
        "no GUID", "two", "a NUL", "too long"])
def test_no_tombstone_is_no_news(prober, reply):
    seen = prober("AD", ABSENT, NOTHING, reply).ask_one(CONFIGURED, pinned=IDENTITY)
    assert (seen["dn"], seen["id"], seen["tombstone"]["dn"]) == ("ABSENT", "GONE", None)
    assert seen["failure"]["reason"] in (None, "none")


@pytest.mark.parametrize("attributes, wall_s", [
    ({"whenChanged": "20261125140709.0Z"}, WALL_S),
    ({"whenChanged": "20261125140709.0Z", "replPropertyMetaData": metadata(NAME)}, WALL_S),
    ({"whenChanged": "20010101000000.0Z", "replPropertyMetaData": metadata(IS_DELETED)}, WALL_S),
    ({"whenChanged": "20010101000000.0Z", "msDS-ReplAttributeMetaData": [xml(time="2001-01-01T00:00:00Z"),
                                                                         xml("isDeleted")]}, WALL_S),
    ({"whenChanged": "yesterday"}, 0), ({}, 0),
])
def test_the_time_of_a_tombstone_is_when_it_was_deleted(prober, attributes, wall_s):
    reply = tombstone(lastKnownParent="OU=old," + BASE, **attributes)
    seen = prober("AD", ABSENT, NOTHING, reply, says(done(50))).ask_one(CONFIGURED, pinned=IDENTITY)
    assert seen["tombstone"]["last_parent"] == "OU=old," + BASE
    assert seen["tombstone"]["stamp"]["wall_ms"] == wall_s * 1000


def test_without_the_control_nobody_asks_for_tombstones(prober):
    asker = prober("AD", ABSENT, NOTHING, tombstone(), root={"supportedControl": PAGED})
    assert asker.ask_one(CONFIGURED, pinned=IDENTITY)["tombstone"]["dn"] is None
    assert sum(frame.get("phase") == "search" and frame["question"] == 1 for frame in asker.frames) == 1


@pytest.mark.parametrize("csn, wall_s", [("6b06ed41000200070000", 0x6b06ed41), ("6b06ed4100020007000", 0), ("", 0),
                                         ("6b06ed41-00200070000", 0), ("ffffffff000000000000", 0xffffffff)])
@pytest.mark.parametrize("last_dn, last_parent", [(CONFIGURED, BASE), ("no dn", None), ("", None)])
def test_a_tombstone_of_389_tells_what_it_was_called(prober, csn, wall_s, last_dn, last_parent):
    reply = says(shows("nsuniqueid=x,cn=custom," + BASE, nscpEntryDN=last_dn, nsTombstoneCSN=csn), done())
    seen = prober("389", ABSENT, says(done()), reply).ask_one(CONFIGURED, pinned=UNIQUE)
    assert (seen["id"], seen["tombstone"]["dn"]) == ("GONE", "nsuniqueid=x,cn=custom," + BASE)
    assert seen["tombstone"]["last_parent"] == last_parent
    assert seen["tombstone"]["stamp"]["wall_ms"] == wall_s * 1000


# --- stamps

ORIGIN = says(shows(DSA), done())


@pytest.mark.parametrize("attributes, then, wall_s, origin", [
    ({"msDS-ReplAttributeMetaData": [xml("ou"), xml()]}, NOTHING, WALL_S, "DC2"),
    ({"msDS-ReplAttributeMetaData": xml(), "replPropertyMetaData": metadata(seconds=1)}, NOTHING, WALL_S, "DC2"),
    ({"msDS-ReplAttributeMetaData": xml("ou"), "replPropertyMetaData": metadata()}, ORIGIN, WALL_S, "DC2"),
    ({"msDS-ReplAttributeMetaData": xml(dsa="")}, NOTHING, WALL_S, None),
    ({"msDS-ReplAttributeMetaData": xml(dsa="no dn")}, NOTHING, WALL_S, "no dn"),
    ({"msDS-ReplAttributeMetaData": xml(dsa="CN=a,CN=" + "x" * 5000 + ",DC=y")}, NOTHING, WALL_S, None),
    ({"replPropertyMetaData": metadata()}, ORIGIN, WALL_S, "DC2"),
    ({"replPropertyMetaData": metadata()}, says(done()), WALL_S, None),
    ({"replPropertyMetaData": metadata()}, says(done(50)), WALL_S, None),
    ({"replPropertyMetaData": metadata()}, says(shows(DSA), shows("CN=NTDS Settings,CN=DC3,CN=x"), done()), WALL_S,
     None),
    ({"replPropertyMetaData": metadata()}, says(shows(DSA), done(4)), WALL_S, None),
    ({"replPropertyMetaData": metadata(IS_DELETED)}, NOTHING, 0, None),
    ({"replPropertyMetaData": metadata()[:-1]}, NOTHING, 0, None),
    ({"replPropertyMetaData": b"\xff" * 4096}, NOTHING, 0, None),
    ({"replPropertyMetaData": b""}, NOTHING, 0, None),
    ({"msDS-ReplAttributeMetaData": [xml() + "junk", b"\xff\0\xff", ""]}, NOTHING, 0, None),
    ({"whenChanged": "20261125140709.0Z", "modifyTimestamp": "20261125140709.0Z"}, NOTHING, 0, None),
    ({}, NOTHING, 0, None),
])
def test_a_stamp_of_active_directory_is_that_of_the_name_or_unknown(prober, attributes, then, wall_s, origin):
    seen = prober("AD", answer(**attributes), then).ask_one(CONFIGURED, details=True)
    assert seen["dn"] == "ENTRY"
    assert seen["stamp"] == {"wall_ms": wall_s * 1000, "by": None, "origin": origin}
    assert seen["failure"]["reason"] in (None, "none")


def test_a_server_is_looked_up_once_by_its_invocation_id(prober):
    asker = prober("AD", *[answer(replPropertyMetaData=metadata())] * 5, ORIGIN)
    seen = asker.ask(*(line for _ in range(5) for line in (f"ask {CONFIGURED}", "details")))
    assert [one["stamp"]["origin"] for one in seen] == ["DC2"] * 5
    assert sum(frame.get("phase") == "search" and frame["question"] is not None for frame in asker.frames) == 1


@pytest.mark.parametrize("attributes, wall_s, by", [
    ({"modifyTimestamp": "20261125140709Z", "modifiersName": "cn=a"}, WALL_S, "cn=a"),
    ({"modifyTimestamp": "20261125140709Z\0", "modifiersName": "cn=a\0"}, 0, None),
    ({"modifyTimestamp": "soon", "modifiersName": ""}, 0, None),
    ({"modifyTimestamp": ["no time", "20261125140709Z"], "modifiersName": "x" * 9000}, 0, None),
    ({"modifiersName": "\x1b[2J\n"}, 0, "\\x1b[2J\\x0a"),
])
def test_an_odd_stamp_costs_nothing_but_itself(prober, attributes, wall_s, by):
    seen = prober("OpenLDAP", ABSENT, says(shows(CONFIGURED, entryUUID="a", **attributes), done())).ask_one(
        CONFIGURED, details=True)  # the first search is for contextCSN
    assert (seen["dn"], seen["stamp"]["wall_ms"], seen["stamp"]["by"]) == ("ENTRY", wall_s * 1000, by)


# --- how new the data is

CSN = "20261125141321.000001Z#000000#001#000000"


@pytest.mark.parametrize("values, vintage", [
    (CSN, "contextCSN:" + CSN), ([], None), ("", None), (CSN + " x", None), ([CSN, "a b"], None), (CSN + "\0", None),
    ([f"2026112514{n:04}.000001Z#000000#001#000000" for n in range(200)], None), ("0" * 9000, None),
    (["b", "a"], "contextCSN:a b"),
])
def test_an_odd_vintage_is_none(prober, values, vintage):
    asker = prober("OpenLDAP", says(shows(BASE, contextCSN=values), done()), says(shows(CONFIGURED, entryUUID="a"), done()))
    seen = asker.ask_one(CONFIGURED)
    assert (seen["dn"], seen["vintage"]) == ("ENTRY", vintage)


@pytest.mark.parametrize("reply", [NOTHING, says(done()), says(done(51)), says(shows("junk", contextCSN=CSN), done(4))])
def test_a_vintage_that_is_not_told_is_none(prober, reply):
    seen = prober("OpenLDAP", reply, says(shows(CONFIGURED, entryUUID="a"), done())).ask_one(CONFIGURED)
    assert (seen["dn"], seen["vintage"]) == ("ENTRY", None)


@pytest.mark.parametrize("usn, service, vintage", [
    ("4711", "CN=DC1", "highestCommittedUSN:4711@CN=DC1"), ("", "CN=DC1", None), ("-1", "CN=DC1", None),
    ("0x10", "CN=DC1", None), ("4711 ", "CN=DC1", None), ("1" * 20, "CN=DC1", None), ("4711", "", None),
    ("4711", "x" * 9000, None), ([], "CN=DC1", None), ("4711", [], None), ("47\0" + "11", "CN=DC1", None),
])
def test_an_odd_usn_is_no_vintage(prober, usn, service, vintage):
    root = {"highestCommittedUSN": usn, "dsServiceName": service}
    seen = prober("AD", answer(), root=root).ask_one(CONFIGURED)
    assert (seen["dn"], seen["vintage"]) == ("ENTRY", vintage)


# --- object class

def test_more_classes_than_can_be_told_are_told_in_part(prober):
    classes = [f"{n}-" + "x" * 200 for n in range(100)]
    seen = prober("AD", answer(objectClass=classes), says(done())).ask_one(CONFIGURED, object_class="container")
    assert seen["object_class"] == "OTHER"
    assert seen["object_classes"].split() == classes[:len(seen["object_classes"].split())]
    assert 3000 < len(seen["object_classes"]) < 4096


@pytest.mark.parametrize("reply, answered", [
    (says(shows(CONFIGURED), done()), "FITS"), (says(done()), "OTHER"), (says(done(50)), "FAILED"),
    (says(done(51)), "FAILED"), (says(done(32)), "FAILED"), (says(shows("CN=x\0,DC=y"), done()), "FAILED")])
def test_only_a_complete_answer_says_that_a_class_is_another(prober, reply, answered):
    seen = prober("AD", answer(objectClass="top"), reply).ask_one(CONFIGURED, object_class="container")
    assert (seen["dn"], seen["object_class"]) == ("ENTRY", answered)
    assert (seen["failure"]["reason"] not in (None, "none")) == (answered == "FAILED")


# --- counts

def container(**attributes):
    return answer(**attributes)


def some(n, code=0, cookie=None):
    """n entries and the end: a page, if there is a cookie."""
    controls = () if cookie is None else ((PAGED, ber(0x30, ber(0x02, b"\0"), ber(0x04, cookie))),)
    return says(*(shows(f"CN=c{i},{CONFIGURED}") for i in range(n)), done(code, controls=controls))


def counted(asker, **wanted):
    return asker.ask_one(CONFIGURED, entry_filter="(cn=*)", **wanted)


FIRST = some(2, 4)  # sizeLimitExceeded: the server has more


@pytest.mark.parametrize("pages, count, why", [
    ([some(2, cookie=b"a"), some(2, cookie=b"b"), some(1, cookie=b"")], ["COMPLETE", 5], "the pages come to an end"),
    ([some(2, cookie=b"a"), some(1)], ["COMPLETE", 3], "no control is the end as well"),
    ([some(0, cookie=b"a"), some(0, cookie=b"a"), some(3, cookie=b"")], ["COMPLETE", 3], "an empty page is no end"),
    ([some(2, cookie=b"a"), some(2, 11)], ["AT_LEAST", 4], "refused amid the pages"),
    ([says(done(12))], ["AT_LEAST", 2], "no pages after all"),
    ([some(2, cookie=b"a"), some(30, cookie=b"b")], ["AT_LEAST", 10], "a page that is too large is cut"),
    ([some(0, cookie=b"a")], ["AT_LEAST", 2], "pages with nothing on them for ever"),
    ([says(lambda msgid: result(msgid, controls=((PAGED, b"\xff\xff"),)))], ["AT_LEAST", 2], "a malformed control"),
    ([some(2, cookie=b"\0" * 70000), some(1, cookie=b"")], ["COMPLETE", 3], "a long cookie"),
])
def test_pages_are_counted_as_far_as_they_are_good(prober, pages, count, why):
    asker = prober("AD", container(), some(1), FIRST, *pages, *[pages[-1]] * 40, NOTHING)
    seen = counted(asker, entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 1], count), why
    assert (seen["failure"]["reason"] == "limit") == (count[0] == "AT_LEAST" and count[1] < 10)


@pytest.mark.parametrize("children, entries, matching", [
    ("2", ["COMPLETE", 2], ["COMPLETE", 0]), ("0", ["COMPLETE", 0], ["COMPLETE", 0]),
    ("-1", ["COMPLETE", 2], ["COMPLETE", 0]), ("99999999999999999999", ["COMPLETE", 2], ["COMPLETE", 0]),
    ("2 entries", ["COMPLETE", 2], ["COMPLETE", 0]), ("", ["COMPLETE", 2], ["COMPLETE", 0]),
    ("5", ["COMPLETE", 5], ["AT_LEAST", 0]),
])
def test_an_odd_number_of_entries_is_not_believed(prober, children, entries, matching):
    first = says(shows(CONFIGURED, nsUniqueId="a", numSubordinates=children), done())
    steps = [first] + ([some(0)] if children == "0" else [some(2), some(0)])
    seen = counted(prober("389", *steps), entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (entries, matching)


@pytest.mark.parametrize("estimate, matching", [("7", ["HIDDEN", 0]), ("0", ["COMPLETE", 0]), ([], ["COMPLETE", 0])])
def test_an_estimate_tells_hidden_entries_and_counts_none(prober, estimate, matching):
    first = container(**{"msDS-Approx-Immed-Subordinates": estimate})
    seen = counted(prober("AD", first, some(0)), entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (matching, matching)
    seen = counted(prober("AD", first, some(3), some(1)), entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 3], ["COMPLETE", 1])


@pytest.mark.parametrize("reply, reason", [
    (says(done(2, said="a filter it does not like")), "protocol"), (says(done(50)), "acl"), (says(done(51)), "busy"),
    (some(3, 3), "limit"), (some(3, 11), "limit"), (says(done(32)), "server"), (says(done(10)), "referral"),
    (says(shows("CN=x\0,DC=y"), done()), "protocol"), (lambda connection, msgid: None, "timeout"),
], ids=["protocolError", "no right", "busy", "timeLimitExceeded", "adminLimitExceeded", "gone", "a referral",
        "a malformed entry", "silence"])
def test_a_count_without_a_good_end_is_none(prober, reply, reason):
    asker = prober("AD", container(), some(1), reply, says(done()), timeout_ms=1000)
    seen = counted(asker, entry_limit=10)
    assert (seen["dn"], seen["entries"], seen["matching"]) == ("ENTRY", ["COMPLETE", 1], ["FAILED", 0])
    assert seen["failure"]["reason"] == reason


def test_a_filter_that_the_server_refuses_is_named(prober):
    seen = counted(prober("AD", container(), some(1), says(done(2, said="what is this"))), entry_limit=10)
    assert seen["failure"]["text"] == "(cn=*) is no filter: Protocol error (what is this)"


def flood(message):
    def send(connection, msgid):
        while True:
            connection.send(message(msgid) * 200)
    return send


@pytest.mark.parametrize("message, entries", [
    (lambda msgid: entry(msgid, f"CN=x,{CONFIGURED}"), ["AT_LEAST", 2000]),
    (lambda msgid: search_reference(msgid, "ldap://other/"), ["FAILED", 0]),
], ids=["entries", "references"])
def test_a_count_ends_whatever_the_server_sends(prober, message, entries):
    """It is given up at the limit; what comes after is not ours any more."""
    asker = prober("AD", container(), flood(message), timeout_ms=3000)
    asker.say(f"ask {CONFIGURED}", "filter (cn=*)", "limit 2000", "go")
    frame = asker.next()
    while frame["frame"] not in ("OBSERVATION", "FAILED"):
        frame = asker.next()
    assert frame["frame"] == "FAILED" or frame["entries"] == entries
    assert frame["frame"] == "OBSERVATION" or frame["failure"]["reason"] in ("timeout", "connect", "protocol")


def test_the_connection_that_breaks_while_counting_leaves_no_answer(prober):
    asker = prober("AD", container(), lambda connection, msgid: connection.peer.close())
    asker.say(f"ask {CONFIGURED}", "filter (cn=*)", "limit 10", "go")
    assert asker.failure()["failure"]["reason"] == "connect"
    assert not [frame for frame in asker.frames if frame["frame"] == "OBSERVATION"]


def test_pages_that_are_left_are_forgotten(prober):
    """On the wire: a page of no size behind the latest cookie."""
    requests = []

    def noting(reply):
        return lambda connection, msgid: (requests.append(connection.listener.received), reply(connection, msgid))

    asker = prober("AD", container(), some(1), noting(FIRST), noting(some(2, cookie=b"COOKIE")),
                   noting(some(2, cookie=b"NEXT")), noting(some(0, cookie=b"")))
    assert counted(asker, entry_limit=3)["matching"] == ["AT_LEAST", 3]
    sent = [later[len(earlier):] for earlier, later in zip([b""] + requests, requests)]
    assert PAGED.encode() not in sent[0]
    assert [re.search(rb"\x02\x01(.)\x04(.)([A-Z]*)$", request).groups() for request in sent[1:]] == [
        (b"\x02", b"\0", b""), (b"\x02", b"\x06", b"COOKIE"), (b"\0", b"\x04", b"NEXT")]
