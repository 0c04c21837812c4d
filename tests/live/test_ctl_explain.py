"""dndriftctl explain: error texts as real clients and servers write them, beside the watches of a running daemon, of a
configuration alone, and of neither."""

import json
import os
import pty
import re
import subprocess

import pytest
from sections import directory, watch
from servers import wait_until
from servers.slapd import CUSTOM, RECIPIENTS

CTL = os.path.join(os.environ["BUILDDIR"], "dndriftctl")
RECOGNISED, UNKNOWN, USAGE, UNREADABLE = 0, 1, 2, 3
SITE = "/o=mms/ou=charlotte/cn=recipients"
MISNAMED = "cn=Custom Recipients," + RECIPIENTS
CODE = "0xC000011E BERR_CREATE_PATH_NOT_FOUND"
DAPI = "HrDoImport: DAPIWrite failed, 0xc000011e, unable to create object because one or more objects in the directory path " \
    "{} do not exist"
POSTFIX = "postfix/smtpd[7]: warning: dict_ldap_lookup: /etc/postfix/x.cf: Search base '{}' not found: 32: No such object\n"
UNCLEAN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffd]")


def explain(*arguments, text=b"", config=None):
    """(status, out, err) of it; neither is ever unclean."""
    options = ("-c", config) if config else ()
    done = subprocess.run([CTL, *options, "explain", *arguments], input=text.encode() if isinstance(text, str) else text,
                          capture_output=True, check=False, timeout=300)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert not UNCLEAN.search(out + err)
    return done.returncode, out, err


def told(*arguments, **options):
    """The complaints in a text that is recognised."""
    status, out, _ = explain("--json", *arguments, **options)
    assert status == RECOGNISED
    return json.loads(out)["complaints"]


def tool(program, server, *arguments, text="", bind=True):
    """What ldapsearch and its like say to somebody who looks at both streams as they come."""
    bind = ("-D", server.admin_dn, "-w", server.password) if bind else ()
    done = subprocess.run(["stdbuf", "-oL", program, "-x", "-H", server.ldapi_uri, *bind, *arguments], input=text, stderr=subprocess.STDOUT,
                          stdout=subprocess.PIPE, text=True, check=False, timeout=60)
    assert done.returncode != 0
    return done.stdout


# --- beside a running daemon

def test_the_line_of_the_article_gives_the_value_to_put_back(watching):
    daemon = watching(f"{SITE}/cn=Custom Recipients", fix="Configure the Management Agent")
    daemon.wait_verdict("custom", "missing")
    [one] = told(DAPI.format(f"{SITE}/cn=Custom Recipients"), config=daemon.config_file)
    [seen] = one["watches"]
    assert (one["error"], one["dn_ldap"], seen["watch"], seen["relation"]) == (CODE, MISNAMED, "custom", "same")
    assert seen["verdict"] == "missing" and seen["remedy"] == f"configure {SITE}/cn=custom"
    status, out, err = explain(DAPI.format(f"{SITE}/cn=Custom Recipients"), config=daemon.config_file)
    assert (status, err) == (RECOGNISED, "")
    assert f"       configure {SITE}/cn=custom\n" in out and "at: Configure the Management Agent" in out
    assert "nothing was compared" not in out


def test_after_a_rename_it_is_given_in_the_form_of_the_message(watching, slapd):
    daemon = watching()
    daemon.wait_verdict("custom", "match")
    live = slapd.rename(CUSTOM, "cn=external partners")
    daemon.wait_verdict("custom", "renamed")
    for dn, value in ((f"{SITE}/cn=custom", f"{SITE}/cn=external partners"), (CUSTOM, live),
                      (f"{SITE}/cn=custom".upper(), f"{SITE}/cn=external partners"),
                      (f"{SITE}/cn=custom".replace("/", "\\"), f"{SITE}/cn=external partners".replace("/", "\\"))):
        [one] = told(DAPI.format(dn), config=daemon.config_file)
        assert [(seen["relation"], seen["put_back"]) for seen in one["watches"]] == [("same", value)]
    out = explain(DAPI.format(f"{SITE}/cn=custom"), config=daemon.config_file)[1]
    assert f"written like the text: {SITE}/cn=external partners\n" in out


@pytest.mark.parametrize("dn, relation", ((f"cn=fabrikam orders,{CUSTOM}", "below"), (RECIPIENTS, "above"), ("o=mms", "above")))
def test_a_name_above_or_below_leads_to_the_watch(watching, slapd, dn, relation):
    daemon = watching()
    daemon.wait_verdict("custom", "match")
    live = slapd.rename(CUSTOM, "cn=external partners")
    daemon.wait_verdict("custom", "renamed")
    [one] = told(text=POSTFIX.format(dn), config=daemon.config_file)
    assert [(seen["relation"], seen.get("put_back")) for seen in one["watches"]] == [(relation, live if relation == "below" else None)]


def test_a_name_that_exists_by_now_is_told_as_such(watching):
    daemon = watching()
    daemon.wait_verdict("custom", "match")
    out = explain(text=POSTFIX.format(CUSTOM), config=daemon.config_file)[1]
    assert "custom is configured with this DN" in out and ": match\n" in out and "the directory has it now" in out
    out = explain(text=POSTFIX.format("cn=nobody," + CUSTOM), config=daemon.config_file)[1]
    assert "the container is in place: what lies below it is missing" in out


def test_a_code_alone_is_laid_beside_what_is_in_drift(daemon, slapd):
    running = daemon(directory(slapd.uri) + watch(CUSTOM) + watch(MISNAMED, name="misnamed"))
    running.wait_verdict("custom", "match")
    running.wait_verdict("misnamed", "missing")
    for text in ("0xc000011e", "-1073741538", "3221225758", "DAPIWrite: C000011E", "Event ID: 286, MSExchangeDSImp"):
        [one] = told(text, config=running.config_file)
        assert one["error"] == CODE and "dn" not in one
        assert [(seen["watch"], seen["relation"]) for seen in one["watches"]] == [("misnamed", "candidate")]
    [one] = told("ldap_search(): Search: No such object\nMatched DN: cn=elsewhere,o=mms", config=running.config_file)
    assert one["nearest"] == "cn=elsewhere,o=mms" and one["watches"] == []
    assert "none that it could be about is in drift" in explain("no such object (32)\nMatched DN: cn=elsewhere,o=mms",
                                                                config=running.config_file)[1]


def test_a_name_that_nobody_watches_comes_with_what_would_watch_it(watching):
    daemon = watching()
    dn = "ou=People of O'Neil,o=mms"
    status, out, _ = explain(text=POSTFIX.format(dn), config=daemon.config_file)
    assert status == RECOGNISED
    [section] = re.findall(r"^ +(\[watch people-of-o-neil\])\n +(directory = mms)\n +(dn = .*)\n +what to write there: (.*)$",
                           out, re.MULTILINE)
    assert section == ("[watch people-of-o-neil]", "directory = mms", f"dn = {dn}", r"dndriftctl obtain mms 'People of O'\''Neil'")
    daemon.write_config("\n".join((directory(daemon_uri(daemon)), *section[:3])) + "\n")
    daemon.reload()
    assert daemon.wait_verdict("people-of-o-neil", "missing")["configured"] == dn


def daemon_uri(daemon):
    with open(daemon.config_file, encoding="utf-8") as file:
        return re.search(r"^uri = (.*)$", file.read(), re.MULTILINE)[1]


def test_a_failed_login_never_blames_the_container(watching):
    daemon = watching(MISNAMED)
    daemon.wait_verdict("custom", "missing")
    [one] = told(text=f"# base <{MISNAMED}> with scope subtree\nldap_bind: No such object (32)\n\tmatched DN: o=mms\n",
                 config=daemon.config_file)
    assert one["blames"] == "login" and not {"dn", "watches", "nearest"} & set(one)


# --- what real clients say of real servers

@pytest.mark.parametrize("options", ((), ("-LLL",)))
def test_a_search_with_a_missing_base(ldap_server, options):
    base = "cn=Custom Recipients," + ldap_server.recipients
    [one] = told(text=tool("ldapsearch", ldap_server, *options, "-b", base))
    assert (one["says"], one["error"], one.get("dn")) == ("LDAP client", "noSuchObject (32)", None if options else base)
    assert one.get("nearest") == (None if ldap_server.name == "samba" else ldap_server.recipients)
    assert one.get("first_missing") == (None if options or ldap_server.name == "samba" else "cn=Custom Recipients")


@pytest.mark.parametrize("program", ("ldapadd", "ldapmodify", "ldapdelete"))
def test_a_change_below_a_missing_container(ldap_server, program):
    dn = "cn=x,cn=Custom Recipients," + ldap_server.recipients
    texts = {"ldapadd": f"dn: {dn}\nobjectClass: container\ncn: x\n",
             "ldapmodify": f"dn: {dn}\nchangetype: modify\nreplace: displayName\ndisplayName: x\n", "ldapdelete": f"{dn}\n"}
    [one] = told(text=tool(program, ldap_server, text=texts[program]))
    expected = {"ldapadd": dn.partition(",")[2], "ldapmodify": dn, "ldapdelete": None}  # the last one tells none
    assert (one["error"], one.get("dn")) == ("noSuchObject (32)", expected[program])


def test_a_search_with_a_base_that_is_no_dn(ldap_server):
    [one] = told(text=tool("ldapsearch", ldap_server, "-b", "garbage"))
    expected = ("noSuchObject (32)", "name") if ldap_server.name == "ns-slapd" else ("invalidDNSyntax (34)", "syntax")
    assert (one["error"], one["blames"], one["name"]) == (*expected, "garbage")


def test_a_login_that_fails(ldap_server):
    text = tool("ldapsearch", ldap_server, "-D", ldap_server.admin_dn, "-w", "wrong", "-b", "garbage", bind=False)
    [one] = told(text=text)
    assert (one["error"], one["blames"]) == ("bind failed", "login") and "name" not in one


def test_a_search_by_nobody_where_accounts_alone_are_answered(samba):
    [one] = told(text=tool("ldapsearch", samba, "-b", "cn=none," + samba.recipients, bind=False))
    assert (one["error"], one["blames"]) == ("operationsError (1)", "login")


def test_a_referral(slapd_factory):
    slapd = slapd_factory(extra_global=["referral ldap://elsewhere.example"])
    [one] = told(text=tool("ldapsearch", slapd, "-b", "dc=nowhere,dc=else"))
    assert (one["error"], one["dn"]) == ("referral (10)", "dc=nowhere,dc=else")


def test_a_long_name_that_ldapsearch_breaks(slapd):
    above = "cn=a very long name for a container that is there,cn=another one of the same kind," + CUSTOM
    slapd.add_container("cn=another one of the same kind," + CUSTOM)
    slapd.add_container(above)
    [one] = told(text=tool("ldapsearch", slapd, "-b", "cn=none," + above))
    assert (one["nearest"], one["first_missing"]) == (above, "cn=none")


@pytest.mark.parametrize("kind, log, expected", (
    ("slapd", "slapd.stderr", [("noSuchObject (32)", MISNAMED), ("invalidDNSyntax (34)", "zz=1,o=mms")]),
    ("ds389", "log/access", [("noSuchObject (32)", MISNAMED), ("noSuchObject (32)", "zz=1,o=mms")]),
))
def test_the_log_of_a_server(request, kind, log, expected):
    server = request.getfixturevalue(f"{kind}_factory")()
    for base in (MISNAMED, "zz=1,o=mms", CUSTOM):
        subprocess.run(["ldapsearch", "-x", "-H", server.uri, "-b", base], stdout=subprocess.DEVNULL, check=False, timeout=60)
    tool("ldapadd", server, text=f"dn: cn=x,{MISNAMED}\nobjectClass: container\ncn: x\n")
    tool("ldapsearch", server, "-D", server.admin_dn, "-w", "wrong", "-b", CUSTOM, bind=False)

    def read():
        with open(server.path(log), "rb") as file:
            found = json.loads(explain("--json", text=file.read())[1])["complaints"]
        return found if found and found[-1]["blames"] == "login" else None
    *refused, login = wait_until(read, "the log to be written")
    assert [(one["error"], one.get("dn") or one.get("name")) for one in refused] == expected
    assert refused[0]["count"] == 2, "a search in the container and an entry that should have gone into it"
    assert {one["says"] for one in (*refused, login)} == {"slapd or 389"}


# --- with less around it

def test_while_the_daemon_is_away_the_configuration_tells_the_watch(tmp_path):
    file = tmp_path / "dndriftd.conf"
    file.write_text(f"[daemon]\nstate_directory = {tmp_path}\ncontrol = unix:{tmp_path}/control.sock\n"
                    + directory("ldap://127.0.0.1") + watch(CUSTOM))
    status, out, err = explain(DAPI.format(f"{SITE}/cn=custom"), config=file)
    assert (status, err) == (RECOGNISED, "")
    assert "custom is configured with this DN" in out and "`dndriftctl check custom'" in out
    assert "nothing was compared live: cannot reach the daemon" in out


def test_without_any_configuration_it_explains_all_the_same():
    status, out, err = explain(DAPI.format(f"{SITE}/cn=custom"))
    assert (status, err) == (RECOGNISED, "") and CODE in out and "nothing was compared live: " in out
    assert json.loads(explain("--json", "0xc000011e")[1])["compared"] is False


def test_a_configuration_that_was_named_has_to_be_there(tmp_path):
    status, out, err = explain("0xc000011e", config=tmp_path / "none.conf")
    assert (status, out) == (UNREADABLE, "") and "none.conf" in err


@pytest.mark.parametrize("text", ("", "all is well\n", "No such object: web-1\n", "\n" * 1000))
def test_what_is_not_known_is_said_to_be_so(text):
    status, out, err = explain(text=text)
    assert (status, out) == (UNKNOWN, "") and err.startswith("dndriftctl: nothing in the text is an error known here")
    assert json.loads(explain("--json", text=text)[1])["complaints"] == []


@pytest.mark.parametrize("arguments, status", ((("-x",), USAGE), (("--", "-x"), UNKNOWN), (("--", "--json"), UNKNOWN),
                                               (("-1073741538",), RECOGNISED), (("--help",), 0)))
def test_options_and_text_are_told_apart(arguments, status):
    assert explain(*arguments)[0] == status


def test_words_without_quotes_are_one_text():
    assert told(*DAPI.format(f"{SITE}/cn=custom").split())[0]["dn"] == f"{SITE}/cn=custom"


def test_a_folder_is_no_text(tmp_path):
    folder = os.open(tmp_path, os.O_RDONLY)
    done = subprocess.run([CTL, "explain"], stdin=folder, capture_output=True, text=True, check=False, timeout=60)
    os.close(folder)
    assert done.returncode == USAGE and "cannot be read to its end: Is a directory" in done.stderr


def test_a_whole_log_passes_through_little_memory():
    """200 MB in which one complaint stands ten thousand times and one once."""
    program = ("import sys, resource, subprocess\n"
               "done = subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=2, check=True)\n"
               "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
    block = (b"Nov 29 12:00:00 mail postfix/smtpd[7]: connect from host.example.com[192.0.2.7]\n" * 250
             + POSTFIX.format("ou=gone,o=mms").encode())
    with subprocess.Popen(["/usr/bin/python3", "-c", program, CTL, "explain", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as running:
        for _ in range(10000):
            running.stdin.write(block)
        out, err = running.communicate(POSTFIX.format("ou=lost,o=mms").encode() + b"a" * 30_000_000, timeout=600)
    many, once = json.loads(err.decode().partition("{")[1] + err.decode().partition("{")[2])["complaints"]
    assert (many["count"], many["first_line"], many["last_line"]) == (10000, 251, 2510000)
    assert (once["dn"], once["count"], once["first_line"]) == ("ou=lost,o=mms", 1, 2510001)
    assert int(out) < 100_000, "KiB"


def test_people_at_a_terminal_see_how_far_it_is():
    ours, theirs = pty.openpty()
    with subprocess.Popen([CTL, "explain"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=theirs) as running:
        os.close(theirs)

        def feed():
            running.stdin.write(b"nothing here\n" * 100_000)
            running.stdin.flush()
            return os.get_blocking(ours) and b" MiB read" in drain(ours)
        os.set_blocking(ours, True)
        wait_until(feed, "the progress")
        running.stdin.close()
    os.close(ours)


def drain(terminal):
    os.set_blocking(terminal, False)
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
    finally:
        os.set_blocking(terminal, True)


@pytest.mark.parametrize("bytes_", (b"\x1b[31m", b"\xff\xfe", b"\xc2\x9b2J", "\u202e".encode(), b"\x00", b"a\rb"))
def test_hostile_bytes_never_reach_the_terminal(bytes_):
    dn = b"cn=" + bytes_ + b",dc=x"
    text = POSTFIX.encode().replace(b"{}", dn) + b"0000208D: NameErr: problem 2001 (NO_OBJECT), best match of:\n'dc=" + bytes_ + b"'\n"
    for options in ((), ("--json",)):
        assert explain(*options, text=text)[0] == RECOGNISED
