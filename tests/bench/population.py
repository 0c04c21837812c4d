"""Ten thousand containers, the watches that compare them, and the names of both."""

import os

from servers import Slapd
from servers.slapd import ARTICLE, RECIPIENTS

COUNT = int(os.environ.get("WATCHES", "10000"))
PER_DEPARTMENT = 100


def container(index):
    """The DN of one container, four levels below the suffix like the one of the article."""
    return f"cn=container {index:06},ou=department {index // PER_DEPARTMENT:04},{RECIPIENTS}"


def watch(index):
    return f"watch-{index:06}"


def tree(count=COUNT):
    """The article's tree, and below its recipients one department for each hundred containers."""
    departments = (count + PER_DEPARTMENT - 1) // PER_DEPARTMENT
    entries = list(ARTICLE)
    for index in range(departments):
        name = f"department {index:04}"
        entries.append((f"ou={name},{RECIPIENTS}", {"objectClass": "organizationalUnit", "ou": name}))
    for index in range(count):
        name = f"container {index:06}"
        entries.append((container(index), {"objectClass": "container", "cn": name}))
    return entries


def slapd(indexes=("entryUUID eq",)):
    """A slapd that holds them, not started; log "none", for a log line a search would be measured too."""
    return Slapd(tree=tree(), indexes=indexes, log="none")


def sections(uri, interval, confirm_interval, count=COUNT):
    """The [directory] and [watch] sections of a configuration that watches the first `count` of them."""
    lines = [f"[directory mms]\nuri = {uri}\n"]
    lines += [f"[watch {watch(index)}]\ndirectory = mms\ndn = {container(index)}\ninterval = {interval}\n"
              f"confirm_interval = {confirm_interval}\nflap_count = 0\n" for index in range(count)]
    return "\n".join(lines)
