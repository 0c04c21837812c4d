"""A private Prometheus that scrapes what it is told, every 200 ms, with the alert rules of conf/."""

import json
import os
import urllib.parse
import urllib.request

from .process import Process, free_port

RULES = os.path.join(os.path.abspath(os.environ.get("SRCDIR", ".")), "conf/dndriftd-prometheus.yml")
CONFIG = """global: {{ scrape_interval: 200ms, evaluation_interval: 200ms }}
rule_files: [ "{rules}" ]
scrape_configs:
"""
JOB = """- job_name: {name}
  static_configs: [ {{ targets: [ "127.0.0.1:{port}" ] }} ]
"""


class Prometheus(Process):
    """jobs: {name: port on the loopback}."""

    name = "prometheus"

    def __init__(self, jobs, folder=None):
        super().__init__(folder)
        self.port = free_port()
        with open(self.path("prometheus.yml"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(rules=RULES))
            file.writelines(JOB.format(name=name, port=port) for name, port in jobs.items())

    def command(self):
        return ["prometheus", f"--config.file={self.path('prometheus.yml')}",
                f"--storage.tsdb.path={self.path('data')}", f"--web.listen-address=127.0.0.1:{self.port}"]

    def get(self, path, **parameters):
        """What the API answers; AssertionError if it refuses."""
        url = f"http://127.0.0.1:{self.port}{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as reply:
                return json.load(reply)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{url}: {error.read().decode()}") from error

    def is_up(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=30) as reply:
                return reply.status == 200
        except OSError:
            return False

    def query(self, expression):
        """[(labels, value)] of an expression now."""
        result = self.get("/api/v1/query", query=expression)["result"]
        return [(sample["metric"], float(sample["value"][1])) for sample in result]

    def target(self, job):
        """The state of the one target of a job."""
        [target] = [target for target in self.get("/api/v1/targets")["activeTargets"]
                    if target["labels"]["job"] == job]
        return target

    def firing(self, watch):
        """{name of the alert: its annotations} of what fires for this watch, or for none."""
        return {alert["labels"]["alertname"]: alert["annotations"] for alert in self.get("/api/v1/alerts")["alerts"]
                if alert["state"] == "firing" and alert["labels"].get("watch", watch) == watch}
