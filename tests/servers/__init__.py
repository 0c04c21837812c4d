"""Real servers for the tests, the demo and the benchmark: each in a temporary folder of its own, on free
loopback ports, stopped by its process id."""

from .alertmanager import Alertmanager, Hook
from .certificates import Certificates
from .daemon import Daemon, Reply
from .ds389 import Ds389
from .kdc import Kdc
from .ldap_server import LdapServer
from .log_socket import LogSocket
from .nagios import Nagios
from .process import Process, wait_until, free_port
from .prometheus import Prometheus
from .relay import Relay
from .remote_syslog_ng import RemoteSyslogNg
from .rsyslog import Rsyslog
from .samba import Samba
from .slapd import ADMIN, ARTICLE, CUSTOM, PASSWORD, SUFFIX, Slapd
from .syslog_ng import Line, SyslogNg

__all__ = ["ADMIN", "ARTICLE", "Alertmanager", "CUSTOM", "Certificates", "Daemon", "Ds389", "Hook", "Kdc",
           "LdapServer", "Line", "LogSocket", "Nagios", "PASSWORD", "Process", "Prometheus", "Relay", "RemoteSyslogNg", "Reply", "Rsyslog", "SUFFIX",
           "Samba", "Slapd", "SyslogNg", "free_port", "wait_until"]
