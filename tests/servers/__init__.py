"""Real servers for the tests, the demo and the benchmark: each in a temporary folder of its own, on free
loopback ports, stopped by its process id."""

from .certificates import Certificates
from .daemon import Daemon, Reply
from .kdc import Kdc
from .log_socket import LogSocket
from .process import Process, wait_until, free_port
from .slapd import ADMIN, ARTICLE, CUSTOM, PASSWORD, SUFFIX, Slapd
from .syslog_ng import Line, SyslogNg

__all__ = ["ADMIN", "ARTICLE", "CUSTOM", "Certificates", "Daemon", "Kdc", "Line", "LogSocket", "PASSWORD", "Process", "Reply",
           "SUFFIX", "Slapd", "SyslogNg", "free_port", "wait_until"]
