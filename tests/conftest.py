"""Fixtures of the live and fault tests. Everything started here is stopped when the test ends, by process id;
when it failed, what the programs said is printed."""

import fcntl
import os

import pytest

from servers import Certificates, Daemon, Ds389, Samba, Slapd, SyslogNg
from servers.slapd import ACCOUNT, ARTICLE


@pytest.fixture(scope="session", autouse=True)
def quiet(request):
    """What measures how long the loop is held up has the machine to itself, also under make -j."""
    measures = any(item.path.parent.name == "fault" for item in request.session.items)
    with open(os.path.join(os.environ["BUILDDIR"], "tests-running.lock"), "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX if measures else fcntl.LOCK_SH)
        yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        item.has_failed = True


@pytest.fixture
def started(request):
    """started(process): closes it after the test, last come first."""
    processes = []

    def take(process):
        processes.append(process)
        return process

    yield take
    for process in reversed(processes):
        if getattr(request.node, "has_failed", False):
            print(process.report())
        process.close()


@pytest.fixture
def syslog_ng(started):
    """A running SyslogNg."""
    return started(SyslogNg()).start()


@pytest.fixture
def slapd_factory(started):
    """slapd_factory(**options of Slapd): a running one more."""
    return lambda **options: started(Slapd(**options)).start()


@pytest.fixture
def slapd(slapd_factory):
    """A running Slapd with the tree of the article."""
    return slapd_factory()


@pytest.fixture
def ds389_factory(started):
    """ds389_factory(**options of Ds389): a running one more."""
    return lambda **options: started(Ds389(**options)).start()


@pytest.fixture
def ds389(ds389_factory):
    """A running 389 Directory Server with the tree of the article."""
    return ds389_factory()


@pytest.fixture
def samba_factory(started):
    """samba_factory(**options of Samba): a running one more."""
    if os.geteuid() != 0:
        pytest.skip("Samba serves LDAP on port 389 alone, and only root may start it")
    return lambda **options: started(Samba(**options)).start()


@pytest.fixture
def samba(samba_factory):
    """A running Samba with the tree of the article."""
    return samba_factory()


@pytest.fixture(params=["slapd", "ds389", "samba"])
def ldap_server_factory(request, slapd_factory):
    """ldap_server_factory(**options that they share): a running one more, of each kind in turn."""
    if request.param == "slapd":
        return lambda **options: slapd_factory(**{"tree": [*ARTICLE, ACCOUNT], **options})
    return request.getfixturevalue(f"{request.param}_factory")


@pytest.fixture
def ldap_server(ldap_server_factory):
    """A running LDAP server with the tree of the article and an ordinary account; the test runs on each kind."""
    return ldap_server_factory()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def daemon_factory(started, syslog_ng):
    """daemon_factory(sections, **options of Daemon): not started yet, its alerts go to syslog_ng."""
    return lambda sections="", **options: started(Daemon(sections, **{"syslog": syslog_ng, **options}))


@pytest.fixture
def daemon(daemon_factory):
    """daemon(sections, **options of Daemon): running and READY."""
    return lambda sections="", **options: daemon_factory(sections, **options).start()
