"""A private syslog-ng that takes RFC 5424 over the network, and says what its own parser makes of each message."""

import json
import socket

from .process import free_port
from .syslog_ng import SyslogNg

CONFIG = """@version: 3.38
options {{ stats-freq(0); use-dns(no); keep-hostname(yes); keep-timestamp(yes); log-msg-size(65536); flush-lines(0); }};
source s_network {{ syslog(ip("127.0.0.1") port({port}) transport("{transport}") {options}); }};
destination d_file {{ file("{log}" template("$(format-json --key ISODATE --key HOST --key PROGRAM --key PID --key MSGID
 --key FACILITY --key LEVEL --key MESSAGE --key .SDATA.*)\\n")); }};
log {{ source(s_network); destination(d_file); }};
"""
TLS = """tls(key-file("{key}") cert-file("{certificate}") ca-file("{ca}") peer-verify({verify}))"""


class RemoteSyslogNg(SyslogNg):
    """syslog-ng behind `uri`. events() answers what arrived. certificates: (certificate, key, CA) for tls; wants_client:
    whether it demands a certificate of ours."""

    name = "remote-syslog-ng"

    def __init__(self, transport="tcp", certificates=None, wants_client=False, folder=None):
        super().__init__(folder)
        self.port, self.transport = free_port(), transport
        options = ""
        if certificates:
            certificate, key, ca = certificates
            options = TLS.format(key=key, certificate=certificate, ca=ca,
                                 verify="required-trusted" if wants_client else "optional-untrusted")
        with open(self.path("syslog-ng.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(port=self.port, transport=transport, options=options, log=self.log))

    @property
    def uri(self):
        return f"{self.transport}://127.0.0.1:{self.port}"

    def is_up(self):
        if self.transport == "udp":  # a second owner of the port is refused
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                try:
                    probe.bind(("127.0.0.1", self.port))
                    return False
                except OSError:
                    return True
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def events(self):
        """What its parser made of each message, oldest first: {"MSGID": .., "_SDATA": {"dndrift@32473": {..}}, ..}."""
        return [json.loads(line) for line in self.raw().split("\n")[:-1] if line.endswith("}")]

    def data(self, name="dndrift@32473"):
        """The structured data of that name of each message."""
        return [event["_SDATA"][name] for event in self.events()]

    def numbers(self):
        return [int(data["alert"].split("-")[1]) for data in self.data()]
