"""What servers, and dn/, say of many DNs at once."""

import base64
import collections
import os
import subprocess

import ldap

PROGRAM = os.path.join(os.environ["BUILDDIR"], "tests/live/dn_pairs")
IN_FLIGHT = 64


def entry_of(pair):
    """(dn, attributes) of the entry that the first DN of a pair names."""
    attributes = collections.defaultdict(list, {"objectClass": ["container", "extensibleObject"]})
    for name, value in pair.type if isinstance(pair.type, list) else [(pair.type, pair.value)]:
        attributes[name].append(value)
    attributes.setdefault("cn", ["named otherwise"])
    return pair.first, dict(attributes)


def ask_identities(connection, names, attribute="entryUUID"):
    """For each DN the identity of its entry, None where nothing is, or "invalid" where the server says it is no DN."""
    answers, in_flight = [None] * len(names), collections.deque()

    def collect():
        index, message = in_flight.popleft()
        try:
            _, found = connection.result(message)
            answers[index] = found[0][1][attribute][0]
        except ldap.NO_SUCH_OBJECT:
            pass
        except ldap.INVALID_DN_SYNTAX:
            answers[index] = "invalid"

    for index, name in enumerate(names):
        in_flight.append((index, connection.search(name, ldap.SCOPE_BASE, "(objectClass=*)", [attribute])))
        if len(in_flight) == IN_FLIGHT:
            collect()
    while in_flight:
        collect()
    return answers


def ask_server(connection, pairs, attribute="entryUUID"):
    """Whether the second spelling of each pair leads to the entry of the first one: equal, different, invalid."""
    firsts = ask_identities(connection, [pair.first for pair in pairs], attribute)
    seconds = ask_identities(connection, [pair.second for pair in pairs], attribute)
    for pair, first in zip(pairs, firsts):
        assert first not in (None, "invalid"), f"the server does not hold {pair}"
    assert len(set(firsts)) == len(pairs)
    return ["invalid" if second == "invalid" else "equal" if second == first else "different"
            for first, second in zip(firsts, seconds)]


def ask_dn_pairs(rows, *arguments):
    """What dn_pairs answers to each row of texts."""
    lines = b"".join(b"\t".join(base64.b64encode(text.encode()) for text in row) + b"\n" for row in rows)
    answer = subprocess.run([PROGRAM, *arguments], input=lines, stdout=subprocess.PIPE, check=True)
    answers = answer.stdout.decode().splitlines()
    assert len(answers) == len(rows)
    return answers


def ask_dn_equal(pairs):
    return ask_dn_pairs([(pair.first, pair.second) for pair in pairs])


def write(form, texts):
    """Each DN as dn/ writes it in another form; None where that cannot say it."""
    answers = ask_dn_pairs([(text,) for text in texts], form)
    return [None if answer == "-" else base64.b64decode(answer).decode() for answer in answers]
