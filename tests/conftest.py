"""Fixtures of the live and fault tests. Everything started here is stopped when the test ends, by process id;
when it failed, what the programs said is printed."""

import fcntl
import os

import pytest

from servers import Certificates, Daemon, Slapd, SyslogNg


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
