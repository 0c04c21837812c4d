"""dndriftctl dn: a DN in all its forms and two compared, with neither a daemon nor a configuration file."""

import json
import os
import re
import subprocess

import pytest

CTL = os.path.join(os.environ["BUILDDIR"], "dndriftctl")
OK, DIFFERENT, NO_DN = 0, 1, 2
NO_DOMAIN = "a canonical name begins with the domain, and there is no dc= at the top"
NO_TYPES = "a canonical name does not tell the attribute types: only the directory knows the LDAP DN"
UNTYPED = "attribute types were not compared: a canonical name does not tell them\n"
LDAP, X500, CANONICAL = "cn=bob,ou=Sales,dc=example,dc=com", "/dc=com/dc=example/ou=Sales/cn=bob", "example.com/Sales/bob"
UNCLEAN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffd]")


def dn(*arguments):
    """The configuration named does not exist: nobody may look for it."""
    done = subprocess.run([CTL, "-c", "/nonexistent/dndriftd.conf", "dn", *arguments], capture_output=True,
                          check=False, timeout=60)
    out, err = done.stdout.decode(), done.stderr.decode()  # strict: both are UTF-8 whatever came in
    assert not UNCLEAN.search(out + err)
    return done.returncode, out, err


def told(*arguments):
    status, out, err = dn("--json", *arguments)
    assert err == ""
    return status, json.loads(out)


@pytest.mark.parametrize("text, form, ldap, x500, canonical", (
    (LDAP, "ldap", LDAP, X500, CANONICAL),
    (X500, "x500", LDAP, X500, CANONICAL),
    ("EX:" + X500, "x500", LDAP, X500, CANONICAL),
    ("ldap:" + LDAP, "ldap", LDAP, X500, CANONICAL),
    (CANONICAL, "canonical", None, None, CANONICAL),
    ("o=mms/ou=charlotte", "x500", "ou=charlotte,o=mms", "/o=mms/ou=charlotte", None),
    ("\\o=mms\\ou=charlotte", "x500", "ou=charlotte,o=mms", "/o=mms/ou=charlotte", None),
    ("cn=a\\,b,o=mms", "ldap", "cn=a\\,b,o=mms", "/o=mms/cn=a,b", None),
    ("cn=a/b,dc=x", "ldap", "cn=a/b,dc=x", None, "x/a\\/b"),
    ("cn=a+sn=b,dc=x", "ldap", "cn=a+sn=b,dc=x", None, None),
    ("name=a,dc=x", "ldap", "name=a,dc=x", None, "x/a"),
    ("", "ldap", "", None, None),
))
def test_one_is_told_in_all_its_forms(text, form, ldap, x500, canonical):
    status, one = told(text)
    assert (status, one["form"]) == (OK, form)
    assert one["forms"] == {"ldap": ldap, "x500": x500, "canonical": canonical}
    assert set(one["why_not"]) == {form for form, written in one["forms"].items() if written is None}


@pytest.mark.parametrize("text, form, why", (
    ("cn=a,o=mms", "canonical", NO_DOMAIN),
    (CANONICAL, "ldap", NO_TYPES),
    (CANONICAL, "x500", "an attribute type that a canonical name does not tell"),
    ("", "x500", "the X.500 slash form cannot write the root DSE"),
    ("cn=a/b,o=mms", "x500", "cannot write cn=a/b: a slash inside a value"),
))
def test_a_form_that_cannot_say_it_tells_why(text, form, why):
    assert why in told(text)[1]["why_not"][form]
    assert why in dn(text)[1]


def test_the_table_has_a_row_for_each_form():
    status, out, err = dn("/o=mms/cn=recipients/cn=custom")
    assert (status, err) == (OK, "")
    assert out.splitlines() == ["form       x500",
                                "ldap       cn=custom,cn=recipients,o=mms",
                                "x500       /o=mms/cn=recipients/cn=custom",
                                "canonical  -",
                                "           " + NO_DOMAIN]


def test_what_exchange_does_not_allow_is_warned_of():
    text = "/o=a'b/cn= x/cn=" + "y" * 65
    warnings = told(text)[1]["warnings"]
    assert "o=a'b holds a character that Exchange does not allow there" in warnings
    assert any("begins or ends with a blank" in warning for warning in warnings)
    assert any("longer than the 64 characters" in warning for warning in warnings)
    out = dn(text)[1]
    assert all(f"\n           {warning}\n" in out for warning in warnings)
    assert told(X500)[1]["warnings"] == told(CANONICAL)[1]["warnings"] == []


@pytest.mark.parametrize("first, second, status, line", (
    ("cn=a", "cn=a", OK, "equal"),
    ("cn=a", "CN=A", OK, "equal: `cn=a` and `CN=A`: upper and lower case differ"),
    ("cn=a,o=b", "cn=a, o=b", OK, "equal: spaces differ"),
    ("cn=a,o=b", "commonName=a,o=b", OK, "equal: `cn=a` and `commonName=a`: another name of the same attribute type"),
    ("cn=a+sn=b", "sn=b+cn=a", OK, "equal: `cn=a+sn=b` and `sn=b+cn=a`: the values stand in another order"),
    ("ldap:cn=a", "cn=a", OK, "equal"),
    (LDAP, X500, OK, "equal: written as an LDAP DN and as an X.500 slash form"),
    ("cn=Bob,o=mms", "/o=mms/cn=bob", OK, "equal: `cn=Bob` and `cn=bob`: upper and lower case differ"),
    ("cn=a,o=b", "cn=c,o=b", DIFFERENT, "different: `cn=a` where the other has `cn=c`: another value"),
    ("cn=a,o=b", "ou=a,o=b", DIFFERENT,
     "different: `cn=a` where the other has `ou=a`: the same value under another attribute type"),
    ("o=b", "/o=b/cn=a", DIFFERENT, "different: it ends above `cn=a`"),
    ("cn=a,o=b", "o=b", DIFFERENT, "different: it goes on with `cn=a` where the other ends"),
))
def test_two_are_compared_and_the_difference_told(first, second, status, line):
    assert dn(first, second) == (status, line + "\n", "")
    code, pair = told(first, second)
    assert (code, pair["equal"], pair["types_compared"]) == (status, status == OK, True)
    assert pair["difference"] == (line.partition(": ")[2] or None)
    assert pair["dns"] == [told(first)[1], told(second)[1]]


@pytest.mark.parametrize("first, second, status, line", (
    (CANONICAL, LDAP, OK, "equal: written as a canonical name of Active Directory and as an LDAP DN"),
    (X500, CANONICAL, OK, "equal: written as an X.500 slash form and as a canonical name of Active Directory"),
    (CANONICAL, LDAP.replace("ou=", "cn="), OK,
     "equal: written as a canonical name of Active Directory and as an LDAP DN"),
    (CANONICAL, CANONICAL, OK, "equal"),
    (CANONICAL, "example.com/Sales/rob", DIFFERENT, "different: `name=bob` where the other has `name=rob`: another value"),
    (CANONICAL, LDAP.replace("bob", "Bob"), OK, "equal: `cn=bob` and `cn=Bob`: upper and lower case differ"),
    (LDAP.replace("bob", "rob"), CANONICAL, DIFFERENT, "different: `cn=rob` where the other has `cn=bob`: another value"),
    (CANONICAL, "ou=Sales,dc=example,dc=com", DIFFERENT,
     "different: it goes on with `name=bob` where the other ends"),
    (CANONICAL, "cn=bob,ou=Sales,dc=example,o=com", DIFFERENT,
     "different: `dc=com` where the other has `o=com`: the same value under another attribute type"),
    (CANONICAL, "cn=bob+sn=b,ou=Sales,dc=example,dc=com", DIFFERENT,
     "different: `name=bob` where the other has `cn=bob+sn=b`"),
))
def test_a_canonical_name_is_compared_by_its_values_and_that_is_said(first, second, status, line):
    assert dn(first, second) == (status, line + "\n" + UNTYPED, "")
    code, pair = told(first, second)
    assert (code, pair["equal"], pair["types_compared"]) == (status, status == OK, False)


@pytest.mark.parametrize("arguments, err", (
    (("garbage",), "not a DN: "),
    (("cn=a,",), "not a DN: "),
    (("example.com//x",), "not a DN: a component is empty"),
    (("cn=" + "a" * 9000,), "not a DN: longer than 8192 bytes"),
    (("<GUID=00>",), "an extended DN of Active Directory: only a server can tell what it leads to"),
    (("<WKGUID=00,dc=x>",), "an extended DN of Active Directory: only a server can tell what it leads to"),
    (("ldap://host/cn=a",), "an LDAP URL is no DN"),
    (("cn=a", "garbage"), "the second: not a DN: "),
    (("cn=a", "<SID=00>"), "the second: an extended DN"),
    (("<GUID=00>", "<GUID=00>"), "the first: an extended DN"),
))
def test_what_is_no_dn_is_told_as_such(arguments, err):
    for options in ((), ("--json",)):
        status, out, problem = dn(*options, *arguments)
        assert (status, out) == (NO_DN, "")
        assert problem.startswith("dndriftctl: " + err)


@pytest.mark.parametrize("bytes_", (b"\x1b[31m", b"\xff\xfe", b"\xc2\x9b2J", "\u202eabc".encode(), "\u2028".encode(), b"a\x7f",
                                    b"a\rb\nc"))
def test_hostile_bytes_never_reach_the_terminal(bytes_):
    for text in (b"cn=" + bytes_ + b",dc=x", b"x.org/" + bytes_, b"/o=mms/cn=" + bytes_, bytes_, bytes_ + b"=a", b"cn=a,dc=" + bytes_,
                 b"cn=a+" + bytes_):
        for options in ((), ("--json",)):
            status, out, err = dn(*options, text)
            assert status in (OK, NO_DN) and bool(out) == (status == OK) and bool(err) == (status == NO_DN)
            dn(*options, text, "cn=a,dc=x")
            dn(*options, b"cn=a,dc=x", text)
            dn(*options, "cn=a", "cn=b", text)


def test_help_tells_its_exit_status():
    status, out, err = dn("--help")
    assert (status, err) == (OK, "") and out.startswith("Usage: dndriftctl [-c FILE] dn [--json] DN [DN]\n")
    assert "0 (equal), 1 (different) or 2 (not a DN)" in out
