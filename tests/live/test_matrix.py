"""Every verdict on every directory server, by really doing it, and how long it takes from the change to the syslog
line. The table goes to matrix.txt in the folder of the build; `make check` prints it at its end."""

import os
import time

import pytest
from alert_line import wait_alert
from sections import directory, watch
from servers import Daemon, Ds389, Samba, Slapd, SyslogNg, wait_until
from servers.slapd import ACCOUNT, ARTICLE

KINDS = {"OpenLDAP": Slapd, "389 DS": Ds389, "Samba AD": Samba}
PEOPLE = ("fabrikam orders", "contoso desk")
CELLS = {}  # (scene, kind) -> what the table says


class Stage:
    """One server with a container for each scene, and a daemon that watches them all."""

    def __init__(self, kind):
        self.kind = kind
        self.server = Slapd(tree=[*ARTICLE, ACCOUNT]) if kind == "OpenLDAP" else KINDS[kind]()
        self.syslog = SyslogNg()
        self.daemon = None

    def open(self):
        self.server.start()
        self.syslog.start()
        for scene in SCENES:
            self.server.add_container(self.home(scene))
            self.server.add_container(self.container(scene), displayName=f"The {scene} container")
            for name in PEOPLE:
                self.add_person(name, self.container(scene))
        sections = directory(self.server.uri, **self.server.reader_bind)
        sections += directory(self.server.uri, name="privileged", **self.privileged_bind())
        sections += "".join(watch(name=name, **{"dn": self.container(name), **scene.settings(self)})
                            for name, scene in SCENES.items() if not scene.is_absent(self))
        self.daemon = Daemon(sections, syslog=self.syslog).start()
        return self

    def close(self):
        for process in (self.daemon, self.syslog, self.server):
            if process:
                process.close()

    def report(self):
        return "".join(process.report() for process in (self.daemon, self.syslog, self.server) if process)

    def privileged_bind(self):
        """Settings to bind as one who may read what was deleted."""
        file = self.server.path("admin.password")
        with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
            out.write(self.server.password)
        return {"bind": "simple", "bind_dn": self.server.admin_dn, "password_file": file, "cleartext": "allow"}

    def named(self, name, below):
        """A DN as this server spells it."""
        return f"{'CN' if self.kind == 'Samba AD' else 'cn'}={name},{below}"

    def home(self, scene):
        return self.named(f"home of {scene}", self.server.recipients)

    def container(self, scene):
        return self.named(scene, self.home(scene))

    def add_person(self, name, below):
        kind = {"objectClass": "contact"} if self.kind == "Samba AD" else \
            {"objectClass": "inetOrgPerson", "cn": name, "sn": name}
        self.server.add(self.named(name, below), {**kind, "mail": f"{name.split()[0]}@{name.split()[1]}.example"})


    def canonical(self, scene):
        """The canonical name of a container, which Active Directory alone knows."""
        below = self.server.recipients.split(",")
        domain = ".".join(part[3:] for part in below if part.lower().startswith("dc="))
        names = [part[3:] for part in below if not part.lower().startswith("dc=")]
        return "/".join([domain, *reversed(names), f"home of {scene}", scene])


class Scene:
    """What is configured, what is done, and what has to come out. `word`: of the syslog line; None: there is none."""

    def __init__(self, verdict, act=None, word="DRIFT", says="", absent=(), **settings):
        self.verdict, self.act, self.word, self.says = verdict, act, word, says
        self.absent, self.fixed = absent, settings

    def settings(self, stage):
        return {key: value(stage) if callable(value) else value for key, value in self.fixed.items()}

    def is_absent(self, stage):
        return stage.kind in self.absent


def renamed(stage, name):
    stage.server.rename(stage.container(name), f"cn={name} too")


def moved(stage, name):
    stage.server.move(stage.container(name), stage.server.charlotte)


def moved_and_renamed(stage, name):
    stage.server.rename(stage.container(name), f"cn={name} too", stage.server.charlotte)


def ancestor_renamed(stage, name):
    stage.server.rename(stage.home(name), f"cn=another home of {name}")


def deleted(stage, name):
    stage.server.delete(stage.container(name))


def replaced(stage, name):
    stage.server.delete(stage.container(name))
    stage.server.add_container(stage.container(name))


def hidden(stage, name):
    stage.server.hide(stage.container(name))


def emptied(stage, name):
    for person in PEOPLE:
        stage.server.delete(stage.named(person, stage.container(name)))


def conflict(stage, name):
    stage.server.conflict(stage.container(name))


SCENES = {
    "match": Scene("match", word=None),
    "spelling": Scene("spelling", word=None, dn=lambda stage: stage.container("spelling").upper()),
    "renamed": Scene("renamed", renamed, says="was renamed to"),
    "moved": Scene("moved", moved, says="was moved below"),
    "moved-renamed": Scene("moved", moved_and_renamed, says="and renamed to"),
    "ancestor": Scene("ancestor-renamed", ancestor_renamed, says="because "),
    "deleted": Scene("deleted", deleted, says="no longer visible to"),
    "tombstone": Scene("deleted", deleted, says="was deleted, it was last below", directory="privileged",
                       absent=("OpenLDAP", "389 DS")),
    "replaced": Scene("replaced", replaced, says="another entry now"),
    "conflict": Scene("conflict", conflict, says="replication conflict", absent=("OpenLDAP",)),
    "slash": Scene("renamed", renamed, says="was renamed to", absent=("Samba AD",),
                   dn=lambda stage: "/" + "/".join(reversed(stage.container("slash").split(",")))),
    "canonical": Scene("renamed", renamed, says="was renamed to", absent=("OpenLDAP", "389 DS"),
                       dn=lambda stage: stage.canonical("canonical")),
    "hidden": Scene("hidden", hidden, word="UNVERIFIABLE", says="hidden from"),
    "displayed": Scene("missing", word=None, says="is the displayName of an entry whose directory name is",
                       dn=lambda stage: f"cn=The displayed container,{stage.home('displayed')}"),
    "outside": Scene("missing", word=None, dn="ou=people,dc=nowhere,dc=test", says="outside every naming context"),
    "no-parent": Scene("missing", word=None, says="there is no",
                       dn=lambda stage: f"cn=a,cn=b,cn=c,{stage.home('no-parent')}"),
    "class": Scene("wrong-class", word=None, object_class="organizationalUnit", says="is not of object class"),
    "class-fits": Scene("match", word=None, object_class="container"),
    "emptied": Scene("emptied", emptied, says="before there were 2", entry_filter="(mail=*)"),
    "filled": Scene("match", word=None, entry_filter="(mail=*)", min_entries="2"),
}


@pytest.fixture(scope="module", params=KINDS)
def stage(request):
    if request.param == "Samba AD" and os.geteuid() != 0:
        pytest.skip("Samba serves LDAP on port 389 alone, and only root may start it")
    one = Stage(request.param)
    try:
        yield one.open()
    finally:
        if request.session.testsfailed:
            print(one.report())
        one.close()


@pytest.fixture(scope="module", autouse=True)
def table():
    yield
    rows = [["", *KINDS]] + [[name, *(CELLS.get((name, kind), "") for kind in KINDS)] for name in SCENES]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    text = "".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() + "\n" for row in rows)
    with open(os.path.join(os.environ["BUILDDIR"], "matrix.txt"), "w", encoding="utf-8") as file:
        file.write("Verdicts, and the time from the change to the syslog line (interval 200 ms, confirmed after 100 ms):\n"
                   + text)
    print("\n" + text)


def settled(stage, name):
    """The watch once its first comparison is through: pinned, or found wanting from the start."""
    return stage.daemon.wait_watch(name, lambda watch: watch.get("verdict"), "to be judged")


@pytest.mark.parametrize("name", SCENES)
def test_verdict(stage, name):
    scene = SCENES[name]
    if scene.is_absent(stage):
        CELLS[name, stage.kind] = "-"
        pytest.skip("this server knows no such thing")
    settled(stage, name)
    begun = time.monotonic()
    if scene.act:
        assert stage.daemon.watch(name)["verdict"] == "match"
        begun = time.monotonic()
        scene.act(stage, name)
    alert = wait_alert(stage.syslog, scene.word, name) if scene.word else None
    took_ms = (time.monotonic() - begun) * 1000
    seen = stage.daemon.wait_verdict(name, scene.verdict)
    is_early = scene.word == "UNVERIFIABLE"  # which is not told in the first minute after the start
    CELLS[name, stage.kind] = scene.verdict + (" (after a minute)" if is_early else f" {took_ms:.0f} ms" if scene.act else "")
    assert scene.says in seen.get("sentence", "")
    if scene.verdict == "renamed":
        assert seen["remedy"] == f"configure {seen['live_in_configured_form']}"
        assert seen["live_in_configured_form"] == seen["configured"] + " too" if name in ("slash", "canonical") else True
    if alert:
        assert alert.tags["verdict"] == scene.verdict and alert.tags["identity"] == seen["identity"]
        assert alert.tags["identity"].startswith(stage.server.id_attribute + ":")
