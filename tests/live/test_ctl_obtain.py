"""dndriftctl obtain against real servers: the article's "to obtain the DN", without a Raw Properties page."""

import os
import subprocess
import time

import ldap
import pytest
from alert_line import wait_alert
from control import dndriftctl
from obtaining import NONE_FOUND, NOT_REACHED, USAGE, Obtain
from prober import Listener, ber, done, says, scripted, search_reference, shows, text
from sections import directory
from servers import ARTICLE, CUSTOM, Slapd, free_port
from servers.slapd import ACCOUNT, ADMIN, CHARLOTTE, MONITOR
from servers.dns import IS_ALLOWED, Dns, srv

PAGED = "1.2.840.113556.1.4.319"
DIFFER = "the two differ: a program wants the directory name"


@pytest.fixture
def obtain():
    """obtain(server or URI, **settings of the directory)."""
    def make(server, **settings):
        if isinstance(server, str):
            return Obtain(server, **settings)
        bind = server.reader_bind if server.name == "samba" else {}
        return Obtain(server.uri, **{**bind, **settings})
    return make


def person(name, below):
    return f"cn={name},{below}", {"objectClass": "inetOrgPerson", "cn": name, "sn": name}


def container(name, below, **more):
    return f"cn={name},{below}", {"objectClass": "container", "cn": name, **more}


def raw(value):
    """A value as it stands in a DN, whatever is in it."""
    return "".join(f"\\{byte:02x}" for byte in value.encode())


# --- by name, on each kind of server

def assert_is_custom(server, one):
    assert one["forms"]["ldap"].lower() == server.custom.lower()
    assert (one["directory_name"], one["display_name"], one["names_differ"]) == ("custom", "Custom Recipients", True)
    assert one["identity"] == server.identity(server.custom)
    assert one["entries"] == {"number": 3, "complete": True}


def test_the_display_name_leads_to_the_directory_name(ldap_server, obtain):
    ctl = obtain(ldap_server)
    one = ctl.one("custom RECIPIENTS")
    assert_is_custom(ldap_server, one)
    assert one["found_by"] == "displayName"
    ctl.assert_taken(one["section"])


def test_the_directory_name_leads_to_itself(ldap_server, obtain):
    one = obtain(ldap_server).one("CUSTOM")
    assert_is_custom(ldap_server, one)
    assert one["found_by"] == "directory name"


def test_a_dn_with_display_names_leads_to_the_one_that_is_meant(ldap_server, obtain):
    """The mistake of the article, in each form that it can be made in."""
    ctl = obtain(ldap_server)
    display = ldap_server.custom.replace("custom", "Custom Recipients")
    slash = "/" + "/".join(reversed(display.split(",")))
    for name in (display, slash, slash.upper(), slash[1:], "EX:" + slash, slash.replace("/", "\\"),
                 "/cn=recipients/cn=Custom Recipients", "Recipients/cn=Custom Recipients",
                 "cn=Custom Recipients,cn=recipients,ou=charlotte", "ou=Custom Recipients"):
        assert_is_custom(ldap_server, ctl.one(name))


def test_a_dn_that_is_right_leads_to_itself(ldap_server, obtain):
    ctl = obtain(ldap_server)
    for name in (ldap_server.custom, ldap_server.custom.upper()):
        assert_is_custom(ldap_server, ctl.one(name))
    assert ctl.one(ldap_server.suffix)["forms"]["ldap"].lower() == ldap_server.suffix.lower()


def test_it_says_where_a_dn_leads_to_nothing(ldap_server, obtain):
    name = ldap_server.custom.replace("custom", "nobody")
    told = obtain(ldap_server).told(name, status=NONE_FOUND)
    assert (told["complete"], told["candidates"]) == (True, [])
    [remark] = told["remarks"]
    assert remark.lower() == f"below {ldap_server.recipients} nothing is named cn=nobody that could be seen".lower()


def test_a_description_is_a_name_as_well(ldap_server, obtain):
    ldap_server.modify(ldap_server.custom, description="Recipients outside Exchange; see #4711")
    one = obtain(ldap_server).one("recipients outside exchange; see #4711")
    assert_is_custom(ldap_server, one)
    assert one["found_by"] == "description"


def test_a_legacy_exchange_dn_leads_to_the_entry(slapd, obtain):
    value = "/o=First Organization/ou=Exchange/cn=Recipients/cn=custom"
    slapd.modify(slapd.custom, legacyExchangeDN=value)
    one = obtain(slapd).one(value.upper())
    assert_is_custom(slapd, one)
    assert (one["legacyExchangeDN"], one["found_by"]) == (value, "legacyExchangeDN")


def test_what_holds_nothing_is_found_when_no_container_is_called_so(slapd, obtain):
    """A person, here: it is up to whoever asks."""
    one = obtain(slapd).one("contoso desk")
    assert (one["forms"]["ldap"], one["entries"]["number"]) == ("cn=contoso desk," + CUSTOM, 0)


def test_containers_go_before_what_else_is_called_so(slapd_factory, obtain):
    slapd = slapd_factory(tree=[*ARTICLE, person("sales", CUSTOM), container("sales", CHARLOTTE)])
    assert obtain(slapd).found("sales") == ["cn=sales," + CHARLOTTE]


def test_the_directory_name_goes_before_the_display_name(slapd_factory, obtain):
    slapd = slapd_factory(tree=[*ARTICLE, container("a", CHARLOTTE, displayName="custom")])
    assert obtain(slapd).found("custom") == [CUSTOM, "cn=a," + CHARLOTTE]


def test_of_two_on_the_way_the_one_with_the_directory_name_is_followed(slapd_factory, obtain):
    slapd = slapd_factory(tree=[*ARTICLE, container("x", CHARLOTTE, displayName="recipients"),
                                container("custom", "cn=x," + CHARLOTTE)])
    assert obtain(slapd).found("/o=mms/ou=charlotte/cn=recipients/cn=Custom Recipients") == [CUSTOM]


def test_all_that_a_display_name_may_mean_are_followed(slapd_factory, obtain):
    tree = [*ARTICLE]
    for name in ("x", "y"):
        tree += [container(name, CHARLOTTE, displayName="Both"), container("z", f"cn={name},{CHARLOTTE}")]
    assert obtain(slapd_factory(tree=tree)).found("/o=mms/ou=charlotte/cn=both/cn=z") == [
        f"cn=z,cn=x,{CHARLOTTE}", f"cn=z,cn=y,{CHARLOTTE}"]


# --- by what they hold

def test_without_a_name_it_finds_what_holds_people(ldap_server, obtain):
    ctl = obtain(ldap_server)
    told = ctl.told()
    found = {candidate["forms"]["ldap"].lower(): candidate for candidate in told["candidates"]}
    one = found[ldap_server.custom.lower()]
    assert_is_custom(ldap_server, one)
    assert one["matching"] == {"number": 3, "complete": True}
    numbers = [candidate["matching"]["number"] for candidate in told["candidates"]]
    assert numbers == sorted(numbers, reverse=True)
    assert ldap_server.charlotte.lower() not in found
    ctl.assert_taken(*(candidate["section"] for candidate in told["candidates"]))


def test_the_filter_says_what_has_to_be_held(ldap_server, obtain):
    told = obtain(ldap_server).told("--entry-filter", "(mail=*desk*)")
    [one] = told["candidates"]
    assert_is_custom(ldap_server, one)
    assert (told["filter"], one["matching"]["number"]) == ("(mail=*desk*)", 1)
    assert "\nentry_filter = (mail=*desk*)\n" in one["section"]


def test_the_filter_counts_what_a_named_one_holds(ldap_server, obtain):
    ctl = obtain(ldap_server)
    one = ctl.one("--entry-filter=(mail=*desk*)", "custom")
    assert (one["entries"]["number"], one["matching"]) == (3, {"number": 1, "complete": True})
    ctl.assert_taken(one["section"])


def test_the_one_that_holds_most_comes_first(slapd_factory, obtain):
    tree = [*ARTICLE]
    for n, name in enumerate("abc"):
        tree += [container(name, CHARLOTTE)] + [person(f"{name}{i}", f"cn={name},{CHARLOTTE}") for i in range(5 + n)]
    assert obtain(slapd_factory(tree=tree)).found() == [f"cn=c,{CHARLOTTE}", f"cn=b,{CHARLOTTE}", f"cn=a,{CHARLOTTE}",
                                                      CUSTOM]


def test_one_that_may_not_be_read_is_told_by_those_below_it(slapd_factory, obtain):
    slapd = slapd_factory(access=(f'to dn.base="{CUSTOM}" by * none', "to * by * read"))
    ctl = obtain(slapd)
    one = ctl.one()
    assert (one["forms"]["ldap"], one["identity"], one["entries"]) == (CUSTOM, None, None)
    assert one["matching"] == {"number": 3, "complete": True}
    assert "identity        this account may not read it" in ctl.people()


# --- Active Directory has more

def test_samba_takes_canonical_names_and_guids_and_has_a_configuration_context(samba, obtain):
    ctl = obtain(samba)
    canonical = "mms.example/charlotte/recipients/"
    one = ctl.one(canonical + "Custom Recipients")
    assert_is_custom(samba, one)
    assert one["forms"]["canonical"] == canonical + "custom"
    assert_is_custom(samba, ctl.one(f"<GUID={samba.identity(samba.custom).partition(':')[2]}>"))
    [(_, shown)] = samba.connect().search_s(samba.custom, ldap.SCOPE_BASE, attrlist=["canonicalName"])
    assert shown["canonicalName"] == [one["forms"]["canonical"].encode()]
    assert "CN=Sites,CN=Configuration," + samba.suffix in ctl.found("Sites")


def test_samba_counts_no_computers_among_people(samba, obtain):
    assert not [dn for dn in obtain(samba).found() if "Domain Controllers" in dn]


# --- what people read

def test_people_read_a_block_and_a_section_to_paste(slapd, obtain):
    identity = slapd.identity(CUSTOM)
    text = obtain(slapd).people("Custom Recipients")
    assert text == f"""1 container called Custom Recipients in directory mms, says {slapd.uri} (OpenLDAP)

directory name  custom
display name    Custom Recipients
                {DIFFER}, inside the whole DN
DN              {CUSTOM}
slash form      /o=mms/ou=charlotte/cn=recipients/cn=custom
found by        displayName
identity        {identity}
entries below   3

[watch custom]
directory = mms
dn = {CUSTOM}
# identity = {identity}
"""


def test_a_name_that_is_the_same_but_for_case_does_not_differ(slapd, obtain):
    text = obtain(slapd).people("recipients")
    assert "display name    Recipients\n" in text and DIFFER not in text


def test_nothing_found_is_said(slapd, obtain):
    assert obtain(slapd).people("nobody", status=NONE_FOUND) == \
        f"no containers called nobody in directory mms, says {slapd.uri} (OpenLDAP)\n"


def test_a_section_gets_a_name_that_no_watch_has(slapd, obtain):
    ctl = obtain(slapd)
    with open(ctl.file, "a", encoding="utf-8") as file:
        file.write("[watch custom]\ndirectory = mms\ndn = o=mms\n")
    section = ctl.one("custom")["section"]
    assert section.startswith("[watch custom-2]\n")
    ctl.assert_taken(section)


def test_the_pasted_section_is_watched(slapd, obtain, daemon, syslog_ng):
    section = obtain(slapd).one("Custom Recipients")["section"]
    daemon(directory(slapd.uri) + section + "interval = 200ms\nconfirm_interval = 100ms\n"
           ).wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=external partners")
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["verdict"] == "renamed"


# --- names that hurt

HOSTILE = ("a ; b", "; b", "# c", 'say "x"', "[watch y]", "\x1b[31mred\x1b[0m", "rtl\u202e\u2066flip", "two\nlines",
           "\r\n[daemon]\ncontrol = none", "\x7f\u0085c1", " blank ", "back\\slash", "a=b,c=d", "a+b", "M\u00fcnchen",
           "\u4e2d\u6587", "x" * 200, "${HOME}", "%s%n", "'; rm -rf /", "<GUID=x>", "/o=x/cn=y", "ldap:x", "#04024869")


def test_names_that_hurt_are_shown_clean_and_their_sections_are_taken(slapd_factory, obtain):
    tree = [*ARTICLE] + [(f"cn={raw(name)},{CHARLOTTE}", {"objectClass": "container", "cn": name, "displayName": "Evil",
                                                          "description": name}) for name in HOSTILE]
    ctl = obtain(slapd_factory(tree=tree))
    told = ctl.told("evil")
    assert len(told["candidates"]) == len(HOSTILE)
    ctl.assert_taken(*(candidate["section"] for candidate in told["candidates"]))
    text = ctl.people("evil")
    assert text.count("\n[watch ") == len(HOSTILE) and "\\x1b[31mred\\x1b[0m" in text and "two\\x0alines" in text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_hurts_leads_to_its_entry(slapd_hostile, obtain, name):
    told = obtain(slapd_hostile).told("--", name)
    assert [one["entries"]["number"] for one in told["candidates"]] == [1]


@pytest.fixture(scope="module")
def slapd_hostile():
    with Slapd(tree=[*ARTICLE] + [entry for name in HOSTILE for entry in (
            (f"cn={raw(name)},{CHARLOTTE}", {"objectClass": "container", "cn": name}),
            person("somebody", f"cn={raw(name)},{CHARLOTTE}"))]) as server:
        yield server.start()


# --- many

N = 10000


@pytest.fixture(scope="module")
def crowd():
    tree = [*ARTICLE, container("crowd", CHARLOTTE)]
    for n in range(N):
        tree += [container(f"c{n}", "cn=crowd," + CHARLOTTE, displayName="Sales", description=f"d{n}"),
                 person("somebody", f"cn=c{n},cn=crowd,{CHARLOTTE}")]
    with Slapd(tree=tree, extra_database=("sizelimit size.soft=20000 size.hard=20000",),
               indexes=("entryUUID eq", "cn,displayName,description eq")) as server:
        yield server.start()


def test_ten_thousand_of_one_name_are_cut_and_that_is_said(crowd, obtain):
    told = obtain(crowd, timeout="30s").told("Sales")
    assert len(told["candidates"]) == 100 and not told["complete"]
    assert told["remarks"] == ["only the first 1000 entries that match were looked at",
                               "1000 containers were found: the first 100 are shown"]


def test_ten_thousand_that_hold_people_are_all_looked_at(crowd, obtain):
    began = time.monotonic()
    told = obtain(crowd, timeout="30s").told()
    print(f"{N} containers: {time.monotonic() - began:.1f} s")
    assert told["candidates"][0]["forms"]["ldap"] == CUSTOM and len(told["candidates"]) == 100
    assert told["remarks"] == ["more than 10000 containers were found: the others were not looked at",
                               "10000 containers were found: the first 100 are shown"]


def test_one_of_ten_thousand_is_found(crowd, obtain):
    ctl = obtain(crowd, timeout="30s")
    assert ctl.found("d4711") == [f"cn=c4711,cn=crowd,{CHARLOTTE}"]
    one = ctl.one("crowd")
    assert one["entries"] == {"number": 1000, "complete": False}
    assert "entries below   at least 1000\n" in ctl.people("crowd")


def test_the_size_limit_of_the_server_is_said(slapd_factory, obtain):
    tree = [*ARTICLE] + [person(f"p{n}", CHARLOTTE) for n in range(200)]
    slapd = slapd_factory(tree=tree, extra_database=("sizelimit 50",))
    ctl = obtain(slapd)
    told = ctl.told()
    assert not told["complete"] and "a limit of the server cut the list of o=mms: " in told["remarks"][0]
    assert told["candidates"][0]["matching"]["complete"] is False
    text = ctl.people()
    assert "\nThe list may not be complete:\na limit of the server cut the list of o=mms: Size limit exceeded" in text
    assert "matching        at least " in text


def test_a_server_that_refuses_pages_is_asked_without(slapd_factory, obtain):
    slapd = slapd_factory(extra_database=("limits * size.pr=noEstimate size.prtotal=disabled",))
    assert_is_custom(slapd, obtain(slapd).one())


# --- servers that cannot be asked

def test_a_server_that_is_silent_is_given_up(started, obtain):
    began = time.monotonic()
    error = obtain(started(Listener()).uri, timeout="1s").people("custom", status=NOT_REACHED)
    assert "gave no answer: phase profile, reason timeout: " in error
    assert time.monotonic() - began < 30


def test_a_server_that_falls_silent_in_a_search_is_given_up(started, obtain):
    silent = started(Listener(scripted(lambda connection, msgid: None, namingContexts="o=mms")))
    error = obtain(silent.uri, timeout="1s").people("custom", status=NOT_REACHED)
    assert "gave no answer: phase search, reason timeout: " in error


def test_a_wrong_password_is_told_and_tried_once(slapd, obtain, tmp_path):
    file = tmp_path / "password"
    file.write_text("sesame")
    file.chmod(0o600)
    ctl = obtain(f"{slapd.uri} {slapd.uri.replace('127.0.0.1', 'localhost')}", bind="simple", bind_dn=ADMIN,
                 password_file=str(file), cleartext="allow")
    error = ctl.people("custom", status=NOT_REACHED)
    assert error.count("\n") == 1
    assert f"{slapd.uri} gave no answer: phase bind, reason bind: wrong password or bind DN " in error
    assert "sesame" not in error


def test_tls_and_a_password_lead_to_what_they_may_see(slapd_factory, certificates, obtain):
    slapd = slapd_factory(tree=[*ARTICLE, ACCOUNT], certificates=certificates,
                          access=(f'to dn.subtree="{CHARLOTTE}" by dn.base="{MONITOR}" read by * none', "to * by * read"))
    bind = {**slapd.reader_bind, "tls_ca_file": certificates.ca}
    del bind["cleartext"]
    assert_is_custom(slapd, obtain(slapd.ldaps_uri, **bind).one("Custom Recipients"))
    assert obtain(slapd.ldapi_uri).told("Custom Recipients", status=NONE_FOUND)["candidates"] == []


def test_a_certificate_of_nobody_is_told(slapd_factory, certificates, obtain):
    slapd = slapd_factory(certificates=certificates)
    error = obtain(slapd.ldaps_uri).people("custom", status=NOT_REACHED)
    assert f"{slapd.ldaps_uri} gave no answer: phase tls, reason tls: " in error


def test_a_password_file_beside_the_unit_needs_its_folder(slapd, obtain):
    ctl = obtain(slapd.uri, bind="simple", bind_dn=ADMIN, password_file="mms.password", cleartext="allow")
    assert "CREDENTIALS_DIRECTORY" in ctl.people("custom", status=NOT_REACHED)


def test_the_next_server_is_asked_when_the_first_is_down(slapd, obtain):
    down = f"ldap://127.0.0.1:{free_port()}"
    told = obtain(f"{down} {slapd.uri}").told("custom")
    assert told["server"] == slapd.uri and len(told["candidates"]) == 1
    [failure] = told["failures"]
    assert (failure["server"], failure["phase"], failure["reason"]) == (down, "connect", "connect")


def test_all_servers_that_fail_are_told(obtain):
    uris = [f"ldap://127.0.0.1:{free_port()}" for _ in range(2)]
    ctl = obtain(" ".join(uris))
    assert [f["server"] for f in ctl.told("custom", status=NOT_REACHED)["failures"]] == uris
    error = ctl.people("custom", status=NOT_REACHED)
    for uri in uris:
        assert f"dndriftctl: {uri} gave no answer: phase connect, reason connect: " in error


def test_a_directory_that_may_not_be_searched_is_no_directory_without_containers(slapd_factory, obtain):
    slapd = slapd_factory(access=("to * by * none",))
    error = obtain(slapd).people("custom", status=NOT_REACHED)
    assert "gave no answer: phase search, reason " in error


@pytest.mark.skipif(not IS_ALLOWED, reason="only root may serve port 53")
def test_dns_names_the_servers(started, slapd, obtain, tmp_path):
    dns = started(Dns("dc1 A 127.0.0.1", srv("dc1", slapd.port))).start()
    ctl = obtain(Dns.uri)
    command = [*dns.seen_by(tmp_path, "timeout:1", "attempts:1"), os.path.join(os.environ["BUILDDIR"], "dndriftctl"),
               "-c", ctl.file, "obtain", "mms", "Custom Recipients"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"says ldap://dc1.example.com:{slapd.port} (OpenLDAP)" in ended.stdout


# --- servers that are strange

def test_exchange_shows_the_display_name_as_cn(started, obtain):
    dn = "cn=custom,cn=Recipients,ou=charlotte,o=mms"
    server = started(Listener(scripted(
        says(shows(dn, cn="Custom Recipients", rdn="custom"), done()),
        says(shows(dn, cn="Custom Recipients", rdn="custom"), done()),
        says(shows("cn=a," + dn), shows("cn=b," + dn), done()), namingContexts="o=mms")))
    told = obtain(server.uri).told("Custom Recipients")
    [one] = told["candidates"]
    assert (one["directory_name"], one["display_name"], one["found_by"]) == ("custom", "Custom Recipients", "cn")
    assert (one["forms"]["ldap"], one["entries"]["number"]) == (dn, 2)
    assert b"\x04\x03rdn" in server.received.replace(b"\x04\x84\x00\x00\x00\x03rdn", b"\x04\x03rdn")


@pytest.mark.parametrize("dn", ("no DN at all", "cn=" + "x" * 9000 + ",o=mms", ""))
def test_a_dn_that_is_none_is_left_out(started, obtain, dn):
    server = started(Listener(scripted(says(shows(dn, displayName="custom"), done()), namingContexts="o=mms")))
    told = obtain(server.uri).told("custom", status=NONE_FOUND)
    assert (told["complete"], told["remarks"]) == (False, ["an entry whose DN cannot be read was left out"])


def test_a_dn_that_no_file_can_hold_has_no_section(started, obtain):
    server = started(Listener(scripted(says(shows("cn=" + "\x01" * 3000 + ",o=mms", displayName="custom"), done()),
                                       namingContexts="o=mms")))
    ctl = obtain(server.uri)
    [one] = ctl.told("custom")["candidates"]
    assert (one["forms"]["ldap"], one["section"]) == (None, None)
    assert "\n# a configuration file cannot hold this DN\n" in ctl.people("custom")


def test_a_malformed_answer_is_no_answer(started, obtain):
    server = started(Listener(scripted(says(shows("cn=\x00,o=mms"), done()), namingContexts="o=mms")))
    assert "reason protocol: " in obtain(server.uri).people("custom", status=NOT_REACHED)


def test_a_server_that_answers_without_end_is_cut(started, obtain):
    def flood(connection, msgid):
        for n in range(200000):
            connection.send(shows(f"cn=p,cn=c{n},o=mms")(msgid))
    server = started(Listener(scripted(flood, says(done()), namingContexts="o=mms")))
    told = obtain(server.uri, timeout="20s").told()
    assert not told["complete"] and len(told["candidates"]) == 100


def test_pages_without_end_come_to_an_end(started, obtain):
    """Each says that there is another one, and has nothing on it."""
    value = ber(0x30, ber(0x02, b"\0"), text("more"))
    server = started(Listener(scripted(says(done(controls=[(PAGED, value)])), namingContexts="o=mms",
                                       supportedControl=PAGED)))
    told = obtain(server.uri).told(status=NONE_FOUND)
    assert told["remarks"] == ["o=mms came in too many pages: the rest was not looked at"]


def test_a_part_on_another_server_is_said(started, obtain):
    server = started(Listener(scripted(
        says(lambda msgid: search_reference(msgid, "ldap://elsewhere.example/o=mms"), done()), namingContexts="o=mms")))
    told = obtain(server.uri).told("custom", status=NONE_FOUND)
    assert told["remarks"] == ["a part of o=mms is on another server, which was not asked"]


# --- the command line and the file

@pytest.mark.parametrize("arguments, says_what", (
    (("nix", "custom"), "there is no section [directory nix] in "),
    ((), "obtain needs the name of a [directory] section"),
    (("mms", "a", "b"), "quote a name that has spaces"),
    (("mms", "--entry-filter", "mail=*"), "is no LDAP filter"),
    (("mms", "--all"), "obtain has no option `--all'"),
    (("mms", "\x1b[31m", "b\x1b"), "not `b\\x1b' as well"),
))
def test_usage(obtain, arguments, says_what):
    ctl = obtain("ldap://127.0.0.1:1")
    ended = dndriftctl(ctl.file, "obtain", *arguments)
    assert (ended.returncode, ended.stdout) == (USAGE, "")
    assert says_what in ended.stderr
