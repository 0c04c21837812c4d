"""The rules of draft-inadarei-api-health-check-06 for an answer of /health. Shares nothing with the daemon."""

import json
import re

STATUS = ("pass", "warn", "fail")
ROOT = {"status": str, "version": str, "releaseId": str, "notes": list, "output": str, "checks": dict, "links": dict,
        "serviceId": str, "description": str}
CHECK = {"componentId": str, "componentType": str, "observedUnit": str, "status": str, "affectedEndpoints": list,
         "time": str, "output": str, "links": dict}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
KEY = re.compile(r"[^:]+(:[^:]+)?")


def faults_of_types(where, found, types):
    """Keys of the draft hold what it says."""
    return [f"{where}: {key} is no {kind.__name__}" for key, kind in types.items()
            if key in found and not isinstance(found[key], kind)]


def faults_of_pass(where, found):
    """Sections 3.5, 4.6 and 4.8: nothing is said of what is well."""
    return [f"{where}: {key} though it passes" for key in ("output", "affectedEndpoints")
            if found.get("status") == "pass" and key in found]


def faults_of_check(key, check):
    """Section 4."""
    if not isinstance(check, dict) or not check:
        return [f"{key}: no object with a key"]
    found = faults_of_types(key, check, CHECK) + faults_of_pass(key, check)
    if check.get("status", "pass") not in STATUS:
        found.append(f"{key}: status {check['status']}")
    if check.get("componentType") not in ("component", "datastore", "system"):
        found.append(f"{key}: componentType {check.get('componentType')}")
    if not TIME.fullmatch(str(check.get("time", "2026-01-01T00:00:00Z"))):
        found.append(f"{key}: time {check['time']}")
    if not isinstance(check.get("observedValue", ""), str) and "observedUnit" not in check:
        found.append(f"{key}: a value without unit")
    return found


def faults_of_checks(checks):
    found = []
    for key, nodes in checks.items():
        if not KEY.fullmatch(key):
            found.append(f"{key}: more than one colon, or nothing beside it")
        if not isinstance(nodes, list) or not nodes:
            found.append(f"{key}: no array of nodes")
        else:
            found += [fault for node in nodes for fault in faults_of_check(key, node)]
    return found


def faults_of_status(code, body):
    """Section 3.1, and that the whole is not better than its parts."""
    status = body.get("status")
    if status not in STATUS:
        return [f"status {status}"]
    right = range(400, 600) if status == "fail" else range(200, 400)
    parts = [check.get("status") for nodes in body.get("checks", {}).values() for check in nodes]
    worst = max((STATUS.index(part) for part in parts if part in STATUS), default=0)
    return ([f"{status} with {code}"] if code not in right else []) + \
           ([f"{status}, but a check says {STATUS[worst]}"] if worst > STATUS.index(status) else []) + \
           ([f"{status} without a word why"] if status != "pass" and "output" not in body else [])


def faults_of_headers(headers):
    """Sections 3 and 9."""
    found = [] if headers["content-type"] == "application/health+json" else [headers["content-type"]]
    lifetime = re.search(r"(?:^|,) *max-age=(\d+)", headers["cache-control"])
    if not lifetime or int(lifetime[1]) < 1 or "no-store" in headers["cache-control"]:
        found.append(f"no lifetime: {headers['cache-control']}")
    return found


def faults(code, headers, text):
    """What the draft would not have, one sentence each."""
    body = json.loads(text)
    found = faults_of_headers(headers) + [f"no key of the root: {key}" for key in body if key not in ROOT] + \
        faults_of_types("root", body, ROOT) + faults_of_pass("root", body) + faults_of_checks(body.get("checks", {}))
    return found or faults_of_status(code, body)
