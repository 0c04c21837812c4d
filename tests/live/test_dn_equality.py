"""dn_equal() against the judges it explains: a real slapd, and a Samba, say by base search whether the second spelling
leads to the entry that the first one names. Where one differs from us, a row of its disagreements says why."""

import collections

from dn_judges import ask_dn_equal, ask_identities, ask_server
from dn_spellings import generate
from servers.samba import SUFFIX as DOMAIN

PAIRS_OF_EACH = 200
SAMBA_PAIRS_OF_EACH = 30
ROOM = "OU=Pair Room," + DOMAIN

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

ONE_BY_ONE = "Samba compares characters, upper-cased one by one; RFC 4518 prepares the text before"
NO_NUMBERS = "Samba takes no numbers for types"
NO_SYNTAX = "leftovers of LDAPv2 (RFC 1779), which Samba refuses"
# The same of Samba, of those pairs of a rule on which it disagrees; some rules leave that to chance.
SAMBA_DISAGREEMENTS = {
    ("space", "spaces round everything"): ("equal", "invalid", NO_SYNTAX),
    ("escape", "a semicolon between the RDNs"): ("equal", "invalid", NO_SYNTAX),
    ("escape", "quotes round the value"): ("equal", "different", NO_SYNTAX + " or takes for part of the value"),
    ("escape", "hex pairs inside quotes"): ("equal", "different", NO_SYNTAX + " or takes for part of the value"),
    ("hex", "#hex"): ("equal", "different", "Samba takes it for the value itself"),
    ("alias", "another name of the type"): ("equal", "invalid", NO_NUMBERS),
    ("alias", "another name, and another value"): ("different", "invalid", NO_NUMBERS),
    ("alias", "aliases in the whole DN"): ("equal", "invalid", NO_NUMBERS),
    ("alias", "OID. before the numbers"): ("equal", "invalid", NO_SYNTAX),
    ("alias", "the name of another type"): ("different", "invalid", NO_NUMBERS),
    ("non-ASCII", "decomposed (NFD)"): ("equal", "different", ONE_BY_ONE),
    **{("space", f"{blank} for a space"): ("equal", "different", ONE_BY_ONE)
       for blank in ("a tab", "a line feed", "a carriage return", "a no-break space", "an ideographic space",
                     "a raw line feed")},
    **{("non-ASCII", letter): ("equal", "different", ONE_BY_ONE)
       for letter in ("sharp s", "a ligature", "full-width letters", "a mathematical letter", "the kelvin sign",
                      "the angstrom sign", "dotted capital I", "a superscript", "a circled digit", "a soft hyphen",
                      "a zero-width space", "a zero-width joiner", "a variation selector", "a control character",
                      "long s", "Armenian ligature", "titlecase dz", "capital sharp s", "micro sign",
                      "half-width katakana", "a Roman numeral", "a small Roman numeral", "a Greek iota below")},
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


def check(pairs, ours, theirs, disagreements, n_least, always):
    """Each answer is the truth, or a disagreement that is explained; the latter on all pairs of its rule if always."""
    surprises, met, counts = [], set(), collections.Counter()
    for pair, our, their in zip(pairs, ours, theirs):
        truth = "equal" if pair.is_equal else "different"
        rule = (pair.kind, pair.rule)
        explained = disagreements.get(rule, (truth, truth))[:2]
        if (our, their) != explained and (always or (our, their) != (truth, truth)):
            surprises.append(f"{pair}: dn_equal says {our}, the server says {their}, expected {explained}")
        if our != their:
            met.add(rule)
        counts[pair.kind, pair.is_equal, "agree" if our == their else "explained"] += 1
    assert not surprises, f"{len(surprises)} surprises:\n" + "\n".join(surprises[:20])
    assert disagreements.keys() <= met, f"rows that no pair tests: {disagreements.keys() - met}"
    print_counts(counts, {pair.kind for pair in pairs}, n_least)
    for (kind, rule), (our, their, why) in disagreements.items():
        print(f"{kind}, {rule}: dn_equal {our}, the server {their}: {why}")


def print_counts(counts, kinds, n_least):
    print(f"\n{'kind':14} {'must be':10} {'pairs':>6} {'agree':>6} {'explained':>10}")
    for kind in sorted(kinds):
        for is_equal in (True, False):
            agree, explained = (counts[kind, is_equal, word] for word in ("agree", "explained"))
            print(f"{kind:14} {'equal' if is_equal else 'unequal':10} {agree + explained:6} {agree:6} {explained:10}")
            assert agree >= n_least, "too few pairs that prove anything"


def test_equality_is_what_slapd_says_or_a_disagreement_that_is_explained(holder):
    pairs = generate(PAIRS_OF_EACH)
    theirs = ask_server(holder(pairs).connect(), pairs)
    check(pairs, ask_dn_equal(pairs), theirs, DISAGREEMENTS, PAIRS_OF_EACH, always=True)


def is_samba_name(pair):
    """Samba names a container by its cn alone, and wants a backslash before a `=` in it."""
    return pair.type == "cn" and "=" not in pair.value


def test_equality_is_what_samba_says_or_a_disagreement_that_is_explained(samba_factory):
    pairs = [pair for pair in generate(SAMBA_PAIRS_OF_EACH, ROOM) if is_samba_name(pair)]
    room = [(ROOM, {"objectClass": "organizationalUnit"})]
    samba = samba_factory(tree=room + [(pair.first, {"objectClass": "container"}) for pair in pairs])
    theirs = ask_server(samba.connect(), pairs, "objectGUID")
    check(pairs, ask_dn_equal(pairs), theirs, SAMBA_DISAGREEMENTS, 0, always=False)


def test_what_is_no_dn_here_is_none_to_slapd_or_the_reason_is_known(slapd):
    connection = slapd.connect()
    texts = [text for text, *_ in MALFORMED]
    theirs = ["invalid" if answer == "invalid" else "valid" for answer in ask_identities(connection, texts)]
    twins = [Twins(text, text) for text in texts]
    ours = ["invalid" if answer == "invalid" else "valid" for answer in ask_dn_equal(twins)]
    assert list(zip(texts, ours, theirs)) == [row[:3] for row in MALFORMED]
