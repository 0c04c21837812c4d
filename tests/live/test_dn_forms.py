"""The forms of a DN against servers: a slash form leads to the entry that was made by its LDAP DN, and what dn/ writes
as a canonical name is what Samba itself calls the entry, or the difference is one of those explained here."""

import itertools

import ldap
import pytest

from dn_judges import ask_identities, write
from dn_spellings import escape, generate
from prober import Prober
from servers.samba import SUFFIX as DOMAIN

COUNT = 60
ROOM = "OU=Pair Room," + DOMAIN
ROOM_NAME = "mms.example/Pair Room/"
# Octets that a name may hold, alone and between letters, and what looks like an escape.
ODD = list(",+\"\\<>;=#/?!%&'()*:@[]^_`{|}~$") + ["ü", "日", "2C", "\\2C", "\\\\", "\\/", "//", " "]


def one_component(pair):
    """Whether a slash form can say it: one value, of printable ASCII, without a slash."""
    return isinstance(pair.value, str) and "/" not in pair.value and all(" " <= c <= "~" for c in pair.value)


def test_a_slash_form_leads_to_the_entry_of_the_ldap_dn(holder):
    pairs = generate(COUNT)
    connection = holder(pairs).connect()
    sayable = [pair for pair in pairs if one_component(pair)]
    written = [f"/o=mms/ou=Pair Room/{pair.type}={pair.value}" for pair in sayable]
    assert ask_identities(connection, write("ldap", written)) == ask_identities(connection, [p.first for p in sayable])
    assert write("x500", [pair.first for pair in sayable]) == written
    assert not any(write("x500", [pair.first for pair in pairs if not one_component(pair)]))
    print(f"{len(pairs)} entries, {len(sayable)} with a slash form")


def names():
    """Names of entries, no two alike; none ends with a blank and an escape, which Samba cuts off."""
    for number, (odd, frame) in enumerate(itertools.product(ODD, ("{0}{1}", "{1}{0}", "{1} {0} {1}"))):
        yield frame.format(odd, f"n{number}")


@pytest.fixture
def room(samba_factory):
    """A Samba with an entry of each name, and the names by DN."""
    named = {f"CN={escape(name).replace('=', chr(92) + '=')},{ROOM}": name for name in names()}
    tree = [(ROOM, {"objectClass": "organizationalUnit"})] + [(dn, {"objectClass": "container"}) for dn in named]
    samba = samba_factory(tree=tree)
    return samba, named


def test_a_canonical_name_is_what_samba_says_but_for_its_escapes(room, started):
    samba, named = room
    connection = samba.connect()
    found = [connection.search_s(dn, ldap.SCOPE_BASE, attrlist=["canonicalName", "objectGUID"])[0] for dn in named]
    theirs = [attributes["canonicalName"][0].decode() for _, attributes in found]
    ours = write("canonical", [dn for dn, _ in found])
    n_other = 0
    for their, our, name in zip(theirs, ours, named.values()):
        # MS-ADTS 3.1.1.4.5.3: a backslash before a slash and a backslash, and no other.
        assert our == ROOM_NAME + name.replace("\\", "\\\\").replace("/", "\\/")
        n_other += their != our
        # Samba escapes the rest as the LDAP DN does, and a slash not at all: then it cannot be told from a level.
        assert their == our or " " in (name[0], name[-1]) or set(name) & set(",+\"<>;=#?/")
        assert "/" in name or write("canonical", [their]) == [our]
    print(f"{len(ours)} names, {n_other} of which Samba writes with escapes of its own")
    settings = {**samba.reader_bind, "allow_cleartext": "yes"}
    settings.pop("cleartext")
    prober = started(Prober(samba.uri, **settings)).start()
    told = prober.ask(*(f"ask {name}" for name in ours))
    identities = [f"objectGUID:{samba.written(attributes['objectGUID'][0])}" for _, attributes in found]
    assert [seen["found_identity"] for seen in told] == identities
