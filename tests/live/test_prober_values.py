"""dndrift-prober where a value of an attribute is compared: who bears it, what the pinned entry bears, what the entry
above bears; on a real slapd, on Samba, and on servers that say what no good one says."""

import ldap
import pytest

from prober import Listener, Prober, ber, entry, message, result, search_reference, text
from servers.slapd import ADMIN, CHARLOTTE, CUSTOM, RECIPIENTS, SUFFIX

ORGANIZATION = "/o=mms"
SITE = "/o=mms/ou=charlotte"
VALUE = "/o=mms/ou=charlotte/cn=recipients/cn=custom"
OTHER = "/o=mms/ou=charlotte/cn=recipients/cn=partners"
PARTNERS = "cn=partners," + RECIPIENTS
HIDDEN = ("to attrs=legacyExchangeDN by * none", "to * by * read")
UNPINNED = {"pinned_dn": None, "id": "NOT_ASKED"}


@pytest.fixture
def ask(started):
    """ask(server, value, **question): what a prober makes of it."""
    probers = {}

    def one(server, value, **question):
        if server.uri not in probers:
            probers[server.uri] = started(Prober(server.uri, **getattr(server, "prober_bind", {}))).start()
        return probers[server.uri].ask_value(value, **question)
    return one


def bear(slapd, dn=CUSTOM, value=VALUE):
    slapd.modify(dn, legacyExchangeDN=value)
    return slapd.identity(dn)


def pinned(identity):
    return [f"pinned {identity}"]


def searches(slapd):
    """How many searches it was asked, but for those of the root DSE and of this test."""
    return sum('SRCH base="' in line and 'SRCH base="" ' not in line and "(entryUUID=test)" not in line
               for line in slapd.stderr().splitlines())


def assert_says(seen, **expected):
    assert {key: seen[key] for key in expected} == expected


@pytest.mark.parametrize("asked", [VALUE, VALUE.upper(), VALUE.replace("custom", "Custom")])
def test_the_bearer_is_found_whatever_the_case_and_spelled_as_it_is(ask, slapd, asked):
    identity = bear(slapd)
    assert_says(ask(slapd, asked), dn="ENTRY", found_dn=VALUE, entry_dn=CUSTOM, found_identity=identity, **UNPINNED)


@pytest.mark.parametrize("value", ["*", "*)(objectClass=*", "/o=a\\2a(b)&|!=~><,+\"; #é€😀", " leading and trailing "])
def test_a_value_is_looked_for_as_it_stands(ask, slapd, value):
    assert_says(ask(slapd, value), dn="NOBODY", found_dn=None, entry_dn=None, **UNPINNED)
    bear(slapd, value=value)
    bear(slapd, RECIPIENTS, "/o=mms/another")
    told = value.replace("\\", "\\\\")  # as the driver prints it
    assert_says(ask(slapd, value), dn="ENTRY", found_dn=told, entry_dn=CUSTOM)


def test_two_bearers_are_no_answer_and_find_tells_them_apart(ask, slapd):
    slapd.add_container(PARTNERS)
    bear(slapd)
    bear(slapd, PARTNERS, VALUE.upper())
    seen = ask(slapd, VALUE)
    assert_says(seen, dn="FAILED", found_dn=None, directory_wide=False)
    assert seen["failure"]["reason"] == "protocol"
    assert seen["failure"]["text"].startswith("two entries bear the value, ")
    assert CUSTOM in seen["failure"]["text"] and PARTNERS in seen["failure"]["text"]
    assert_says(ask(slapd, VALUE, find="(cn=partners)"), dn="ENTRY", found_dn=VALUE.upper(), entry_dn=PARTNERS)
    assert_says(ask(slapd, VALUE, find="(cn=custom)"), dn="ENTRY", found_dn=VALUE, entry_dn=CUSTOM)


def test_many_bearers_are_no_answer_either(ask, slapd):
    for number in range(20):
        slapd.add_container(f"cn=x{number},{RECIPIENTS}", legacyExchangeDN=VALUE)
    assert ask(slapd, VALUE)["failure"]["text"].startswith("two entries bear the value, ")


def test_a_pinned_entry_that_find_no_longer_leads_to_is_a_second_bearer(ask, slapd):
    identity = bear(slapd)
    slapd.add_container(PARTNERS, legacyExchangeDN=VALUE)
    seen = ask(slapd, VALUE, find="(cn=partners)", near=CUSTOM, more=pinned(identity))
    assert_says(seen, dn="FAILED", id="NOT_ASKED", found_dn=None, found_identity=None)
    assert CUSTOM in seen["failure"]["text"] and PARTNERS in seen["failure"]["text"]


# --- the pinned entry

def test_a_pinned_bearer_costs_one_search(ask, slapd):
    identity = bear(slapd)
    ask(slapd, VALUE, near=CUSTOM, more=pinned(identity))
    before = searches(slapd)
    for _ in range(10):
        assert_says(ask(slapd, VALUE, near=CUSTOM, more=pinned(identity)), dn="ENTRY", found_identity=identity)
    assert searches(slapd) == before + 10


@pytest.mark.parametrize("near", [CUSTOM, None])
def test_a_pinned_entry_that_bears_another_value_tells_it(ask, slapd, near):
    identity = bear(slapd, value=OTHER)
    assert_says(ask(slapd, VALUE, near=near, more=pinned(identity)), dn="NOBODY", id="FOUND", pinned_dn=OTHER,
                entry_dn=CUSTOM, found_dn=None)


def test_another_bearer_does_not_hide_what_the_pinned_entry_bears(ask, slapd):
    identity = bear(slapd, value=OTHER)
    slapd.add_container(PARTNERS, legacyExchangeDN=VALUE)
    assert_says(ask(slapd, VALUE, near=CUSTOM, more=pinned(identity)), dn="ENTRY", found_dn=VALUE, entry_dn=PARTNERS,
                found_identity=slapd.identity(PARTNERS), id="FOUND", pinned_dn=OTHER)


@pytest.mark.parametrize("kind", ["slapd", "ds389"])
def test_a_removed_value_is_told_from_a_hidden_one(ask, request, kind):
    server = request.getfixturevalue(kind)
    identity = bear(server)
    server.modify(CUSTOM, legacyExchangeDN=[])
    gone = ask(server, VALUE, near=CUSTOM, more=pinned(identity))
    assert_says(gone, dn="NOBODY", id="VALUELESS", pinned_dn=None, entry_dn=CUSTOM)
    bear(server)
    hide_values(server)
    hidden = ask(server, VALUE, near=CUSTOM, more=pinned(identity))
    assert_says(hidden, dn="NOBODY", id="VALUE_HIDDEN", pinned_dn=None, entry_dn=CUSTOM)
    assert hidden["failure"]["text"] == "the entry shows no legacyExchangeDN"
    assert hidden["failure"]["reason"] == "acl"


def hide_values(server):
    if server.name == "slapd":
        server.set_access(*HIDDEN)
    else:
        rule = ('(targetattr = "legacyExchangeDN")(version 3.0; acl "no values"; deny (all) '
                'userdn = "ldap:///anyone";)')
        server.connect().modify_s(server.suffix, [(ldap.MOD_ADD, "aci", [rule.encode()])])


@pytest.mark.parametrize("kind", ["slapd", "ds389"])
def test_nobody_is_only_said_where_the_account_may_search_by_the_attribute(ask, request, kind):
    server = request.getfixturevalue(kind)
    assert_says(ask(server, VALUE), dn="NOBODY", **UNPINNED)
    hide_values(server)
    assert_says(ask(server, VALUE), dn="EMPTY", **UNPINNED)


def test_nobody_is_not_said_of_an_attribute_that_the_server_does_not_know(ask, slapd):
    assert_says(ask(slapd, VALUE, attribute="legacyExchangeDM"), dn="EMPTY", **UNPINNED)


def test_a_value_that_may_be_searched_by_but_not_read_is_what_was_asked_for(ask, slapd):
    bear(slapd)
    slapd.set_access("to attrs=legacyExchangeDN by * search", "to * by * read")
    assert_says(ask(slapd, VALUE.upper()), dn="ENTRY", found_dn=VALUE.upper(), entry_dn=CUSTOM)


def test_a_deleted_bearer_is_gone_and_its_ancestor_found(ask, slapd):
    identity, above = bear(slapd), slapd.identity(RECIPIENTS)
    slapd.delete(CUSTOM)
    seen = ask(slapd, VALUE, near=CUSTOM, more=pinned(identity) + [f"ancestor {above}"])
    assert_says(seen, dn="NOBODY", id="GONE", ancestor="FOUND", pinned_dn=None, entry_dn=None)


def test_a_new_pin_comes_with_its_path_and_the_proof_that_it_can_be_looked_up(ask, slapd):
    identity = bear(slapd)
    seen = ask(slapd, VALUE, more=["path"])
    assert_says(seen, dn="ENTRY", id="FOUND", pinned_dn=VALUE, found_dn=VALUE, found_identity=identity)
    assert [dn for dn, _ in seen["path"]] == [RECIPIENTS, CHARLOTTE, SUFFIX]


def test_what_is_expected_of_the_entry_is_asked_of_the_bearer(ask, slapd):
    bear(slapd)
    seen = ask(slapd, VALUE, more=["class inetOrgPerson", "filter (objectClass=inetOrgPerson)", "limit 100", "details"])
    assert_says(seen, object_class="OTHER", object_classes="container", entries=["COMPLETE", 3],
                matching=["COMPLETE", 3])
    assert seen["stamp"]["by"] == ADMIN


# --- find

@pytest.mark.parametrize("find, expected", [
    ("(cn=custom)", {"dn": "NOBODY", "lookalike": OTHER, "attribute": "legacyExchangeDN", "is_unique": True,
                     "entry_dn": CUSTOM}),
    ("(cn=recipients)", {"dn": "NOBODY", "lookalike": None, "entry_dn": RECIPIENTS}),
    ("(objectClass=container)", {"dn": "NOBODY", "is_unique": False}),
    ("(cn=nobody)", {"dn": "NOBODY", "lookalike": None, "entry_dn": None}),
    ("(&(objectClass=container)(!(cn=recipients)))", {"dn": "NOBODY", "lookalike": OTHER, "is_unique": True}),
], ids=["another value", "no value", "several entries", "no entry", "a filter of filters"])
def test_find_leads_to_the_entry_that_was_meant(ask, slapd, find, expected):
    bear(slapd, value=OTHER)
    seen = ask(slapd, VALUE, find=find)
    assert_says(seen, **expected, **UNPINNED)
    assert (seen["lookalike"] is None) == ("lookalike" in expected and expected["lookalike"] is None)


def test_find_leads_to_an_entry_whose_value_is_hidden(ask, slapd):
    bear(slapd, value=OTHER)
    slapd.set_access(*HIDDEN)
    seen = ask(slapd, VALUE, find="(cn=custom)")
    assert_says(seen, dn="REFUSED", entry_dn=CUSTOM, lookalike=None)
    assert seen["failure"]["reason"] == "acl"


def test_a_filter_that_the_library_cannot_read_fails_by_name(ask, slapd):
    seen = ask(slapd, VALUE, find="(c n=x)")
    assert_says(seen, dn="FAILED", directory_wide=False)
    assert "filter" in seen["failure"]["text"]


def test_a_server_that_tells_values_apart_by_case_is_overruled_by_find(ask, slapd):
    # displayName is compared without regard to case; userPassword, an octet string, letter by letter.
    slapd.modify("cn=contoso desk," + CUSTOM, userPassword="Secret")
    assert_says(ask(slapd, "SECRET", attribute="userPassword"), dn="NOBODY")
    assert_says(ask(slapd, "SECRET", attribute="userPassword", find="(cn=contoso desk)"), dn="ENTRY",
                found_dn="Secret", entry_dn="cn=contoso desk," + CUSTOM)


# --- values

def test_of_several_values_the_one_most_like_the_configured_one_is_told(ask, slapd):
    person = "cn=contoso desk," + CUSTOM
    slapd.modify(person, mail=["zz@other.example", "Desk@Contoso.Example", "desk@contoso.example.org"])
    identity = slapd.identity(person)
    assert_says(ask(slapd, "desk@CONTOSO.example", attribute="mail"), found_dn="Desk@Contoso.Example")
    assert_says(ask(slapd, "desk@contoso.net", attribute="mail", near=person, more=pinned(identity)), dn="NOBODY",
                id="FOUND", pinned_dn="Desk@Contoso.Example")


@pytest.mark.parametrize("name", ["sn", "surname", "2.5.4.4", "SN"])
def test_an_attribute_goes_by_each_of_its_names(ask, slapd, name):
    person = "cn=contoso desk," + CUSTOM
    identity = slapd.identity(person)
    assert_says(ask(slapd, "Contoso Desk", attribute=name), dn="ENTRY", found_dn="contoso desk", entry_dn=person)
    slapd.modify(person, sn="Else")
    seen = ask(slapd, "contoso desk", attribute=name, near=person, more=[*pinned(identity), "class person", "details"])
    assert_says(seen, dn="NOBODY", id="FOUND", pinned_dn="Else")


# --- the entry above

@pytest.mark.parametrize("values, expected", [
    ({RECIPIENTS: SITE + "/cn=recipients", SUFFIX: ORGANIZATION}, SITE + "/cn=recipients"),
    ({CHARLOTTE: SITE, SUFFIX: ORGANIZATION}, SITE),
    ({SUFFIX: ORGANIZATION}, ORGANIZATION),
    ({}, None),
])
def test_the_nearest_value_above_is_read_up_to_the_naming_context(ask, slapd, values, expected):
    bear(slapd)
    for dn, value in values.items():
        slapd.connect().modify_s(dn, [(ldap.MOD_ADD, "objectClass", [b"mailRecipient"])])
        slapd.modify(dn, legacyExchangeDN=value)
    assert_says(ask(slapd, VALUE, parent=True), dn="ENTRY", is_parent_read=True, parent_value=expected)
    assert_says(ask(slapd, VALUE), is_parent_read=False, parent_value=None)
    assert_says(ask(slapd, OTHER, parent=True), dn="NOBODY", is_parent_read=False, parent_value=None)


def test_a_hidden_parent_counts_for_nothing(ask, slapd):
    bear(slapd)
    bear(slapd, RECIPIENTS, "/o=elsewhere")
    slapd.set_access(f'to dn.base="{RECIPIENTS}" attrs=legacyExchangeDN by * none', "to * by * read")
    assert_says(ask(slapd, VALUE, parent=True), is_parent_read=True, parent_value=None)
    slapd.set_access(f'to dn.base="{RECIPIENTS}" by * none', "to * by * read")
    assert_says(ask(slapd, VALUE, parent=True), is_parent_read=True, parent_value=None)


def test_siblings_read_the_entries_above_once(ask, slapd):
    bear(slapd, RECIPIENTS, SITE)
    for number in range(20):
        slapd.add_container(f"cn=x{number},{RECIPIENTS}", legacyExchangeDN=f"{SITE}/cn=x{number}")
    ask(slapd, VALUE)
    before = searches(slapd)
    lines = [line for number in range(20) for line in (f"ask {SITE}/cn=x{number}", "attribute legacyExchangeDN", "parent")]
    prober = Prober(slapd.uri)
    try:
        seen = prober.start().ask(*lines)
    finally:
        prober.close()
    assert [one["parent_value"] for one in seen] == [SITE] * 20
    assert searches(slapd) == before + 20 + 1


# --- naming contexts

@pytest.fixture
def two_contexts(slapd_factory, tmp_path):
    """slapd with a second database, o=other, under a rule of access."""
    def start(access="to * by * read"):
        folder = tmp_path / "second"
        folder.mkdir()
        return slapd_factory(extra_database=["database mdb", "suffix o=other", f"rootdn {ADMIN}", f"directory {folder}",
                                             "maxsize 10485760", "index entryUUID eq", f"access {access}"])
    return start


def add_other(slapd, **attributes):
    slapd.add("o=other", {"objectClass": "organization", "o": "other"})
    slapd.add_container("cn=custom,o=other", **attributes)


def test_each_naming_context_may_hold_the_bearer(ask, two_contexts):
    slapd = two_contexts()
    add_other(slapd, legacyExchangeDN=VALUE)
    assert_says(ask(slapd, VALUE), dn="ENTRY", entry_dn="cn=custom,o=other")
    bear(slapd)
    assert "two entries" in ask(slapd, VALUE)["failure"]["text"]
    assert_says(ask(slapd, VALUE, find="(displayName=Custom Recipients)"), dn="ENTRY", entry_dn=CUSTOM)


def test_a_closed_naming_context_makes_nobody_unknown_but_for_who_was_seen_in_another(ask, two_contexts):
    slapd = two_contexts("to * by * none")
    add_other(slapd)
    seen = ask(slapd, VALUE)
    assert_says(seen, dn="REFUSED")
    assert seen["failure"]["reason"] == "acl"
    identity, above = bear(slapd, value=OTHER), slapd.identity(RECIPIENTS)
    assert_says(ask(slapd, OTHER), dn="ENTRY", entry_dn=CUSTOM)
    assert_says(ask(slapd, VALUE, near=CUSTOM, more=pinned(identity)), dn="NOBODY", id="FOUND", pinned_dn=OTHER)
    slapd.delete(CUSTOM)
    gone = ask(slapd, VALUE, near=CUSTOM, more=pinned(identity) + [f"ancestor {above}"])
    assert_says(gone, dn="NOBODY", id="GONE", ancestor="FOUND")


def test_active_directory_names_its_other_naming_contexts_and_they_are_asked_as_well(ask, samba):
    samba.prober_bind = {**samba.reader_bind, "allow_cleartext": "yes"}
    assert_says(ask(samba, VALUE), dn="NOBODY", **UNPINNED)
    identity = bear_in_samba(samba, samba.custom, VALUE)
    assert_says(ask(samba, VALUE.upper()), dn="ENTRY", found_dn=VALUE, entry_dn=samba.custom, found_identity=identity)
    bear_in_samba(samba, samba.custom, OTHER)
    seen = ask(samba, VALUE, near=samba.custom, more=[*pinned(identity), "details"])
    assert_says(seen, dn="NOBODY", id="FOUND", pinned_dn=OTHER, entry_dn=samba.custom)
    samba.rename(samba.custom, "CN=partners")
    renamed = ask(samba, VALUE, near=samba.custom, more=[*pinned(identity), "details"])
    assert renamed["stamp"] == seen["stamp"] and seen["stamp"]["wall_ms"] > 0, "that of the value, not of the name"


def test_active_directory_keeps_a_deleted_bearer_as_a_tombstone_for_who_may_see_it(ask, samba, tmp_path):
    password = tmp_path / "admin.password"
    password.write_text(samba.password)
    password.chmod(0o600)
    samba.prober_bind = {"bind": "simple", "bind_dn": samba.admin_dn, "password_file": password,
                         "allow_cleartext": "yes"}
    identity = bear_in_samba(samba, samba.custom, VALUE)
    samba.delete(samba.custom)
    seen = ask(samba, VALUE, near=samba.custom, more=pinned(identity))
    assert_says(seen, dn="NOBODY", id="GONE", entry_dn=None)
    assert seen["tombstone"]["last_parent"] == samba.recipients and seen["tombstone"]["dn"]


def bear_in_samba(samba, dn, value):
    """Its class of mail recipients is an auxiliary one."""
    connection = samba.connect()
    try:
        connection.modify_s(dn, [(ldap.MOD_ADD, "objectClass", [b"mailRecipient"])])
    except ldap.TYPE_OR_VALUE_EXISTS:
        pass
    samba.modify(dn, legacyExchangeDN=value)
    return samba.identity(dn)


# --- servers that say what no good one says

@pytest.fixture
def hostile(started):
    """hostile(*answers, contexts): a prober, and a server whose searches after the root DSE are answered by
    answers(message id), one after the other, the last again and again."""
    def start(*answers, contexts="o=mms", **settings):
        def serve(connection):
            n = 0
            while (request := connection.request()) is not None:
                msgid, tag, data = request
                if b"namingContexts" in data:
                    connection.send(entry(msgid, "", namingContexts=contexts) + result(msgid))
                elif tag == 0x63:
                    connection.send(answers[min(n, len(answers) - 1)](msgid))
                    n += 1
        asker = started(Prober(started(Listener(serve)).uri, **settings)).start()
        asker.until("READY")
        return asker
    return start


def test_an_entry_that_two_naming_contexts_show_is_one(hostile):
    """One lies within the other."""
    asker = hostile(lambda msgid: entry(msgid, "cn=a,ou=dallas,o=mms", legacyExchangeDN=VALUE) + result(msgid),
                    contexts=["o=mms", "ou=dallas,o=mms"])
    assert_says(asker.ask_value(VALUE), dn="BARE", found_dn=VALUE, entry_dn="cn=a,ou=dallas,o=mms")


def raw_entry(dn, value):
    """An entry with one value of any octets."""
    parts = ber(0x30, ber(0x30, text("legacyExchangeDN"), ber(0x31, ber(0x04, value))))
    return lambda msgid: message(msgid, ber(0x64, text(dn), parts)) + result(msgid)


def test_no_result_code_but_success_says_nobody(hostile):
    codes = iter(range(124))
    asker = hostile(lambda msgid: result(msgid, next(codes)))
    refused = {11: "REFUSED", 16: "FAILED", 17: "REFUSED", 18: "REFUSED", 32: "REFUSED", 50: "REFUSED", 53: "REFUSED"}
    for code in range(124):
        seen = asker.ask_value(VALUE, near="cn=x,o=mms", more=["pinned entryUUID:x"]) if code == 0 else None
        if code == 0:
            codes = iter(range(1, 124))
            assert seen["dn"] == "NOBODY"
            continue
        seen = asker.ask_value(VALUE)
        assert seen["dn"] == refused.get(code, "FAILED"), code
        assert seen["failure"]["code"] == code
        assert seen["directory_wide"] == (code in (51, 52)), code


@pytest.mark.parametrize("answer, reason", [
    (lambda msgid: entry(msgid, "cn=a,o=mms", entryUUID="a") + result(msgid, 4), "limit"),
    (lambda msgid: search_reference(msgid, "ldap://127.0.0.1:1/o=mms") + result(msgid), "referral"),
    (lambda msgid: entry(msgid, "cn=a,o=mms") + entry(msgid, "cn=b,o=mms") + result(msgid, 4), "protocol"),
    (lambda msgid: message(msgid, ber(0x64, b"junk")) + result(msgid), "protocol"),
], ids=["sizeLimitExceeded after one", "a reference", "two of more", "junk"])
def test_an_answer_that_is_not_whole_is_a_failure(hostile, answer, reason):
    seen = hostile(answer).ask_value(VALUE)
    assert_says(seen, dn="FAILED", found_dn=None)
    assert seen["failure"]["reason"] == reason


@pytest.mark.parametrize("value, told", [
    (b"\x1b[2J\n\r;'\\\"", "\\x1b[2J\\x0a\\x0d;'\\\\\""),
    (b"\xff\xfe\xc3\x28", "\\xff\\xfe\\xc3("),
    ("‮/o=mms".encode(), "\\xe2\\x80\\xae/o=mms"),
    (b"", ""),
])
def test_the_bytes_of_a_value_come_through_as_they_are(hostile, value, told):
    seen = hostile(raw_entry("cn=a,o=mms", value)).ask_value(VALUE)
    assert_says(seen, dn="BARE", found_dn=told, entry_dn="cn=a,o=mms")


def test_a_value_with_a_nul_byte_is_none(hostile):
    """The server says that the entry bears the value; what it shows cannot be one."""
    seen = hostile(raw_entry("cn=a,o=mms", b"/o=mms\0/cn=x")).ask_value(VALUE)
    assert_says(seen, dn="BARE", found_dn=VALUE)


def test_a_value_that_no_frame_holds_is_told_as_such(hostile):
    seen = hostile(raw_entry("cn=a,o=mms", b"/" + b"x" * 9000)).ask_value(VALUE)
    assert_says(seen, dn="FAILED")
    assert seen["failure"]["reason"] == "limit"


def test_a_connection_lost_on_the_way_is_no_answer(started):
    def serve(connection):
        while (request := connection.request()) is not None:
            msgid, _, data = request
            if b"namingContexts" not in data:
                return
            connection.send(entry(msgid, "", namingContexts="o=mms") + result(msgid))
    asker = started(Prober(started(Listener(serve)).uri)).start()
    asker.until("READY")
    asker.say(f"ask {VALUE}", "attribute legacyExchangeDN", "go")
    assert asker.failure()["failure"]["reason"] == "connect"
    assert not [frame for frame in asker.frames if frame["frame"] == "OBSERVATION"]


def test_values_and_dns_may_stand_in_one_batch(ask, slapd):
    identity = bear(slapd)
    ask(slapd, VALUE)
    prober = Prober(slapd.uri)
    try:
        seen = prober.start().ask(f"ask {CUSTOM}", f"ask {VALUE}", "attribute legacyExchangeDN", f"ask {RECIPIENTS}",
                                  f"ask {OTHER}", "attribute legacyExchangeDN")
    finally:
        prober.close()
    assert [one["dn"] for one in seen] == ["ENTRY", "ENTRY", "ENTRY", "NOBODY"]
    assert [one["found_dn"] for one in seen] == [CUSTOM, VALUE, RECIPIENTS, None]
    assert seen[0]["found_identity"] == seen[1]["found_identity"] == identity
