"""The program and we read the same DN from the same file: for every preset whose program Debian has, many variants of
its file, the program's own word against source_read()."""

import os
import subprocess

import ldap.dn
import pytest

import consumer_files
import consumers
from consumer_files import variants
from servers.slapd import SUFFIX

READ_SOURCE = os.path.join(os.environ["BUILDDIR"], "tests/live/read_source")

NO_DN_TO_SSSD = [b"ou = people,o = mms", b"cn=a=b,", b"cn=a;o=mms", b"cn=a ; o=mms", b"cn=a+sn=b,"]

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="root alone may start some, or write where they read")


def answers(output):
    """What read_source printed: for each dn_from the bases, or the refusal as text."""
    for answer in output.split(b"\n\n")[:-1]:
        lines = answer.split(b"\n")
        yield lines[0][1:].decode() if lines[0].startswith(b"-") else [line[1:] for line in lines]


def ask_us(preset, files):
    output = subprocess.run([READ_SOURCE, *(f"{preset}:{file}" for file in files)], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, check=True).stdout
    return list(answers(output))


def is_dn(base):
    try:
        return ldap.dn.is_dn(base.decode().strip(" "))
    except UnicodeDecodeError:
        return False


def plain(base):
    """Without what Postfix leaves between the lines of a file of Windows: a blank to whoever reads a DN."""
    return base.strip(b" ").replace(b"\r", b"")


def disagreement(variant, theirs, ours):
    """What is wrong with our answer, if anything is."""
    if theirs is not None and all(is_dn(base) for base in theirs):
        is_right = not isinstance(ours, str) and [plain(base) for base in theirs] == ours
    elif variant.is_refused and not isinstance(ours, str):
        is_right = all(base in variant.text for base in ours)
    else:
        is_right = isinstance(ours, str)
    return None if is_right else f"{variant.why}: {variant.text!r}\n    the program: {theirs}\n    we: {ours}"


@pytest.fixture
def compare(tmp_path, slapd_factory):
    """compare(variants, ask, ask_us): writes each into a file, asks the program and us, and wants one answer."""
    def run(variants, ask, ask_us):
        slapd = slapd_factory(tree=[(SUFFIX, {"objectClass": "organization", "o": "mms"})], log="args")
        files = [str(tmp_path / f"file-{number}") for number in range(len(variants))]
        for number, (file, variant) in enumerate(zip(files, variants)):
            with open(file, "wb") as out:
                out.write(variant.text.replace(b"@URI@", slapd.uri.encode()).replace(b"@N@", str(number).encode()))
        theirs, ours = ask(str(tmp_path), slapd, files), ask_us(files)
        assert len(variants) == len(theirs) == len(ours)
        found = [row for row in map(disagreement, variants, theirs, ours) if row]
        n_bases = sum(row is not None for row in theirs)
        print(f"{len(variants)} files, {n_bases} with a base, {len(found)} disagreements")
        assert not found, "\n".join(found)
    return run


def test_postfix(compare):
    head = "server_host = @URI@\nbind = no\nversion = 3\nquery_filter = (cn=file-@N@)\n"
    compare(variants(consumer_files.POSTFIX, head), consumers.ask_postfix, lambda files: ask_us("postfix", files))


def test_dovecot(compare):
    head = "uris = @URI@\nldap_version = 3\nuser_filter = (cn=file-@N@)\n"
    compare(variants(consumer_files.DOVECOT, head), consumers.ask_dovecot, lambda files: ask_us("dovecot", files))


def test_nslcd(compare):
    # It asks the server for a base if the file has none, and there shall be no server then.
    head = "uri ldap://127.0.0.1:1/\nuid nslcd\ngid nslcd\nreconnect_retrytime 1\n"
    # A last line that is not ended makes it refuse the file.
    files = [file._replace(is_refused=file.is_refused or not file.text.endswith(b"\n"))
             for file in variants(consumer_files.NSLCD, head)]
    compare(files, consumers.ask_nslcd,
            lambda files: [answer if isinstance(answer, str) else sorted(answer) for answer in ask_us("nslcd", files)])


def test_sssd(compare):
    def ask_us(file):
        return next(answers(consumers.with_sssd_conf(file, READ_SOURCE, "sssd:example")))

    head = "[sssd]\ndomains = example\n[domain/example]\nid_provider = ldap\nldap_uri = @URI@\n"
    files = variants(consumer_files.SSSD, head, mixtures=30, ends=lambda file: [file])
    # It has a parser of its own for DNs, which does not take all of them; the domain is offline then.
    files = [file._replace(is_refused=any(dn in file.text for dn in NO_DN_TO_SSSD)) for file in files]
    compare(files, consumers.ask_sssd, lambda files: consumers.at_once(ask_us, files))


def test_freeradius(compare):
    head = "ldap {\n\tserver = '@URI@'\n\tuser {\n\t\tfilter = '(cn=file-@N@)'\n"
    compare(variants(consumer_files.FREERADIUS, head, "\t}\n}\n", consumer_files.FREERADIUS_WHOLE),
            consumers.ask_freeradius, lambda files: ask_us("freeradius", files))
