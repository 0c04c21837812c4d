"""A private Alertmanager, alone or in a cluster, and the webhook that its notifications go to."""

import http.server
import json
import os
import subprocess
import threading
import urllib.error
import urllib.request

from .process import Process, free_port, wait_until

CONFIG = """route: {{ receiver: hook, group_by: [ alertname, directory ], group_wait: {wait}, group_interval: {interval}, repeat_interval: 1h }}
receivers: [ {{ name: hook, webhook_configs: [ {{ url: "{url}", send_resolved: true }} ] }} ]
"""


class Hook:
    """What notifications arrive at: a web server on a port of its own."""

    def __init__(self):
        notifications = self.notifications = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802  (the name that the library calls)
                notifications.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, status, alertname=None):
        """The notifications of that status, firing or resolved."""
        return [one for one in list(self.notifications)
                if one["status"] == status and alertname in (None, one["commonLabels"].get("alertname"))]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Alertmanager(Process):
    """config: its whole text; web: that of --web.config.file; peer: another Alertmanager, for a cluster."""

    name = "prometheus-alertmanager"

    def __init__(self, hook=None, config=None, web=None, peer=None, is_member=False, scheme="http", wait="100ms",
                 interval="1s", folder=None):
        super().__init__(folder)
        self.port, self.cluster_port = free_port(), free_port()
        self.scheme, self.web, self.peer, self.is_member = scheme, web, peer, is_member or peer is not None
        url = hook.url if hook else "http://127.0.0.1:1/"
        with open(self.path("alertmanager.yml"), "w", encoding="utf-8") as file:
            file.write(config or CONFIG.format(url=url, wait=wait, interval=interval))
        if web:
            with open(self.path("web.yml"), "w", encoding="utf-8") as file:
                file.write(web)

    @property
    def uri(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def command(self):
        cluster = f"127.0.0.1:{self.cluster_port}" if self.is_member else ""
        command = [self.name, f"--config.file={self.path('alertmanager.yml')}", f"--storage.path={self.path('data')}",
                   f"--web.listen-address=127.0.0.1:{self.port}", f"--cluster.listen-address={cluster}"]
        if self.is_member:
            command += ["--cluster.peer-timeout=2s", "--cluster.gossip-interval=50ms", "--cluster.pushpull-interval=1s",
                        "--cluster.settle-timeout=3s", "--cluster.reconnect-interval=1s"]
        if self.peer:
            command.append(f"--cluster.peer=127.0.0.1:{self.peer.cluster_port}")
        if self.web:
            command.append(f"--web.config.file={self.path('web.yml')}")
        return command

    def get(self, path):
        with urllib.request.urlopen(self.uri + path, timeout=30) as reply:
            return reply.read()

    def is_up(self):
        """One that wants a certificate or a login is up when it listens."""
        try:
            return bool(self.get("/-/ready"))
        except urllib.error.HTTPError as error:
            return error.code == 401
        except urllib.error.URLError as error:
            return "refused" not in str(error.reason)
        except OSError:
            return False

    def alerts(self):
        """What fires, as GET /api/v2/alerts has it."""
        return json.loads(self.get("/api/v2/alerts"))

    def alert(self, **labels):
        """The one that fires and has these labels; None: there is none."""
        found = [alert for alert in self.alerts() if labels.items() <= alert["labels"].items()]
        assert len(found) <= 1, found
        return found[0] if found else None

    def wait_firing(self, **labels):
        return wait_until(lambda: self.alert(**labels), lambda: f"{labels} to fire; there are {self.alerts()}")

    def wait_resolved(self, **labels):
        wait_until(lambda: self.alert(**labels) is None, lambda: f"{labels} to end")

    def is_settled(self):
        """Whether the other members of the cluster are known."""
        return len(json.loads(self.get("/api/v2/status"))["cluster"].get("peers", [])) > 1

    def amtool(self, *arguments):
        done = subprocess.run(["amtool", f"--alertmanager.url={self.uri}", *arguments], check=False,
                              env={**os.environ, "HOME": self.folder}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout.decode()
        return done.stdout.decode()
