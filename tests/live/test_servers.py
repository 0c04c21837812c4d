"""The servers that the other tests run against are what they rely on: one tree, one way to change it, and of what an
entry looks like that is not there or not to be seen, each its own answer."""

import ldap
import ldap.sasl
import pytest
from servers.samba import SHOW_DELETED
from servers.samba_rights import READ_PROPERTIES

EVERYTHING = "(objectClass=*)"


def base_search(connection, dn):
    """(name of the result code, matched DN, number of entries)."""
    try:
        found = connection.search_s(dn, ldap.SCOPE_BASE, EVERYTHING, ["1.1"])
    except ldap.LDAPError as error:
        return error.args[0]["desc"], error.args[0].get("matched"), 0
    return "Success", None, len(found)


def below(connection, dn):
    return {entry for entry, _ in connection.search_s(dn, ldap.SCOPE_ONELEVEL, EVERYTHING, ["1.1"]) if entry}


def test_an_ordinary_account_may_read_the_tree_of_the_article(ldap_server):
    monitor = ldap_server.connect_as_monitor()
    [(dn, custom)] = monitor.search_s(ldap_server.custom, ldap.SCOPE_BASE)
    assert dn == ldap_server.custom and custom["displayName"] == [b"Custom Recipients"]
    assert len(below(monitor, ldap_server.custom)) == 3
    assert below(monitor, ldap_server.recipients) == {ldap_server.custom}
    assert below(monitor, ldap_server.charlotte) == {ldap_server.recipients}
    with pytest.raises(ldap.INSUFFICIENT_ACCESS):
        monitor.modify_s(dn, [(ldap.MOD_REPLACE, "displayName", [b"x"])])


def test_an_identity_stays_whatever_the_entry_is_called_and_ends_with_it(ldap_server):
    pinned = ldap_server.identity(ldap_server.custom)
    attribute, _, value = pinned.partition(":")
    assert attribute == ldap_server.id_attribute and value == value.lower() and len(value) in (35, 36)
    live = ldap_server.rename(ldap_server.custom, "cn=partners")
    assert ldap_server.identity(live) == pinned
    live = ldap_server.move(live, ldap_server.charlotte)
    assert ldap_server.identity(live) == pinned
    assert len(below(ldap_server.connect_as_monitor(), live)) == 3
    live = ldap_server.rename(live, "cn=custom", ldap_server.recipients)
    assert live.lower() == ldap_server.custom.lower() and ldap_server.identity(live) == pinned
    ldap_server.rename(ldap_server.recipients, "cn=senders")
    assert ldap_server.identity(live.replace("recipients", "senders").replace("RECIPIENTS", "SENDERS")) == pinned
    ldap_server.rename(ldap_server.recipients.replace("recipients", "senders"), "cn=recipients")
    ldap_server.delete(live)
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        ldap_server.identity(live)
    ldap_server.add_container(live, displayName="Custom Recipients")
    assert ldap_server.identity(live) != pinned


def test_two_entries_of_one_class_of_server_have_two_identities(ldap_server):
    assert ldap_server.identity(ldap_server.custom) != ldap_server.identity(ldap_server.recipients)


def test_what_is_changed_is_read(ldap_server):
    ldap_server.modify(ldap_server.custom, displayName="Partners", description=["one", "two"][:1])
    [(_, custom)] = ldap_server.connect_as_monitor().search_s(ldap_server.custom, ldap.SCOPE_BASE)
    assert (custom["displayName"], custom["description"]) == ([b"Partners"], [b"one"])


def test_the_tree_survives_a_restart(ldap_server):
    pinned = ldap_server.identity(ldap_server.custom)
    ldap_server.restart()
    assert ldap_server.identity(ldap_server.custom) == pinned
    ldap_server.kill()
    ldap_server.start()
    assert ldap_server.identity(ldap_server.custom) == pinned


# kind -> how the base search of a hidden entry ends; of one that is not there (matched: the entry above)
HIDDEN = {"slapd": ("No such object", 0), "ns-slapd": ("Success", 0), "samba": ("No such object", 0)}
TELLS_WHAT_MATCHED = {"slapd": True, "ns-slapd": True, "samba": False}


def test_what_is_hidden_looks_to_an_ordinary_account_as_if_it_were_not_there(ldap_server):
    monitor = ldap_server.connect_as_monitor()
    beside = f"cn=beside,{ldap_server.recipients}"
    ldap_server.add_container(beside)
    ldap_server.hide(ldap_server.custom)
    code, matched, count = base_search(monitor, ldap_server.custom)
    assert (code, count) == HIDDEN[ldap_server.name] and matched is None
    assert [dn.lower() for dn in below(monitor, ldap_server.recipients)] == [beside.lower()]
    [contact, *_] = below(ldap_server.connect(), ldap_server.custom)
    assert base_search(monitor, contact)[2] == 0, "hidden with what is above it"
    ldap_server.unhide(ldap_server.custom)
    assert base_search(monitor, ldap_server.custom) == ("Success", None, 1)
    assert len(below(monitor, ldap_server.custom)) == 3 and len(below(monitor, ldap_server.recipients)) == 2


def test_what_is_hidden_is_shown_again_one_by_one(ldap_server):
    monitor, custom = ldap_server.connect_as_monitor(), ldap_server.custom
    beside = custom.replace("custom", "beside")
    ldap_server.add_container(beside)
    ldap_server.hide(custom)
    ldap_server.hide(beside)
    ldap_server.hide(ldap_server.charlotte)
    ldap_server.unhide(beside)
    assert base_search(monitor, beside)[2] == 0, "what is above it is hidden"
    ldap_server.unhide(ldap_server.charlotte)
    assert below(monitor, ldap_server.recipients) == {beside}
    ldap_server.unhide(custom)
    assert below(monitor, ldap_server.recipients) == {custom, beside}


def test_the_answer_for_an_entry_that_is_not_there_may_name_what_is_above(ldap_server):
    code, matched, _ = base_search(ldap_server.connect_as_monitor(), f"cn=nobody,{ldap_server.custom}")
    assert code == "No such object"
    assert matched == (ldap_server.custom if TELLS_WHAT_MATCHED[ldap_server.name] else None)


def test_it_is_reached_over_tls(ldap_server_factory, certificates):
    server = ldap_server_factory(certificates=certificates)
    connection = ldap.initialize(server.ldaps_uri)
    connection.set_option(ldap.OPT_X_TLS_CACERTFILE, certificates.ca)
    connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
    connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    connection.simple_bind_s(server.monitor_dn, server.monitor_password)
    assert base_search(connection, server.custom) == ("Success", None, 1)


def test_two_of_a_kind_run_side_by_side(ldap_server_factory):
    one, two = ldap_server_factory(), ldap_server_factory()
    assert one.uri != two.uri
    one.rename(one.custom, "cn=partners")
    assert base_search(two.connect_as_monitor(), two.custom) == ("Success", None, 1)


def test_the_settings_of_a_directory_bind_as_the_ordinary_account(ldap_server):
    settings = ldap_server.reader_bind
    with open(settings["password_file"], encoding="ascii") as file:
        connection = ldap.initialize(ldap_server.uri)
        connection.simple_bind_s(settings["bind_dn"], file.read().rstrip("\n"))
    assert base_search(connection, ldap_server.custom) == ("Success", None, 1)


# --- 389 Directory Server

def found_by_identity(connection, server, identity, more="{}"):
    attribute, _, value = identity.partition(":")
    found = connection.search_s(server.suffix, ldap.SCOPE_SUBTREE, more.format(f"({attribute}={value})"), ["1.1"])
    return [dn for dn, _ in found]


def test_389_hides_an_entry_in_conflict_from_who_does_not_ask_for_it(ds389):
    pinned, monitor = ds389.identity(ds389.custom), ds389.connect_as_monitor()
    live = ds389.conflict(ds389.custom)
    ds389.add_container(ds389.custom)
    assert ds389.identity(live) == pinned != ds389.identity(ds389.custom)
    assert found_by_identity(monitor, ds389, pinned) == []
    assert found_by_identity(monitor, ds389, pinned, "(&(objectClass=ldapSubEntry){})") == [live]
    [(_, entry)] = monitor.search_s(live, ldap.SCOPE_BASE, attrlist=["nsds5ReplConflict"])
    assert entry["nsds5ReplConflict"] == [f"namingConflict (ADD) {ds389.custom}".encode()]


def test_389_keeps_the_deleted_if_it_is_a_replica_and_shows_them_to_its_manager_alone(ds389_factory):
    for keeps_deleted in (False, True):
        server = ds389_factory(keeps_deleted=keeps_deleted)
        pinned = server.identity(server.custom)
        server.delete(server.custom)
        tombstone = "(&(objectClass=nsTombstone){})"
        assert bool(found_by_identity(server.connect(), server, pinned, tombstone)) == keeps_deleted
        assert not found_by_identity(server.connect_as_monitor(), server, pinned, tombstone)


# --- Samba

def deleted(connection, identity):
    """What is told of a deleted entry; None if nothing is."""
    try:
        [(dn, entry)] = connection.search_ext_s(f"<GUID={identity.partition(':')[2]}>", ldap.SCOPE_BASE, EVERYTHING,
                                                ["isDeleted", "lastKnownParent"], serverctrls=[SHOW_DELETED])
    except ldap.NO_SUCH_OBJECT:
        return None
    assert "\\0ADEL:" in dn and entry["isDeleted"] == [b"TRUE"]
    return entry["lastKnownParent"][0].decode()


def test_samba_shows_the_deleted_to_administrators_and_to_whom_that_is_granted(samba):
    pinned, monitor = samba.identity(samba.custom), samba.connect_as_monitor()
    samba.delete(samba.custom)
    assert deleted(samba.connect(), pinned) == samba.recipients
    assert deleted(monitor, pinned) is None
    samba.grant_deleted()
    assert deleted(monitor, pinned) == samba.recipients
    samba.restore(pinned, samba.custom)
    assert samba.identity(samba.custom) == pinned and base_search(monitor, samba.custom)[2] == 1


def test_samba_names_an_entry_in_conflict_by_its_identity(samba):
    pinned = samba.identity(samba.custom)
    live = samba.conflict(samba.custom)
    samba.add_container(samba.custom)
    assert samba.identity(live) == pinned != samba.identity(samba.custom)
    assert live == f"CN=custom\\0ACNF:{pinned.partition(':')[2]},{samba.recipients}"
    assert len(below(samba.connect_as_monitor(), live)) == 3


def test_samba_can_empty_an_entry_for_the_ordinary_account(samba):
    monitor = samba.connect_as_monitor()
    samba.deny(samba.custom, READ_PROPERTIES)
    assert monitor.search_s(samba.custom, ldap.SCOPE_BASE) == [(samba.custom, {})]
    samba.allow(samba.custom, READ_PROPERTIES)
    assert "objectGUID" in monitor.search_s(samba.custom, ldap.SCOPE_BASE)[0][1]


def test_samba_takes_kerberos_for_who_has_a_keytab(samba_factory, monkeypatch):
    samba = samba_factory(kdc=True)
    monkeypatch.setenv("KRB5_CONFIG", samba.krb5_conf)
    monkeypatch.setenv("KRB5_CLIENT_KTNAME", samba.keytab())
    monkeypatch.setenv("KRB5CCNAME", samba.path("tickets"))
    connection = ldap.initialize(samba.uri)
    connection.sasl_interactive_bind_s("", ldap.sasl.gssapi())
    assert base_search(connection, samba.custom) == ("Success", None, 1)
