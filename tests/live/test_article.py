"""Microsoft KB Q260907 from end to end: a management agent exports contacts into the container that its own file names,
by a display name. Every export fails; the daemon says which value is right, explain says the same of the error line, the
value is corrected in the file of the agent, and the daemon recovers by itself."""

import os
import re
import subprocess

import ldap
import pytest
from alert_line import alerts, wait_alert
from sections import directory, watch_from
from servers.slapd import CUSTOM

CTL = os.path.join(os.environ["BUILDDIR"], "dndriftctl")
SITE = "/o=mms/ou=charlotte/cn=recipients"
DISPLAYED, RIGHT = f"{SITE}/cn=Custom Recipients", f"{SITE}/cn=custom"
EXPORT = """<?xml version="1.0" encoding="utf-16"?>
<saved-ma-configuration xmlns="urn:example:ma">
  <ma-data>
    <category>AD GAL</category><name>MMS Exchange MAPI MA "charlotte"</name>
    <private-configuration><adma-configuration>
      <forest-login-password>the-secret-of-the-agent</forest-login-password>
      <ui-data><galma><target-ou>{}</target-ou></galma></ui-data>
    </adma-configuration></private-configuration>
  </ma-data>
</saved-ma-configuration>
"""


class Agent:
    """Reads its container from its own file at each run, as a management agent does."""

    def __init__(self, file, server):
        self.file, self.server, self.log = file, server, ""

    def configure(self, container):
        new = self.file.with_suffix(".new")
        new.write_text(EXPORT.format(container), encoding="utf-16")
        new.rename(self.file)

    def container(self):
        return re.search("<target-ou>(.*)</target-ou>", self.file.read_text(encoding="utf-16"))[1]

    def export(self, name):
        """Whether the contact arrived."""
        path = self.container()
        below = ",".join(reversed(path.strip("/").split("/")))
        try:
            self.server.add(f"cn={name},{below}", {"objectClass": "inetOrgPerson", "cn": name, "sn": name})
        except ldap.NO_SUCH_OBJECT:
            self.log += (f"HrDoImport calling DAPIWrite for {name}, 0xc000011e: unable to create object {path}/cn={name} "
                         f"because one or more objects in the directory path {path} do not exist\n")
            return False
        return True


@pytest.fixture
def agent(slapd, tmp_path):
    return Agent(tmp_path / "MA-export.xml", slapd)


def explain(daemon, log):
    done = subprocess.run([CTL, "-c", daemon.config_file, "explain"], input=log, capture_output=True, text=True, check=True)
    return done.stdout


def check(daemon):
    done = subprocess.run([CTL, "-c", daemon.config_file, "check", "custom-recipients"], capture_output=True, text=True,
                          check=False, timeout=120)
    return done.returncode, done.stdout


def test_the_story_of_the_article(agent, slapd, daemon, syslog_ng):
    agent.configure(DISPLAYED)
    assert not agent.export("tailspin orders")
    daemon = daemon(directory(slapd.uri)
                    + watch_from(f"galsync:{agent.file}", name="custom-recipients", consumer="MMS Exchange MAPI MA",
                                 fix="Configure the Management Agent > Custom Recipients"))

    drift = wait_alert(syslog_ng, "DRIFT", "custom-recipients")
    assert drift.tags["verdict"] == "missing"
    assert drift.tags["configured"] == DISPLAYED and drift.tags["live"] == CUSTOM
    assert drift.tags["first_missing"] == "cn=Custom Recipients"
    assert "whose directory name is cn=custom" in drift.sentence and drift.sentence.endswith(f"configure {RIGHT}")

    told = explain(daemon, agent.log)
    assert "BERR_CREATE_PATH_NOT_FOUND" in told and "custom-recipients" in told
    assert f"configure {RIGHT}\n" in told and "Configure the Management Agent > Custom Recipients" in told
    status, line = check(daemon)
    assert status == 2 and RIGHT in line

    agent.configure(RIGHT)
    edited = wait_alert(syslog_ng, "EDITED", "custom-recipients")
    assert edited.sentence == f"the configured value was changed from {DISPLAYED} to {RIGHT}"
    wait_alert(syslog_ng, "RECOVERED", "custom-recipients")
    assert agent.export("tailspin orders")
    seen = daemon.wait_verdict("custom-recipients", "match")
    assert seen["identity"] == slapd.identity(CUSTOM) and seen["live_in_configured_form"] == RIGHT
    assert check(daemon)[0] == 0

    slapd.rename(CUSTOM, "cn=external partners")
    renamed = wait_alert(syslog_ng, "DRIFT", "custom-recipients", 2)
    assert renamed.tags["verdict"] == "renamed" and renamed.sentence.endswith(f"configure {SITE}/cn=external partners")
    assert not agent.export("litware desk")
    agent.configure(f"{SITE}/cn=external partners")
    wait_alert(syslog_ng, "RECOVERED", "custom-recipients", 2)
    assert agent.export("litware desk")

    words = [alert.word for alert in alerts(syslog_ng, name="custom-recipients")]
    assert words == ["DRIFT", "EDITED", "PINNED", "RECOVERED", "DRIFT", "EDITED", "RECOVERED"] or words == \
        ["DRIFT", "EDITED", "RECOVERED", "PINNED", "DRIFT", "EDITED", "RECOVERED"], words
    assert "the-secret-of-the-agent" not in syslog_ng.raw() + daemon.stderr() + daemon.get("/watches").text
    assert not alerts(syslog_ng, "RELOADED")
