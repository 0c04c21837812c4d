"""dn_equal() against the judge it explains: a real slapd says by base search whether the second spelling leads to the
entry that the first one names. Where the two differ, a row of DISAGREEMENTS says why."""

import base64
import collections
import os
import subprocess

import ldap
import pytest

from dn_spellings import PARENT, generate
from servers.slapd import SUFFIX

PAIRS_OF_EACH = 200
IN_FLIGHT = 64

KINDS = ("case", "space", "escape", "hex", "multi-valued", "alias", "non-ASCII")

FOLDS_TO_MORE = "RFC 3454 B.2 folds it to several characters; slapd lower-cases character by character"
DROPPED = "RFC 4518 2.2 maps it to nothing; slapd keeps it"
BLANK = "RFC 4518 2.2 maps it to space; slapd knows no other space than the space and what NFKC makes one"

# (kind, rule): dn_equal's answer, slapd's answer, why. It holds for every pair of the rule.
DISAGREEMENTS = {
    ("case", "an attribute that heeds case"):
        ("equal", "different", "labeledURI is caseExactMatch; dn/ knows no schema and folds every value"),
    ("space", "a telephone number without its spaces"):
        ("different", "equal", "telephoneNumberMatch ignores all spaces; dn/ knows no schema"),
    ("space", "a tab for a space"): ("equal", "different", BLANK),
    ("space", "a line feed for a space"): ("equal", "different", BLANK),
    ("space", "a raw line feed for a space"): ("equal", "different", BLANK),
    ("space", "a carriage return for a space"): ("equal", "different", BLANK),
    ("escape", "hex pairs inside quotes"):
        ("equal", "different", "RFC 2253 allows \\HH in quotes; libldap drops the backslash and keeps the digits"),
    ("hex", "#hex"): ("equal", "invalid", "slapd refuses every value in BER"),
    ("hex", "#hex, one octet changed"): ("different", "invalid", "slapd refuses every value in BER"),
    ("alias", "OID. before the numbers"): ("equal", "invalid", "LDAPv2 wrote it (RFC 1779); slapd refuses it"),
    ("non-ASCII", "sharp s"): ("equal", "different", FOLDS_TO_MORE),
    ("non-ASCII", "capital sharp s"):
        ("equal", "different", "younger than RFC 3454; Unicode folds it to ss, slapd's tables do not know it"),
    ("non-ASCII", "a Greek iota below"): ("equal", "different", FOLDS_TO_MORE),
    ("non-ASCII", "dotted capital I"): ("equal", "different", FOLDS_TO_MORE),
    ("non-ASCII", "final sigma"): ("equal", "different", "RFC 3454 B.2 folds both sigmas to one; lower-casing does not"),
    ("non-ASCII", "a mathematical letter"):
        ("equal", "different", "RFC 3454 B.2 folds what NFKC shows to be a capital; slapd lower-cases before NFKC"),
    ("non-ASCII", "a Roman numeral"):
        ("equal", "different", "RFC 3454 B.2 folds it; slapd lower-cases letters alone, and this is a number"),
    ("non-ASCII", "dotted capital I and a plain i"):
        ("different", "equal", "RFC 3454 B.2 keeps the dot as a combining mark; slapd lower-cases to a plain i"),
    ("non-ASCII", "a soft hyphen"): ("equal", "different", DROPPED),
    ("non-ASCII", "a zero-width space"): ("equal", "different", DROPPED),
    ("non-ASCII", "a zero-width joiner"): ("equal", "different", DROPPED),
    ("non-ASCII", "a variation selector"): ("equal", "different", DROPPED),
    ("non-ASCII", "a control character"): ("equal", "different", DROPPED),
}

# No DN to either, unless a row says otherwise: text, dn_parse's answer, slapd's answer, why.
MALFORMED = [
    ("cn=a,,o=mms", "invalid", "invalid", "an empty component"),
    ("cn=a,o=mms,", "invalid", "invalid", "a trailing comma"),
    (",o=mms", "invalid", "invalid", "a leading comma"),
    ("cn=a+,o=mms", "invalid", "invalid", "an empty value behind +"),
    ("Custom Recipients", "invalid", "invalid", "no type"),
    ("Custom Recipients,o=mms", "invalid", "invalid", "no type at the leaf"),
    ("=a,o=mms", "invalid", "invalid", "an empty type"),
    ("-cn=a,o=mms", "invalid", "invalid", "a type that begins with a hyphen"),
    ("cn=a\\zz,o=mms", "invalid", "invalid", "an escape that is none"),
    ("cn=a\\4,o=mms", "invalid", "invalid", "half a hex pair"),
    ("cn=a<b,o=mms", "invalid", "invalid", "a bare <"),
    ('cn=a"b,o=mms', "invalid", "invalid", "a bare quotation mark"),
    ('cn="a,o=mms', "invalid", "invalid", "a quotation mark left open"),
    ('cn="a"b,o=mms', "invalid", "invalid", "text behind the closing quotation mark"),
    ("cn=#,o=mms", "invalid", "invalid", "# without digits"),
    ("cn=#0,o=mms", "invalid", "invalid", "# with one digit"),
    ("cn=#zz,o=mms", "invalid", "invalid", "# without hex digits"),
    ("/o=mms/cn=a", "invalid", "invalid", "the slash form"),
    ("mms.example/a", "invalid", "invalid", "the canonical form"),
    ("<GUID=00>", "invalid", "invalid", "the extended form"),
    ("c_n=a,o=mms", "valid", "invalid", "some servers keep types with an underscore; slapd does not"),
    ("cn=,o=mms", "valid", "invalid", "RFC 4514 allows an empty value; slapd's syntaxes do not"),
    ("cn=a+cn=b,o=mms", "valid", "invalid", "one type twice is syntax enough; slapd wants each once"),
    ("no-such-type=a,o=mms", "valid", "invalid", "slapd refuses types its schema does not hold"),
    ("cn;lang-de=a,o=mms", "invalid", "valid", "libldap drops the option silently and finds another entry"),
]

Twins = collections.namedtuple("Twins", "first second")


def entry_of(pair):
    """(dn, attributes) of the entry that the first DN of a pair names."""
    attributes = collections.defaultdict(list, {"objectClass": ["container", "extensibleObject"]})
    for name, value in pair.type if isinstance(pair.type, list) else [(pair.type, pair.value)]:
        attributes[name].append(value)
    attributes.setdefault("cn", ["named otherwise"])
    return pair.first, dict(attributes)


def ask_identities(connection, names):
    """For each DN its entryUUID, None where nothing is, or "invalid" where the server says it is no DN."""
    answers, in_flight = [None] * len(names), collections.deque()

    def collect():
        index, message = in_flight.popleft()
        try:
            _, found = connection.result(message)
            answers[index] = found[0][1]["entryUUID"][0].decode()
        except ldap.NO_SUCH_OBJECT:
            pass
        except ldap.INVALID_DN_SYNTAX:
            answers[index] = "invalid"

    for index, name in enumerate(names):
        in_flight.append((index, connection.search(name, ldap.SCOPE_BASE, "(objectClass=*)", ["entryUUID"])))
        if len(in_flight) == IN_FLIGHT:
            collect()
    while in_flight:
        collect()
    return answers


def ask_slapd(slapd, pairs):
    connection = slapd.connect()
    firsts = ask_identities(connection, [pair.first for pair in pairs])
    seconds = ask_identities(connection, [pair.second for pair in pairs])
    for pair, first in zip(pairs, firsts):
        assert first not in (None, "invalid"), f"slapd does not hold {pair}"
    assert len(set(firsts)) == len(pairs)
    return ["invalid" if second == "invalid" else "equal" if second == first else "different"
            for first, second in zip(firsts, seconds)]


def ask_dn_equal(pairs):
    def line(pair):
        return b"\t".join(base64.b64encode(name.encode()) for name in (pair.first, pair.second)) + b"\n"

    program = os.path.join(os.environ["BUILDDIR"], "tests/live/dn_pairs")
    answer = subprocess.run([program], input=b"".join(map(line, pairs)), stdout=subprocess.PIPE, check=True)
    answers = answer.stdout.decode().splitlines()
    assert len(answers) == len(pairs)
    return answers


def print_counts(pairs, ours, theirs):
    counts = collections.Counter()
    for pair, our, their in zip(pairs, ours, theirs):
        counts[pair.kind, pair.is_equal, "agree" if our == their else "explained"] += 1
    print(f"\n{'kind':14} {'must be':10} {'pairs':>6} {'agree':>6} {'explained':>10}")
    for kind in KINDS:
        for is_equal in (True, False):
            agree, explained = (counts[kind, is_equal, word] for word in ("agree", "explained"))
            print(f"{kind:14} {'equal' if is_equal else 'unequal':10} {agree + explained:6} {agree:6} {explained:10}")
            assert agree >= PAIRS_OF_EACH, "too few pairs that prove anything"
    for (kind, rule), (our, their, why) in DISAGREEMENTS.items():
        print(f"{kind}, {rule}: dn_equal {our}, slapd {their}: {why}")


@pytest.fixture
def holder(slapd_factory):
    """holder(pairs): a slapd that holds the first entry of each."""
    def start(pairs):
        tree = [(SUFFIX, {"objectClass": "organization", "o": "mms"}),
                (PARENT, {"objectClass": "organizationalUnit", "ou": "Pair Room"})]
        return slapd_factory(tree=tree + [entry_of(pair) for pair in pairs], log="none")
    return start


def test_equality_is_what_slapd_says_or_a_disagreement_that_is_explained(holder):
    pairs = generate(PAIRS_OF_EACH)
    ours, theirs = ask_dn_equal(pairs), ask_slapd(holder(pairs), pairs)
    surprises = []
    for pair, our, their in zip(pairs, ours, theirs):
        truth = "equal" if pair.is_equal else "different"
        expected = DISAGREEMENTS.get((pair.kind, pair.rule), (truth, truth))[:2]
        if (our, their) != expected:
            surprises.append(f"{pair}: dn_equal says {our}, slapd says {their}, expected {expected}")
    assert not surprises, f"{len(surprises)} surprises:\n" + "\n".join(surprises[:20])
    assert DISAGREEMENTS.keys() <= {(pair.kind, pair.rule) for pair in pairs}, "a row that no pair tests"
    print_counts(pairs, ours, theirs)


def test_what_is_no_dn_here_is_none_to_slapd_or_the_reason_is_known(slapd):
    connection = slapd.connect()
    texts = [text for text, *_ in MALFORMED]
    theirs = ["invalid" if answer == "invalid" else "valid" for answer in ask_identities(connection, texts)]
    twins = [Twins(text, text) for text in texts]
    ours = ["invalid" if answer == "invalid" else "valid" for answer in ask_dn_equal(twins)]
    assert list(zip(texts, ours, theirs)) == [row[:3] for row in MALFORMED]
