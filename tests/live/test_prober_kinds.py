"""dndrift-prober against each kind of directory server, bound as an ordinary account: where they answer alike, and where
each has a way of its own. One server of a kind for all tests; each test has containers of its own."""

import itertools
import os
import time

import ldap
import pytest

from prober import Prober
from servers import Ds389, Samba, Slapd, wait_until
from servers.slapd import ACCOUNT, ARTICLE

NUMBERS = itertools.count(1)
KINDS = {"slapd": Slapd, "389": Ds389, "samba": Samba}


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    if request.param == "samba" and os.geteuid() != 0:
        pytest.skip("Samba serves LDAP on port 389 alone, and only root may start it")
    return request.param


@pytest.fixture(scope="module")
def server(request, kind):
    one = Slapd(tree=[*ARTICLE, ACCOUNT]) if kind == "slapd" else KINDS[kind]()
    try:
        yield one.start()
    finally:
        if request.session.testsfailed:
            print(one.report())
        one.close()


def only(kind, *kinds):
    if kind not in kinds:
        pytest.skip(f"of {', '.join(kinds)} alone")


def prober_as(server, dn, password, name):
    file = server.path(f"{name}.password")
    with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write(password)
    return Prober(server.uri, bind="simple", bind_dn=dn, password_file=file, allow_cleartext="yes")


@pytest.fixture(scope="module")
def asker(server):
    """A prober bound as the ordinary account."""
    with prober_as(server, server.monitor_dn, server.monitor_password, "monitor") as one:
        yield one.start()


@pytest.fixture(scope="module")
def privileged(server):
    """A prober bound as the administrator."""
    with prober_as(server, server.admin_dn, server.password, "admin") as one:
        yield one.start()


@pytest.fixture
def home(server, request):
    """The DN of a container for this test alone."""
    name = request.node.originalname.removeprefix("test_").replace("_", " ")[:50]
    return add(server, f"{name} {next(NUMBERS)}", server.recipients)


def cn(server):
    """As this server spells it."""
    return "CN" if server.name == "samba" else "cn"


def add(server, name, parent, **attributes):
    dn = f"{cn(server)}={name},{parent}"
    server.add_container(dn, **attributes)
    return dn


def add_person(server, name, parent):
    kind = {"objectClass": "contact"} if server.name == "samba" else \
        {"objectClass": "inetOrgPerson", "cn": name, "sn": name}
    dn = f"{cn(server)}={name},{parent}"
    server.add(dn, {**kind, "mail": f"{name}@example.com"})
    return dn


def parent_of(dn):
    return dn.partition(",")[2]


def path_of(server, dn):
    """What has to be told of the entries above."""
    path = []
    while dn != server.suffix:
        dn = parent_of(dn)
        path.append([dn, server.identity(dn)])
    return path


def now_ms():
    """As coarse as the servers are."""
    return int(time.time()) * 1000


def let_a_second_pass():
    begun = int(time.time())
    wait_until(lambda: int(time.time()) > begun, "the next second")


# --- where the entry is

def test_an_entry_is_known_by_the_identity_of_its_kind(server, asker, home):
    seen = asker.ask_one(home, path=True)
    assert (seen["dn"], seen["found_dn"], seen["found_identity"]) == ("ENTRY", home, server.identity(home))
    assert (seen["id"], seen["pinned_dn"]) == ("FOUND", home), "it can be looked up by it as well"
    assert seen["path"] == path_of(server, home)


def test_a_renamed_and_moved_entry_is_found(server, asker, home):
    dn = add(server, "custom", home)
    pinned = server.identity(dn)
    live = server.rename(dn, f"{cn(server)}=partners", server.charlotte)
    seen = asker.ask_one(dn, pinned=pinned)
    assert (seen["dn"], seen["matched_dn"], seen["id"]) == ("ABSENT", home, "FOUND")
    assert seen["pinned_dn"] == live and seen["path"] == path_of(server, live)
    assert not seen["is_conflict"]
    seen = asker.ask_one(dn, pinned=pinned.replace(pinned.partition(":")[2], pinned.partition(":")[2].upper()))
    assert seen["pinned_dn"] == live, "the case of a value means nothing"


def test_a_replaced_entry_shows_both(server, asker, home):
    dn = add(server, "custom", home)
    pinned = server.identity(dn)
    live = server.rename(dn, f"{cn(server)}=partners")
    begun = now_ms()
    add(server, "custom", home)
    add_person(server, "a", dn)
    seen = asker.ask_one(dn, pinned=pinned, details=True, entry_limit=10)
    assert (seen["dn"], seen["found_identity"]) == ("ENTRY", server.identity(dn))
    assert (seen["id"], seen["pinned_dn"]) == ("FOUND", live)
    assert begun <= seen["stamp"]["wall_ms"] <= now_ms(), "of the one that is there now"
    assert seen["entries"] == ["COMPLETE", 1]


def test_a_deleted_entry_is_gone_and_an_ancestor_proves_it(server, asker, home):
    dn = add(server, "custom", home)
    pinned, ancestors = server.identity(dn), [server.identity(dn) for dn in (home, server.recipients)]
    server.delete(dn)
    seen = asker.ask_one(dn, pinned=pinned, ancestors=ancestors)
    assert (seen["dn"], seen["matched_dn"], seen["id"], seen["ancestor"]) == ("ABSENT", home, "GONE", "FOUND")
    assert seen["tombstone"]["dn"] is None, "an ordinary account may not see what was deleted"
    assert seen["failure"]["reason"] in (None, "none")
    server.delete(home)
    seen = asker.ask_one(dn, pinned=pinned, ancestors=ancestors)
    assert (seen["matched_dn"], seen["ancestor"]) == (server.recipients, "FOUND")
    assert asker.ask_one(dn, pinned=pinned, ancestors=ancestors[:1])["ancestor"] == "GONE"


def test_the_deepest_ancestor_that_exists_is_told(server, asker, home):
    deep, below_suffix, outside = asker.ask(
        f"ask cn=a,cn=b,cn=c,{home}", f"ask cn=a,ou=nowhere,{server.suffix}", "ask cn=a,dc=nowhere,dc=test")
    assert (deep["dn"], deep["matched_dn"]) == ("ABSENT", home)
    assert (below_suffix["dn"], below_suffix["matched_dn"]) == ("ABSENT", server.suffix)
    assert outside["dn"] == "OUTSIDE" and outside["matched_dn"] is None


def test_where_no_matched_dn_is_given_each_ancestor_is_asked_for_once(kind, server, asker, home):
    only(kind, "samba")
    n = len(asker.frames)
    seen = asker.ask(*(f"ask cn=nobody {i},cn=nowhere,{home}" for i in range(20)))
    assert {(one["dn"], one["matched_dn"]) for one in seen} == {("ABSENT", home)}
    searches = [frame for frame in asker.frames[n:] if frame.get("phase") == "search" and frame["question"]]
    assert len(searches) == 3, "cn=nowhere, the one above it, and what looks alike below that"


HIDDEN = {"slapd": ("UNMATCHED", "GONE"), "389": ("EMPTY", "GONE"), "samba": ("REFUSED", "REFUSED")}


def test_a_hidden_entry_is_told_from_an_absent_one_as_far_as_the_server_does(kind, server, asker, home):
    dn = add(server, "custom", home)
    pinned = server.identity(dn)
    server.hide(dn)
    seen = asker.ask_one(dn, pinned=pinned, ancestors=[server.identity(home)])
    assert (seen["dn"], seen["id"]) == HIDDEN[kind]
    server.unhide(dn)
    assert asker.ask_one(dn, pinned=pinned)["dn"] == "ENTRY"


# --- what was done to it

def make_conflict(server, dn):
    """What the loser of a replication conflict looks like; answers its DN."""
    value = server.identity(dn).partition(":")[2]
    if server.name == "samba":
        return server.rename(dn, f"{dn.partition(',')[0]}\\0ACNF:{value}")
    server.connect().rename_s(dn, f"nsuniqueid={value}+{dn.partition(',')[0]}", delold=0)
    live = f"{dn.partition(',')[0]}+nsuniqueid={value},{parent_of(dn)}"
    server.connect().modify_s(live, [(ldap.MOD_ADD, "objectClass", [b"ldapsubentry"]),
                                     (ldap.MOD_ADD, "nsds5ReplConflict", [f"namingConflict (ADD) {dn}".encode()])])
    return live


@pytest.mark.parametrize("is_replaced", [False, True])
def test_the_loser_of_a_conflict_is_known_as_one(kind, server, asker, home, is_replaced):
    only(kind, "389", "samba")
    dn = add(server, "custom", home)
    pinned = server.identity(dn)
    make_conflict(server, dn)
    if is_replaced:
        add(server, "custom", home)
    seen = asker.ask_one(dn, pinned=pinned)
    assert (seen["dn"], seen["id"]) == ("ENTRY" if is_replaced else "ABSENT", "FOUND")
    assert seen["is_conflict"]
    assert value_of(pinned) in seen["pinned_dn"]


def value_of(identity):
    return identity.partition(":")[2]


def test_a_name_that_only_looks_like_a_conflict_is_none(kind, server, asker, home):
    only(kind, "samba")
    dn = add(server, "custom", home)
    pinned = server.identity(dn)
    for name in ("custom CNF:" + value_of(pinned), "custom\\0Acnf:1"):
        dn = server.rename(dn, f"CN={name}")
        seen = asker.ask_one(f"CN=custom,{home}", pinned=pinned)
        assert (seen["id"], seen["is_conflict"]) == ("FOUND", False), name


def keep_tombstones(kind, server):
    """389 keeps them where it may have to replicate them."""
    if kind == "389":
        server.add(f'cn=replica,cn="{server.suffix}",cn=mapping tree,cn=config', {
            "objectClass": ["top", "nsds5Replica", "extensibleObject"], "cn": "replica",
            "nsds5replicaroot": server.suffix, "nsds5replicaid": "7", "nsds5replicatype": "3", "nsds5flags": "1",
            "nsds5ReplicaBindDN": "cn=replication manager,cn=config"})


def test_who_may_read_tombstones_is_told_of_them(kind, server, asker, privileged, home):
    only(kind, "389", "samba")
    keep_tombstones(kind, server)
    dn = add(server, "custom", home)
    pinned = server.identity(dn)
    begun = now_ms()
    server.delete(dn)
    seen = privileged.ask_one(dn, pinned=pinned)
    assert (seen["id"], seen["tombstone"]["last_parent"]) == ("GONE", home)
    assert value_of(pinned) in seen["tombstone"]["dn"]
    stamp = seen["tombstone"]["stamp"]
    assert begun <= stamp["wall_ms"] <= now_ms() and stamp["by"] is None
    assert stamp["origin"] == ("DC1" if kind == "samba" else None)
    add(server, "custom", home)
    seen = privileged.ask_one(dn, pinned=pinned)
    assert (seen["dn"], seen["id"], seen["tombstone"]["last_parent"]) == ("ENTRY", "GONE", home), "replaced"
    assert asker.ask_one(dn, pinned=pinned)["tombstone"]["dn"] is None


# --- when, by whom and where it was changed

def who(kind, server):
    """What each kind tells of the administrator's changes: by whom, on which server."""
    return (None, "DC1") if kind == "samba" else (server.admin_dn.lower(), None)


def told(stamp):
    return stamp["by"] and stamp["by"].lower(), stamp["origin"]


def test_a_rename_stamps_the_entry(kind, server, asker, home):
    dn = add(server, "custom", home)
    pinned = server.identity(dn)
    let_a_second_pass()
    begun = now_ms()
    live = server.rename(dn, f"{cn(server)}=partners")
    seen = asker.ask_one(dn, pinned=pinned, details=True)
    assert begun <= seen["stamp"]["wall_ms"] <= now_ms()
    assert told(seen["stamp"]) == who(kind, server)
    stamped = seen["stamp"]["wall_ms"]
    let_a_second_pass()
    server.modify(live, displayName="Partners")
    seen = asker.ask_one(dn, pinned=pinned, details=True)
    assert (seen["stamp"]["wall_ms"] == stamped) == (kind == "samba"), \
        "where each attribute has its own stamp, that of the name counts"
    assert asker.ask_one(dn, pinned=pinned)["stamp"]["wall_ms"] == 0, "not asked for"


def test_the_rename_of_an_ancestor_stamps_the_ancestor_alone(kind, server, asker, home):
    above = add(server, "above", home)
    dn = add(server, "custom", above)
    pinned = server.identity(dn)
    let_a_second_pass()
    begun = now_ms()
    server.rename(above, f"{cn(server)}=another")
    seen = asker.ask_one(dn, pinned=pinned, details=True)
    assert seen["path"][0][0] == f"{cn(server)}=another,{home}"
    assert seen["stamp"]["wall_ms"] < begun <= seen["path_stamps"][0]["wall_ms"] <= now_ms()
    assert told(seen["path_stamps"][0]) == who(kind, server)
    assert all(stamp["wall_ms"] < begun for stamp in seen["path_stamps"][1:])
    assert len(seen["path_stamps"]) == len(seen["path"])
    plain, detailed = asker.ask(f"ask {dn}", f"pinned {pinned}", f"ask {dn}", f"pinned {pinned}", "details")
    assert plain["path"] == detailed["path"]
    assert not any(stamp["wall_ms"] for stamp in plain["path_stamps"]), "one batch, and not asked for"
    assert all(stamp["wall_ms"] for stamp in detailed["path_stamps"][:1])


VINTAGE = {"samba": "highestCommittedUSN", "389": None, "slapd": None}  # slapd: without replication


def test_how_new_the_data_is_rises_with_a_change(kind, server, asker, home):
    before = asker.ask_one(home)["vintage"]
    server.modify(home, displayName="changed")
    after = asker.ask_one(home)["vintage"]
    assert before != after or before is after is None
    assert before is None if VINTAGE[kind] is None else before.startswith(VINTAGE[kind] + ":")
    if kind == "samba":
        [(_, root)] = server.connect().search_s("", ldap.SCOPE_BASE, attrlist=["dsServiceName"])
        number, _, service = after.partition(":")[2].partition("@")
        assert service == root["dsServiceName"][0].decode()
        assert int(number) > int(before.partition(":")[2].partition("@")[0])
        assert asker.ask_one("dc=nowhere")["vintage"] is None


# --- what it is and what lives below it

@pytest.mark.parametrize("object_class, answer", [
    ("container", "FITS"), ("CONTAINER", "FITS"), ("top", "FITS"), ("organizationalUnit", "OTHER"),
    ("no-such-class", "OTHER"), ("*", "OTHER")])
def test_the_server_knows_of_which_class_an_entry_is(server, asker, object_class, answer):
    seen = asker.ask_one(server.custom, object_class=object_class)
    assert (seen["dn"], seen["object_class"]) == ("ENTRY", answer)
    assert (seen["object_classes"] is not None) == (answer == "OTHER")
    assert answer == "FITS" or "container" in seen["object_classes"].lower().split()


def test_entries_and_those_among_them_that_match_are_counted(kind, server, asker, home):
    for name in ("a", "b", "c"):
        add_person(server, name, home)
    for name in ("x", "y"):
        add_person(server, "below", add(server, name, home))
    asked = {"entry_filter": "(mail=*)"}
    seen = asker.ask_one(home, **asked, entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 5], ["COMPLETE", 3])
    seen = asker.ask_one(home, **asked, entry_limit=5)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 5], ["COMPLETE", 3])
    seen = asker.ask_one(home, **asked, entry_limit=2)
    assert seen["matching"] == ["AT_LEAST", 2]
    assert seen["entries"] == (["COMPLETE", 5] if kind == "389" else ["AT_LEAST", 2]), "389 tells the number"
    seen = asker.ask_one(home, entry_filter="(mail=nobody@example.com)", entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 5], ["COMPLETE", 0])
    seen = asker.ask_one(home, details=True, entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["NOT_ASKED", 0], ["NOT_ASKED", 0]), "nothing is wrong with it"


def test_what_the_server_lets_us_count_is_at_least_there(kind, server, asker, home):
    """A limit of the server's below ours; 389 has another one for pages."""
    only(kind, "389")
    for name in "abcdefg":
        add_person(server, name, home)
    server.modify("cn=config", **{"nsslapd-sizelimit": "3"})
    try:
        seen = asker.ask_one(home, entry_filter="(mail=*)", entry_limit=10)
        assert (seen["entries"], seen["matching"]) == (["COMPLETE", 7], ["AT_LEAST", 3])
        assert seen["failure"]["reason"] == "limit" and seen["failure"]["text"]
        server.modify("cn=config", **{"nsslapd-pagedsizelimit": "-1"})
        seen = asker.ask_one(home, entry_filter="(mail=*)", entry_limit=10)
        assert (seen["entries"], seen["matching"]) == (["COMPLETE", 7], ["COMPLETE", 7])
    finally:
        server.modify("cn=config", **{"nsslapd-sizelimit": "2000", "nsslapd-pagedsizelimit": "0"})


def test_an_empty_container_is_empty(server, asker, home):
    seen = asker.ask_one(home, entry_filter="(mail=*)", entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 0], ["COMPLETE", 0])


def test_below_a_renamed_container_they_are_counted_where_it_is_now(server, asker, home):
    dn = add(server, "custom", home)
    pinned = server.identity(dn)
    add_person(server, "a", dn)
    add(server, "x", dn)
    server.rename(dn, f"{cn(server)}=partners")
    seen = asker.ask_one(dn, pinned=pinned, details=True, entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 2], ["NOT_ASKED", 0])
    seen = asker.ask_one(dn, pinned=pinned, entry_filter="(mail=*)", entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 2], ["COMPLETE", 1])


def test_below_an_entry_of_the_wrong_class_they_are_counted(server, asker, home):
    add_person(server, "a", home)
    seen = asker.ask_one(home, object_class="organizationalUnit", details=True, entry_limit=10)
    assert (seen["object_class"], seen["entries"]) == ("OTHER", ["COMPLETE", 1])


@pytest.mark.parametrize("entry_filter", ["(mail=*", "mail=*)", "(&(mail=*)", "()", "(mail=\\zz)", "("])
def test_a_filter_that_is_none_is_called_so(server, asker, home, entry_filter):
    seen = asker.ask_one(home, entry_filter=entry_filter, entry_limit=10)
    assert (seen["dn"], seen["matching"]) == ("ENTRY", ["FAILED", 0])
    assert seen["entries"] == ["COMPLETE", 0]
    assert seen["failure"]["reason"] == "protocol" and seen["failure"]["text"].startswith(entry_filter.replace(
        "\\", "\\\\") + " is no filter: ")


def test_a_container_with_entries_that_cannot_be_seen_is_not_called_empty(kind, server, asker, home):
    only(kind, "slapd", "389")
    for name in ("a", "b"):
        server.hide(add_person(server, name, home))
    seen = asker.ask_one(home, entry_filter="(mail=*)", entry_limit=10)
    assert seen["matching"] == ["HIDDEN", 0]
    assert seen["entries"] == (["COMPLETE", 2] if kind == "389" else ["HIDDEN", 0])


def test_where_the_number_of_entries_is_told_those_that_cannot_be_seen_are_missed(kind, server, asker, home):
    only(kind, "389")
    add(server, "x", home)
    server.hide(add_person(server, "a", home))
    seen = asker.ask_one(home, entry_filter="(mail=*)", entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 2], ["AT_LEAST", 0])
    assert seen["failure"]["reason"] == "acl"
    assert seen["failure"]["text"] == "of the 2 entries below it only 1 can be seen"
    server.unhide(f"cn=a,{home}")
    make_conflict(server, add(server, "z", home))
    seen = asker.ask_one(home, entry_filter="(mail=*)", entry_limit=10)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 3], ["COMPLETE", 1]), "the loser of a conflict is seen"


# --- what the operator may have meant

@pytest.mark.parametrize("attribute", ["displayName", "adminDisplayName", "description"])
def test_a_display_name_leads_to_the_directory_name(server, asker, home, attribute):
    name = f"Of {attribute}"
    dn = add(server, attribute, home, **{attribute: name})
    seen = asker.ask_one(f"cn={name},{home}")
    assert (seen["dn"], seen["matched_dn"]) == ("ABSENT", home)
    assert (seen["lookalike"], seen["attribute"], seen["is_unique"]) == (dn, attribute, True)


def test_the_same_name_under_another_type_is_found(server, asker, home):
    dn = add(server, "custom", home)
    seen = asker.ask_one(f"ou=custom,{home}")
    assert (seen["lookalike"], seen["attribute"], seen["is_unique"]) == (dn, "type", True)


# --- what is of one kind alone

def test_an_identity_of_another_kind_is_never_gone(kind, server, asker, home):
    other = {"slapd": "nsUniqueId:074a7418-e76c11f1-9c599d8d-89d87899", "389": "objectGUID:" + "0" * 8 + "-0000" * 3
             + "-" + "0" * 12, "samba": "entryUUID:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11"}[kind]
    seen = asker.ask_one(f"cn=nobody,{home}", pinned=other)
    assert (seen["dn"], seen["id"]) == ("ABSENT", "REFUSED")
    assert f"this server knows entries by {server.id_attribute}" in seen["failure"]["text"]


def test_389_knows_entries_by_their_entryUUID_as_well(kind, server, asker, home):
    only(kind, "389")
    dn = add(server, "custom", home)
    [(_, entry)] = server.connect().search_s(dn, ldap.SCOPE_BASE, attrlist=["entryUUID"])
    pinned = "entryUUID:" + entry["entryUUID"][0].decode()
    seen = asker.ask_one(dn, pinned=pinned, path=True)
    assert (seen["dn"], seen["found_identity"], seen["id"]) == ("ENTRY", pinned, "FOUND")
    assert seen["path"] == path_of(server, dn)
    live = server.rename(dn, "cn=partners")
    seen = asker.ask_one(dn, pinned=pinned)
    assert (seen["dn"], seen["id"], seen["pinned_dn"]) == ("ABSENT", "FOUND", live)


def test_389_looks_identities_up_in_an_index(kind, server, asker, home):
    only(kind, "389")
    pinned = server.identity(home)
    asker.ask_one(f"cn=nobody,{home}", pinned=pinned)
    with open(server.path("log", "access"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    [at] = [n for n, line in enumerate(lines) if " SRCH " in line and f"(nsUniqueId={value_of(pinned)})" in line]
    operation = " ".join(lines[at].split()[2:4])
    [result] = [line for line in lines[at:] if f" {operation} RESULT " in line][:1]
    assert " err=0 " in result and " nentries=1 " in result and "notes=" not in result, result


def test_samba_is_not_asked_for_what_is_no_guid(kind, asker, home):
    only(kind, "samba")
    for pinned in ("310de56c", "{310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11}", ">", "310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b1g"):
        seen = asker.ask_one(f"cn=nobody,{home}", pinned="objectGUID:" + pinned)
        assert (seen["id"], seen["failure"]["text"]) == ("REFUSED", pinned + " is no GUID")


def test_samba_asked_by_nobody_fails(kind, server, home):
    only(kind, "samba")
    with Prober(server.uri) as anonymous:
        seen = anonymous.start().ask_one(home, pinned=server.identity(home))
    assert (seen["dn"], seen["id"]) == ("FAILED", "NOT_ASKED")
    assert (seen["failure"]["reason"], seen["failure"]["code"]) == ("server", 1)
