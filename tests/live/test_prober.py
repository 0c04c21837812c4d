"""dndrift-prober against a real slapd: the ways in, what it refuses, what it finds; and what it gives up."""

import os
import signal
import socket
import time

import pytest

from prober import PROBER, Listener, Prober, result
from servers.certificates import CLIENT_DN
from servers.process import Process, free_port, wait_until
from servers.slapd import ADMIN, ARTICLE, CUSTOM, PASSWORD, RECIPIENTS, SUFFIX

CHARLOTTE = "ou=charlotte,o=mms"
SILENT = "127.0.0.97"  # a name server that never answers
UNBIND = b"0\x05\x02\x01\x01B\x00"
PEER = f"gidNumber={os.getgid()}+uidNumber={os.getuid()},cn=peercred,cn=external,cn=auth"


class TlsServer(Process):
    """openssl s_server, which speaks one version of TLS and no LDAP."""

    name = "s_server"

    def __init__(self, certificates, version):
        super().__init__()
        self.port = free_port()
        self.uri = f"ldaps://127.0.0.1:{self.port}"
        self.certificate, self.version = certificates.server(), version

    def command(self):
        certificate, key = self.certificate
        return ["openssl", "s_server", f"-{self.version}", "-cipher", "ALL:@SECLEVEL=0", "-cert", certificate,
                "-key", key, "-port", str(self.port), "-www"]

    def is_up(self):
        return "ACCEPT" in self.stderr()


@pytest.fixture
def prober(started):
    """prober(uri, **settings): a running one."""
    return lambda uri, environment=None, **settings: started(Prober(uri, **settings)).start(env=environment)


@pytest.fixture
def password_file(tmp_path):
    def write(password=PASSWORD + "\n", mode=0o600):
        file = tmp_path / "password"
        file.write_text(password)
        file.chmod(mode)
        return file
    return write


@pytest.fixture
def tls_slapd(slapd_factory, certificates):
    return lambda **options: slapd_factory(certificates=certificates, **options)


def way(slapd, name, certificates):
    """URI and settings of a way to reach the server."""
    trust = {"tls_ca_file": certificates.ca}
    return {"ldap": (slapd.uri, {}), "ldapi": (slapd.ldapi_uri, {}), "ldaps": (slapd.ldaps_uri, trust),
            "starttls": (slapd.uri, {**trust, "start_tls": "yes"})}[name]


# --- the ways in

@pytest.mark.parametrize("transport", ["ldap", "ldapi", "ldaps", "starttls"])
def test_anonymous_comes_in(tls_slapd, prober, certificates, transport):
    slapd = tls_slapd()
    uri, settings = way(slapd, transport, certificates)
    asker = prober(uri, **settings)
    seen = asker.ask_one(CUSTOM)
    assert seen["dn"] == "ENTRY" and seen["found_dn"] == CUSTOM
    assert seen["found_identity"] == slapd.identity(CUSTOM)
    assert ("tls" in asker.phases()) == (transport in ("ldaps", "starttls"))
    assert asker.leave() == {"frame": "ENDED", "status": 0, "signal": 0}


@pytest.mark.parametrize("transport", ["ldapi", "ldaps", "starttls"])
def test_a_password_goes_over_a_protected_connection(tls_slapd, prober, certificates, password_file, transport):
    slapd = tls_slapd(access=("to attrs=userPassword by anonymous auth",
                              f'to * by dn.exact="cn=reader,{SUFFIX}" read by * none'),
                      tree=ARTICLE + [(f"cn=reader,{SUFFIX}", {"objectClass": "person", "cn": "reader", "sn": "r",
                                                               "userPassword": "secret"})])
    uri, settings = way(slapd, transport, certificates)
    asker = prober(uri, bind="simple", bind_dn=f"cn=reader,{SUFFIX}", password_file=password_file("secret"), **settings)
    assert asker.ask_one(CUSTOM)["dn"] == "ENTRY"


def test_a_password_goes_in_clear_only_if_that_is_spelled_out(slapd, prober, password_file):
    login = {"bind": "simple", "bind_dn": ADMIN, "password_file": password_file()}
    assert prober(slapd.uri, allow_cleartext="yes", **login).ask_one(CUSTOM)["dn"] == "ENTRY"
    failed = prober(slapd.uri, **login).failure()
    assert failed["failure"]["phase"] == "bind" and not failed["is_credentials"]
    assert "not sent in clear" in failed["failure"]["text"]


def test_external_over_the_local_socket(slapd_factory, prober):
    slapd = slapd_factory(access=(f'to * by dn.exact="{PEER}" read by * none',))
    assert prober(slapd.ldapi_uri, bind="external").ask_one(CUSTOM)["dn"] == "ENTRY"
    assert prober(slapd.ldapi_uri).ask_one(CUSTOM)["dn"] == "UNMATCHED"


@pytest.mark.parametrize("transport", ["ldaps", "starttls"])
def test_external_with_a_client_certificate(tls_slapd, prober, certificates, transport):
    slapd = tls_slapd(extra_global=("TLSVerifyClient try",),
                      access=(f'to * by dn.exact="{CLIENT_DN}" read by * none',))
    uri, settings = way(slapd, transport, certificates)
    certificate, key = certificates.client()
    asker = prober(uri, bind="external", tls_cert_file=certificate, tls_key_file=key, **settings)
    assert asker.ask_one(CUSTOM)["dn"] == "ENTRY"


def test_external_without_anything_to_vouch_for_us_is_refused(slapd, prober):
    failed = prober(slapd.uri, bind="external").failure()
    assert failed["failure"]["phase"] == "bind" and failed["failure"]["reason"] == "bind"


def said_after(slapd, word):
    return slapd.stderr().partition(word)[2]


# --- TLS is verified, whatever is wrong

@pytest.mark.parametrize("transport", ["ldaps", "starttls"])
@pytest.mark.parametrize("certificate, sentence", [
    ("expired", "the server's certificate has expired"),
    ("wrong-name", "the server's certificate does not name 127.0.0.1"),
    ("unknown-ca", "the server's certificate was issued by an authority that is not trusted here"),
])
def test_a_bad_certificate_ends_it_before_the_bind(tls_slapd, prober, certificates, password_file, transport,
                                                   certificate, sentence):
    slapd = tls_slapd(certificate=certificate)
    uri, settings = way(slapd, transport, certificates)
    asker = prober(uri, bind="simple", bind_dn=f"cn=reader,{SUFFIX}", password_file=password_file(),
                   allow_cleartext="yes", **settings)
    failed = asker.failure()
    assert failed["failure"]["phase"] == "tls" and failed["failure"]["reason"] == "tls"
    assert failed["failure"]["text"].startswith(sentence)
    assert not failed["is_credentials"]
    assert "bind" not in asker.phases()
    assert asker.until("ENDED")
    assert "cn=reader" not in slapd.stderr()


def test_a_name_in_the_subject_alone_is_no_name(tls_slapd, prober, certificates):
    certificates.make("cn-only", "ca", "/CN=127.0.0.1", "basicConstraints=CA:FALSE", None)
    slapd = tls_slapd(extra_global=(f"TLSCertificateFile {certificates.path('cn-only.crt')}",
                                    f"TLSCertificateKeyFile {certificates.path('cn-only.key')}"))
    failed = prober(slapd.ldaps_uri, tls_ca_file=certificates.ca).failure()
    assert failed["failure"]["phase"] == "tls"


@pytest.mark.parametrize("version, is_taken", [("tls1", False), ("tls1_1", False), ("tls1_2", True), ("tls1_3", True)])
def test_tls_is_1_2_at_least(started, prober, certificates, version, is_taken):
    """The peer is no LDAP server: after the handshake it says nothing."""
    server = started(TlsServer(certificates, version)).start()
    failure = prober(server.uri, tls_ca_file=certificates.ca, timeout_ms=1000).failure()["failure"]
    assert failure["phase"] == ("profile" if is_taken else "tls"), failure


def test_neither_environment_nor_ldap_conf_weakens_it(tls_slapd, prober, certificates, tmp_path):
    slapd = tls_slapd(certificate="expired")
    conf = tmp_path / "ldap.conf"
    conf.write_text(f"TLS_REQCERT never\nTLS_REQSAN never\nURI {slapd.uri}\n")
    (tmp_path / "ldaprc").write_text(conf.read_text())
    (tmp_path / ".ldaprc").write_text(conf.read_text())
    environment = {**os.environ, "LDAPTLS_REQCERT": "never", "LDAPTLS_REQSAN": "never", "LDAPCONF": str(conf),
                   "LDAPRC": "ldaprc", "HOME": str(tmp_path), "LDAPURI": slapd.uri}
    failed = prober(slapd.ldaps_uri, environment, tls_ca_file=certificates.ca).failure()
    assert failed["failure"]["text"] == "the server's certificate has expired"


class WithoutNames(Prober):
    """A prober on a host whose own name stands in no file, and whose name server is silent."""

    def command(self):
        for name, text in (("hosts", ""), ("resolv.conf", f"nameserver {SILENT}\n")):
            with open(self.path(name), "w", encoding="ascii") as file:
                file.write(text)
        mounts = " && ".join(f"mount --bind {self.path(name)} /etc/{name}" for name in ("hosts", "resolv.conf"))
        return ["unshare", "-m", "sh", "-c", f'{mounts} && exec "$@"', "sh"] + super().command()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may hide /etc/hosts from a program")
def test_a_dead_name_server_does_not_hold_up_a_server_given_by_number(slapd, started):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((SILENT, 53))
        begun = time.monotonic()
        asker = started(WithoutNames(slapd.uri, timeout_ms=60000)).start()
        assert asker.ask_one(CUSTOM)["dn"] == "ENTRY"
        silent.settimeout(0.1)
        with pytest.raises(TimeoutError):
            assert not silent.recv(512), "a question to the name server"
    print(f"answered after {time.monotonic() - begun:.2f} s")


def test_an_environment_does_not_add_an_authority(tls_slapd, prober, certificates):
    slapd = tls_slapd(certificate="unknown-ca")
    environment = {**os.environ, "LDAPTLS_CACERT": certificates.path("other-ca.crt")}
    assert prober(slapd.ldaps_uri, environment, tls_ca_file=certificates.ca).failure()["failure"]["phase"] == "tls"
    asker = prober(slapd.ldaps_uri, tls_ca_file=certificates.path("other-ca.crt"))
    assert asker.ask_one(CUSTOM)["dn"] == "ENTRY", "the certificate is good for whoever trusts that authority"


def test_a_refused_starttls_never_falls_back(slapd, prober, certificates, password_file):
    asker = prober(slapd.uri, start_tls="yes", tls_ca_file=certificates.ca, bind="simple", bind_dn=ADMIN,
                   password_file=password_file(), allow_cleartext="yes")
    failed = asker.failure()
    assert failed["failure"]["phase"] == "tls" and "refuses StartTLS" in failed["failure"]["text"]
    asker.until("ENDED")
    assert " EXT oid=1.3.6.1.4.1.1466.20037" in slapd.stderr() and " BIND " not in said_after(slapd, " EXT ")


@pytest.mark.parametrize("key", ["tls_ca_file", "tls_cert_file", "tls_key_file"])
def test_a_missing_file_is_named(tls_slapd, prober, key):
    failed = prober(tls_slapd().ldaps_uri, **{key: "/nonexistent/file"}).failure()
    assert failed["failure"]["text"] == "/nonexistent/file cannot be read"


# --- passwords

def test_not_a_byte_of_a_password_is_sent_in_clear(started, prober, password_file):
    listener = started(Listener())
    asker = prober(listener.uri, bind="simple", bind_dn=ADMIN, password_file=password_file("the-secret"))
    assert "not sent in clear" in asker.failure()["failure"]["text"]
    asker.until("ENDED")
    assert listener.received in (b"", UNBIND)


def test_a_server_that_breaks_off_starttls_gets_no_password(started, prober, password_file, certificates):
    def serve(connection):
        connection.request()
        connection.peer.close()

    listener = started(Listener(serve))
    asker = prober(listener.uri, start_tls="yes", tls_ca_file=certificates.ca, bind="simple", bind_dn=ADMIN,
                   password_file=password_file("the-secret"), allow_cleartext="yes")
    assert asker.failure()["failure"]["phase"] == "tls"
    asker.until("ENDED")
    assert b"1.3.6.1.4.1.1466.20037" in listener.received and b"the-secret" not in listener.received


def test_a_wrong_password_is_called_so(slapd, prober, password_file):
    failed = prober(slapd.ldapi_uri, bind="simple", bind_dn=ADMIN, password_file=password_file("wrong")).failure()
    assert failed["is_credentials"]
    assert failed["failure"]["code"] == 49 and failed["failure"]["reason"] == "bind"
    assert failed["failure"]["text"].startswith("wrong password or bind DN (invalidCredentials")


AD_REFUSAL = "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data {}, v3839"


@pytest.mark.parametrize("code, said, is_doubt, told", [
    (49, AD_REFUSAL.format("52e"), True, "wrong password or bind DN (invalidCredentials: 80090308"),
    (49, AD_REFUSAL.format("525"), True, "there is no such account (invalidCredentials"),
    (49, AD_REFUSAL.format("530"), False, "the account may not log in at this time (invalidCredentials"),
    (49, AD_REFUSAL.format("531"), False, "the account may not log in from this machine (invalidCredentials"),
    (49, AD_REFUSAL.format("532"), False, "the password has expired: set a new one (invalidCredentials"),
    (49, AD_REFUSAL.format("533"), False, "the account is disabled: enable it (invalidCredentials"),
    (49, AD_REFUSAL.format("701"), False, "the account has expired (invalidCredentials"),
    (49, AD_REFUSAL.format("773"), False, "the password must be changed before the account may log in: set a new one"),
    (49, AD_REFUSAL.format("775"), False, "the account is locked out: unlock it (invalidCredentials"),
    (49, AD_REFUSAL.format("5333"), True, "wrong password or bind DN (invalidCredentials"),
    (49, "data 533", True, "wrong password or bind DN (invalidCredentials: data 533)"),
    (49, "password expired!", False, "the password has expired: set a new one (invalidCredentials"),
    (49, "", True, "wrong password or bind DN (invalidCredentials)"),
    (8, "BindSimple: Transport encryption required.", False,
     "the server takes no password in clear, use ldaps:// or start_tls: "),
    (13, "", False, "the server takes no password in clear, use ldaps:// or start_tls: Confidentiality required"),
    (53, "Minimum SSF not met.", False, "the server takes no password in clear, use ldaps:// or start_tls: "),
    (53, "Account inactivated. Contact system administrator.", False, "the account is disabled: enable it: "),
    (19, "Exceed password retry limit. Please try later.", False, "the account is locked out: unlock it: "),
    (53, "not now", False, "Server is unwilling to perform (not now)"),
])
def test_a_refused_login_is_explained(started, prober, password_file, code, said, is_doubt, told):
    def serve(connection):
        connection.send(result(connection.request()[0], code, said=said, tag=0x61))

    asker = prober(started(Listener(serve)).uri, bind="simple", bind_dn=ADMIN, password_file=password_file("x"),
                   allow_cleartext="yes")
    failed = asker.failure()
    assert failed["failure"]["text"].startswith(told), failed
    assert failed["is_credentials"] == is_doubt


@pytest.mark.parametrize("name", ["monitor@mms.example.com", "MMS\\monitor"])
def test_a_name_of_active_directory_reaches_the_server_as_it_stands(slapd, prober, password_file, name):
    """slapd, which knows only DNs, tells what it was given."""
    failed = prober(slapd.ldapi_uri, bind="simple", bind_dn=name, password_file=password_file()).failure()
    assert (failed["failure"]["reason"], failed["failure"]["code"]) == ("bind", 34)
    assert f"invalid dn ({name})" in slapd.stderr()


@pytest.mark.parametrize("content, mode, told", [
    (PASSWORD, 0o644, "is open to others (mode 644)"),
    (PASSWORD, 0o640, "is open to others (mode 640)"),
    (PASSWORD, 0o440, "is open to others (mode 440)"),
    ("", 0o600, "is empty"),
    ("\n", 0o600, "is empty"),
    ("x" * 5000, 0o600, "is too long"),
])
def test_a_password_file_that_will_not_do(slapd, prober, password_file, content, mode, told):
    failed = prober(slapd.ldapi_uri, bind="simple", bind_dn=ADMIN, password_file=password_file(content, mode)).failure()
    assert failed["failure"]["phase"] == "bind" and told in failed["failure"]["text"]
    assert not failed["is_credentials"]


def test_a_missing_password_file_is_named(slapd, prober, tmp_path):
    missing = tmp_path / "missing"
    failed = prober(slapd.ldapi_uri, bind="simple", bind_dn=ADMIN, password_file=missing).failure()
    assert failed["failure"]["text"] == f"the password file {missing} cannot be read: No such file or directory"


def test_a_credential_of_systemd_may_be_group_readable(slapd, prober, password_file, tmp_path):
    environment = {**os.environ, "CREDENTIALS_DIRECTORY": str(tmp_path)}
    asker = prober(slapd.ldapi_uri, environment, bind="simple", bind_dn=ADMIN,
                   password_file=password_file(mode=0o440))
    assert asker.ask_one(CUSTOM)["dn"] == "ENTRY"


# --- what it cannot reach

def test_nobody_listens(prober):
    failure = prober(f"ldap://127.0.0.1:{free_port()}").failure()["failure"]
    assert (failure["phase"], failure["reason"]) == ("connect", "connect")
    assert failure["text"] == "Connection refused"


def test_no_such_socket(prober):
    failure = prober("ldapi://%2Fnonexistent%2Fldapi").failure()["failure"]
    assert (failure["phase"], failure["reason"]) == ("connect", "connect")


def test_no_such_host(prober):
    failure = prober("ldap://no-such-host.invalid:389").failure()["failure"]
    assert (failure["phase"], failure["reason"]) == ("dns", "dns")
    assert "no-such-host.invalid" in failure["text"]


# --- the DN question

def test_what_is_missing_and_what_is_outside(slapd, prober):
    asker = prober(slapd.uri)
    missing, deep, outside, syntax, root = asker.ask(
        f"ask cn=nobody,{CUSTOM}", f"ask cn=a,cn=b,{CHARLOTTE}", "ask o=elsewhere", "ask no dn at all", "ask ")
    assert (missing["dn"], missing["matched_dn"]) == ("ABSENT", CUSTOM)
    assert (deep["dn"], deep["matched_dn"]) == ("ABSENT", CHARLOTTE)
    assert outside["dn"] == "OUTSIDE"
    assert (syntax["dn"], syntax["failure"]["code"]) == ("SYNTAX", 34)
    assert root["dn"] == "BARE"


def test_the_server_says_which_entry_a_spelling_means(slapd, prober):
    seen = prober(slapd.uri).ask_one("CN = Custom ; commonName=recipients,OU=Charlotte,2.5.4.10=MMS")
    assert (seen["dn"], seen["found_dn"]) == ("ENTRY", CUSTOM)


@pytest.mark.parametrize("rules, answer", [
    ((f'to dn.subtree="{CUSTOM}" by * none', "to * by * read"), "UNMATCHED"),
    ((f'to dn.subtree="{CUSTOM}" by * disclose', "to * by * read"), "REFUSED"),
    ((f'to dn.subtree="{CUSTOM}" attrs=entryUUID by * none', "to * by * read"), "BARE"),
])
def test_what_an_access_rule_hides_is_never_absent(slapd_factory, prober, rules, answer):
    slapd = slapd_factory(access=rules)
    seen = prober(slapd.uri).ask_one(CUSTOM)
    assert seen["dn"] == answer
    assert seen["matched_dn"] is None


def test_a_referral_is_not_followed(slapd_factory, started, prober):
    elsewhere = started(Listener())
    slapd = slapd_factory(tree=ARTICLE + [(f"ou=gone,{SUFFIX}", {
        "objectClass": ["referral", "extensibleObject"], "ou": "gone", "ref": f"{elsewhere.uri}/ou=gone,{SUFFIX}"})])
    at, below = prober(slapd.uri).ask(f"ask ou=gone,{SUFFIX}", f"ask cn=x,ou=gone,{SUFFIX}")
    for seen in (at, below):
        assert seen["dn"] == "FAILED" and seen["failure"]["reason"] == "referral"
    assert elsewhere.received == b""


@pytest.mark.parametrize("configured, found, attribute", [
    ("cn=Custom Recipients", CUSTOM, "displayName"),
    ("cn=CUSTOM  recipients", CUSTOM, "displayName"),
    ("ou=custom", CUSTOM, "type"),
    ("cn=nothing like it", None, None),
])
def test_what_the_operator_may_have_meant(slapd, prober, configured, found, attribute):
    seen = prober(slapd.uri).ask_one(f"{configured},{RECIPIENTS}")
    assert (seen["dn"], seen["matched_dn"]) == ("ABSENT", RECIPIENTS)
    assert (seen["lookalike"], seen["attribute"]) == (found, attribute)
    assert seen["is_unique"] == (found is not None)


def test_two_that_may_be_meant_are_not_one(slapd, prober):
    slapd.add_container(f"cn=custom2,{RECIPIENTS}", displayName="Custom Recipients")
    seen = prober(slapd.uri).ask_one(f"cn=Custom Recipients,{RECIPIENTS}")
    assert seen["attribute"] == "displayName" and not seen["is_unique"]


def test_a_lookalike_is_found_above_the_leaf(slapd, prober):
    seen = prober(slapd.uri).ask_one(f"cn=custom,ou=recipients,{CHARLOTTE}")
    assert (seen["lookalike"], seen["attribute"]) == (RECIPIENTS, "type")


# --- the id question

def test_a_pin_reads_the_path_and_proves_the_lookup(slapd, prober):
    seen = prober(slapd.uri).ask_one(CUSTOM, path=True)
    assert (seen["dn"], seen["id"], seen["pinned_dn"]) == ("ENTRY", "FOUND", CUSTOM)
    assert seen["path"] == [[dn, slapd.identity(dn)] for dn in (RECIPIENTS, CHARLOTTE, SUFFIX)]


def test_a_pinned_entry_at_its_place_takes_one_search(slapd, prober):
    seen = prober(slapd.uri).ask_one(CUSTOM, pinned=slapd.identity(CUSTOM).upper())
    assert (seen["dn"], seen["id"], seen["path"]) == ("ENTRY", "NOT_ASKED", None)


def test_a_renamed_entry_is_found_with_its_new_path(slapd, prober):
    identity = slapd.identity(CUSTOM)
    asker = prober(slapd.uri)
    live = slapd.rename(CUSTOM, "cn=renamed", CHARLOTTE)
    seen = asker.ask_one(CUSTOM, pinned=identity)
    assert (seen["dn"], seen["matched_dn"]) == ("ABSENT", RECIPIENTS)
    assert (seen["id"], seen["pinned_dn"]) == ("FOUND", live)
    assert seen["path"] == [[dn, slapd.identity(dn)] for dn in (CHARLOTTE, SUFFIX)]


def test_a_replaced_entry_shows_both(slapd, prober):
    identity = slapd.identity(CUSTOM)
    live = slapd.rename(CUSTOM, "cn=renamed")
    slapd.add_container(CUSTOM)
    seen = prober(slapd.uri).ask_one(CUSTOM, pinned=identity)
    assert (seen["dn"], seen["found_identity"]) == ("ENTRY", slapd.identity(CUSTOM))
    assert (seen["id"], seen["pinned_dn"]) == ("FOUND", live)


def test_a_deleted_entry_is_gone_and_an_ancestor_proves_it(slapd, prober):
    identity, ancestors = slapd.identity(CUSTOM), [slapd.identity(dn) for dn in (RECIPIENTS, CHARLOTTE, SUFFIX)]
    asker = prober(slapd.uri)
    slapd.delete(CUSTOM)
    seen = asker.ask_one(CUSTOM, pinned=identity, ancestors=ancestors)
    assert (seen["dn"], seen["id"], seen["ancestor"]) == ("ABSENT", "GONE", "FOUND")
    slapd.delete(RECIPIENTS)
    seen = asker.ask_one(CUSTOM, pinned=identity, ancestors=ancestors)
    assert (seen["dn"], seen["id"], seen["ancestor"]) == ("ABSENT", "GONE", "FOUND")
    seen = asker.ask_one(CUSTOM, pinned=identity, ancestors=ancestors[:1])
    assert seen["ancestor"] == "GONE"
    seen = asker.ask_one(CUSTOM, pinned=identity)
    assert seen["ancestor"] == "NOT_ASKED"


@pytest.mark.parametrize("rules, why", [
    (('to attrs=entryUUID by * none', "to * by * read"), "the identity may neither be read nor searched by"),
    ((f'to dn.exact="{SUFFIX}" by * none', "to * by * read"), "the naming context is closed"),
])
def test_an_id_question_that_is_not_allowed_is_never_gone(slapd_factory, prober, rules, why):
    slapd = slapd_factory(access=rules)
    seen = prober(slapd.uri).ask_one(CUSTOM, pinned=slapd.identity(CUSTOM), ancestors=[slapd.identity(RECIPIENTS)])
    assert (seen["id"], seen["ancestor"]) != ("GONE", "FOUND"), why


def test_an_identity_that_cannot_be_searched_by_is_refused_at_pin_time(slapd_factory, prober):
    slapd = slapd_factory(access=(f'to dn.exact="{SUFFIX}" by * none', "to * by * read"))
    seen = prober(slapd.uri).ask_one(CUSTOM, path=True)
    assert (seen["dn"], seen["id"]) == ("ENTRY", "REFUSED")
    assert seen["failure"]["reason"] == "acl" and seen["failure"]["text"]
    assert seen["path"][-1] == [SUFFIX, None]


def test_an_identity_of_another_kind_is_never_gone(slapd, prober):
    seen = prober(slapd.uri).ask_one(f"cn=nobody,{CUSTOM}", pinned="objectGUID:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11")
    assert seen["id"] == "REFUSED"


def test_a_filter_in_an_identity_stays_a_value(slapd, prober):
    seen = prober(slapd.uri).ask_one(f"cn=nobody,{CUSTOM}", pinned="entryUUID:*)(objectClass=*")
    assert seen["id"] != "FOUND"


def test_without_naming_contexts_the_top_is_searched(slapd_factory, prober):
    slapd = slapd_factory(extra_global=('access to dn.base="" by * none', "access to * by * read"))
    identity = slapd.identity(CUSTOM)
    live = slapd.rename(CUSTOM, "cn=renamed")
    seen = prober(slapd.uri).ask_one(CUSTOM, pinned=identity)
    assert (seen["id"], seen["pinned_dn"]) == ("FOUND", live)
    assert [dn for dn, _ in seen["path"]] == [RECIPIENTS, CHARLOTTE, SUFFIX]


# --- rounds

def test_many_questions_are_each_answered_once(slapd_factory, prober):
    tree = ARTICLE + [(f"cn=c{n},{RECIPIENTS}", {"objectClass": "container", "cn": f"c{n}"}) for n in range(2000)]
    slapd = slapd_factory(tree=tree)
    asker = prober(slapd.uri)
    for _ in range(2):
        seen = asker.ask(*(f"ask cn=c{n},{RECIPIENTS}" for n in range(2000)))
        assert len(seen) == len({one["question"] for one in seen}) == 2000
        assert all(one["dn"] == "ENTRY" for one in seen)


def test_an_empty_round_is_done(slapd, prober):
    assert prober(slapd.uri).ask() == []


# --- the end of it

def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def has_ended(pid):
    """Also when nobody has reaped it yet."""
    try:
        return status_of(pid)["State"].startswith("Z")
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_it_dies_with_its_parent(slapd, prober):
    asker = prober(slapd.uri)
    asker.ask_one(CUSTOM)
    os.kill(asker.prober_pid, signal.SIGSTOP)  # it cannot notice by itself
    asker.kill()
    wait_until(lambda: has_ended(asker.prober_pid), "the prober to be gone")


def test_a_server_that_leaves_between_rounds_is_told(slapd, prober):
    asker = prober(slapd.uri)
    asker.ask_one(CUSTOM)
    slapd.kill()
    assert asker.failure()["failure"]["reason"] == "connect"
    assert asker.until("ENDED")["status"] == 0


def test_what_it_has_given_up(slapd, prober):
    asker = prober(slapd.uri)
    asker.ask_one(CUSTOM)
    proc = f"/proc/{asker.prober_pid}"
    with open(f"{proc}/limits", encoding="ascii") as file:
        limits = {line[:26].strip(): line[26:].split()[:2] for line in file}
    with open(f"{proc}/oom_score_adj", encoding="ascii") as file:
        assert file.read().strip() == "1000"
    with open(PROBER, "rb") as file:
        has_shadow_memory = b"__asan_init" in file.read()
    assert status_of(asker.prober_pid)["NoNewPrivs"] == "1"
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max open files"] == ["64", "64"]
    assert has_shadow_memory or limits["Max address space"] == [str(512 << 20)] * 2


@pytest.mark.skipif(os.geteuid() != 0, reason="a process that is not dumpable shows these to root alone")
def test_it_holds_on_to_nothing_it_was_not_given(slapd, prober):
    asker = prober(slapd.uri)
    asker.ask_one(CUSTOM)
    proc = f"/proc/{asker.prober_pid}"
    assert os.readlink(f"{proc}/cwd") == "/"
    descriptors = {int(name): os.readlink(f"{proc}/fd/{name}") for name in os.listdir(f"{proc}/fd")}
    sockets = [name for number, name in descriptors.items() if number >= 3]
    assert len(sockets) == 2 and all(name.startswith("socket:") for name in sockets), descriptors


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every process")
def test_nobody_else_may_look_into_it(slapd, prober):
    asker = prober(slapd.uri)
    asker.ask_one(CUSTOM)
    with pytest.raises(PermissionError):
        open(f"/proc/{asker.prober_pid}/mem", "rb").close()
