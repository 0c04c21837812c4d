"""Pairs of DNs for the comparison of dn_equal() with a directory server: the first names an entry that the server
holds, the second is spelled otherwise (equal) or names something else (unequal). A pair knows its kind and the rule
that made it, and by the RFCs it must be equal or not.

The seed is fixed: every run asks the same pairs."""

import collections
import random
import re
import unicodedata

PARENT = "ou=Pair Room,o=mms"
# The same by other names of the types.
ALIAS_OF = {"ou=": "2.5.4.11=", "o=": "organizationName=", "dc=": "domainComponent="}

Pair = collections.namedtuple("Pair", "kind is_equal rule type value first second")

WORDS = "Custom Recipients Sales Charlotte Orders Archive North Wind Desk Mail Staff Export".split()
SPECIALS = ',+"\\<>;='

# type, its other names
ALIASES = {
    "cn": ["commonName", "COMMONNAME", "2.5.4.3"],
    "ou": ["organizationalUnitName", "2.5.4.11"],
    "o": ["organizationName", "2.5.4.10"],
    "l": ["localityName", "2.5.4.7"],
    "st": ["stateOrProvinceName", "2.5.4.8"],
    "street": ["streetAddress", "2.5.4.9"],
    "sn": ["surname", "2.5.4.4"],
    "uid": ["userid", "0.9.2342.19200300.100.1.1"],
    "dc": ["domainComponent", "0.9.2342.19200300.100.1.25"],
    "givenName": ["gn", "2.5.4.42"],
    "mail": ["rfc822Mailbox", "0.9.2342.19200300.100.1.3"],
    "email": ["emailAddress", "pkcs9email", "1.2.840.113549.1.9.1"],
    "title": ["2.5.4.12"],
    "description": ["2.5.4.13"],
}


def escape(value):
    """A value as RFC 4514 writes it."""
    text = "".join("\\" + c if c in '"+,;<>\\' else c for c in value)
    if text.startswith((" ", "#")):
        text = "\\" + text
    if text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1] + "\\ "
    return text


def octets(value):
    """Every octet of it as \\HH."""
    return "".join(f"\\{octet:02X}" for octet in value.encode())


def ber(value, tag):
    """As #hex: a BER string."""
    content = value.encode()
    return "#" + (bytes([tag, len(content)]) + content).hex()


class Spellings:
    def __init__(self, seed, parent):
        self.random = random.Random(seed)
        self.parent = parent
        self.number = 0
        self.pairs = []

    def words(self):
        """A value that no other pair has."""
        self.number += 1
        return f"{self.random.choice(WORDS)} {self.random.choice(WORDS)} {self.number:05d}"

    def flip(self, text):
        """Some of its ASCII letters in the other case, at least one."""
        flipped = "".join(c.swapcase() if c.isascii() and self.random.random() < 0.5 else c for c in text)
        return flipped if flipped != text else text.swapcase()

    def change(self, text):
        """Another letter at one place."""
        at = self.random.choice([i for i, c in enumerate(text) if c.isascii() and c.isalpha()])
        other = self.random.choice([c for c in "abcdefghijklmnopqrstuvwxyz" if c != text[at].lower()])
        return text[:at] + other + text[at + 1:]

    def add(self, kind, is_equal, rule, value, second, type="cn", first=None):
        """second: the leaf as written, or a whole DN when it is a tuple."""
        first = first or f"{type}={escape(value)}"
        whole = second[0] if isinstance(second, tuple) else f"{second},{self.parent}"
        self.pairs.append(Pair(kind, is_equal, rule, type, value, f"{first},{self.parent}", whole))

    # --- one method a kind; each is called `count` times

    def case(self):
        value = self.words()
        self.add("case", True, "letters", value, f"cn={self.flip(value)}")
        value = self.words()
        self.add("case", True, "letters of the whole DN", value, (self.flip(f"cn={value},{self.parent}"),))
        value = self.words()
        self.add("case", False, "letters, and another one", value, f"cn={self.flip(self.change(value))}")

    def case_exact(self):
        value = self.words().replace(" ", "")
        self.add("case", False, "an attribute that heeds case", value, f"labeledURI={value.swapcase()}",
                 "labeledURI")

    def space(self):
        value = self.words()
        self.add("space", True, "more spaces between words", value, "cn=" + value.replace(" ", "  "))
        value = self.words()
        self.add("space", True, "escaped spaces at the ends", value, f"cn=\\20{value}\\ ")
        value = self.words()
        self.add("space", True, "spaces round everything", value,
                 (f" cn = {value} , " + self.parent.replace("=", " = ").replace(",", "   ,"),))
        value = self.words()
        self.add("space", False, "no space between words", value, "cn=" + value.replace(" ", "", 1))
        value = self.words()
        self.add("space", False, "a space inside a word", value, f"cn={value[:2]} {value[2:]}")

    def space_of_another_kind(self):
        for rule, blank in (("a tab", "\\09"), ("a line feed", "\\0A"), ("a carriage return", "\\0D"),
                            ("a no-break space", "\u00a0"), ("an ideographic space", "\u3000"),
                            ("a raw line feed", "\n")):
            value = self.words()
            self.add("space", True, f"{rule} for a space", value, "cn=" + value.replace(" ", blank))

    def telephone(self):
        self.number += 1
        value = f"+1 704 555 {self.number}"
        self.add("space", True, "a telephone number without its spaces", value,
                 "telephoneNumber=" + escape(value.replace(" ", "")), "telephoneNumber")

    def special(self):
        """A value with two special characters inside."""
        value = self.words()
        for _ in range(2):
            at = self.random.randrange(1, len(value) - 1)
            value = value[:at] + self.random.choice(SPECIALS) + value[at:]
        return value

    def escaped(self):
        value = self.special()
        written = "".join(f"\\{ord(c):02x}" if c in SPECIALS or self.random.random() < 0.2 else c for c in value)
        self.add("escape", True, "some characters as hex pairs", value, f"cn={written}")
        value = self.special()
        written = value.replace("\\", "\\\\").replace('"', '\\"')
        self.add("escape", True, "quotes round the value", value, f'cn="{written}"')
        value = "#" + self.words()
        self.add("escape", True, "a leading number sign", value, "cn=\\23" + value[1:])
        value = self.words()
        self.add("escape", True, "a semicolon between the RDNs", value, (f"cn={value};{self.parent}".replace(",", ";"),))
        value = self.special()
        other = value.replace(next(c for c in value if c in SPECIALS), "-", 1)
        self.add("escape", False, "a special character less", value, f"cn={escape(other)}")
        value = self.words() + ",x"
        self.add("escape", False, "the escape itself escaped", value, f"cn={value[:-2]}\\\\2Cx")

    def quoted_hex(self):
        value = self.special()
        self.add("escape", True, "hex pairs inside quotes", value, f'cn="{octets(value)}"')

    def hexed(self):
        value = self.words()
        self.add("hex", True, "every octet as a hex pair", value, f"cn={octets(value)}")
        value = self.words()
        self.add("hex", False, "every octet as a hex pair, one changed", value, f"cn={octets(self.change(value))}")
        value = self.words()
        self.add("hex", True, "#hex", value, f"cn={ber(value, self.random.choice([0x04, 0x0C, 0x13, 0x16]))}")
        value = self.words()
        self.add("hex", False, "#hex, one octet changed", value, f"cn={ber(self.change(value), 0x0C)}")

    def several(self, n_values):
        types = self.random.sample(["cn", "sn", "ou", "l", "st", "uid", "title", "description"], n_values)
        return [(name, self.words()) for name in types]

    def multi(self):
        for is_equal, rule, change in (
                (True, "another order", lambda avas: avas[::-1]),
                (True, "another order and case", lambda avas: [(self.flip(t), self.flip(v)) for t, v in avas[1:] + avas[:1]]),
                (False, "values changed places", lambda avas: [(avas[0][0], avas[1][1]), (avas[1][0], avas[0][1])] + avas[2:]),
                (False, "one value less", lambda avas: avas[1:]),
                (False, "one value more", lambda avas: avas + [("street", "x")]),
                (False, "one value changed", lambda avas: [(avas[0][0], self.change(avas[0][1]))] + avas[1:])):
            avas = self.several(self.random.randint(2, 4))
            write = lambda some: "+".join(f"{t}={v}" for t, v in some)
            self.add("multi-valued", is_equal, rule, None, write(change(avas)), avas, write(avas))

    def alias(self):
        name, others = self.random.choice(list(ALIASES.items()))
        value = self.words().replace(" ", "-")
        self.add("alias", True, "another name of the type", value, f"{self.random.choice(others)}={value}", name)
        value = self.words().replace(" ", "-")
        self.add("alias", False, "another name, and another value", value,
                 f"{self.random.choice(others)}={self.change(value)}", name)
        value = self.words()
        self.add("alias", True, "aliases in the whole DN", value,
                 (f"commonName={value}," + re.sub(r"\b\w+=", lambda name: ALIAS_OF[name[0].lower()], self.parent),))
        value = self.words()
        self.add("alias", False, "the name of another type", value,
                 f"{self.random.choice([a for t in ('ou', 'o', 'l', 'uid') for a in [t] + ALIASES[t]])}={value}")

    def oid_prefix(self):
        value = self.words()
        self.add("alias", True, "OID. before the numbers", value, f"OID.2.5.4.3={value}")

    def foreign(self, letters, n=3):
        return "".join(self.random.choice(letters) for _ in range(n))

    def non_ascii(self):
        lower = "äöüéèçñåøžšćąęłабвгджαβγδλ"
        for is_equal, rule, spell in (
                (True, "letters in the other case", str.upper),
                (True, "decomposed (NFD)", lambda v: unicodedata.normalize("NFD", v)),
                (True, "octets as hex pairs", octets),
                (False, "another letter", lambda v: v.replace(v[0], "ÿ", 1)),
                (False, "a letter less", lambda v: v[1:]),
                (False, "letters in the other case, and another one", lambda v: v.upper() + "ß")):
            value = f"{self.foreign(lower)} {self.words()}"
            self.add("non-ASCII", is_equal, rule, value, f"cn={spell(value)}")

    # rule: what the entry is called, what it is asked for by
    LETTERS_EQUAL = [
        ("sharp s", "straße", "STRASSE"), ("final sigma", "σύλλογος", "ΣΎΛΛΟΓΟΣ"), ("a ligature", "ﬁle", "file"),
        ("full-width letters", "ＡＢＣ", "abc"), ("a mathematical letter", "𝐀", "a"),
        ("the kelvin sign", "300 \u212a", "300 k"), ("the angstrom sign", "\u212b", "å"),
        ("dotted capital I", "İ", "i\u0307"), ("a superscript", "m²", "m2"), ("a circled digit", "①", "1"),
        ("a soft hyphen", "re\u00adport", "report"), ("a zero-width space", "re\u200bport", "report"),
        ("a zero-width joiner", "re\u200dport", "report"), ("a variation selector", "a\ufe0f", "a"),
        ("a control character", "a\\07b", "ab"), ("long s", "ſ", "s"), ("Armenian ligature", "և", "եւ"),
        ("titlecase dz", "ǅ", "dž"), ("capital sharp s", "ẞ", "ss"),
        ("micro sign", "µ", "μ"), ("half-width katakana", "ｶﾞ", "ガ"), ("a Roman numeral", "Ⅳ", "iv"),
        ("a small Roman numeral", "ⅳ", "iv"), ("a Greek iota below", "ᾳ", "αι"),
    ]
    LETTERS_UNEQUAL = [
        ("a diacritic less", "ü", "u"), ("dotless i", "ı", "i"), ("a Cyrillic look-alike", "а", "a"),
        ("a stroke less", "ø", "o"), ("sharp s and one s", "ß", "s"), ("a Greek look-alike", "ο", "o"),
        ("a letter for a letter with stroke", "ł", "l"), ("eth and d", "ð", "d"), ("kana of two sizes", "ゃ", "や"),
        ("dotted capital I and a plain i", "İ", "i"),
    ]

    def letters(self):
        for is_equal, table in ((True, self.LETTERS_EQUAL), (False, self.LETTERS_UNEQUAL)):
            for rule, held, asked in table:
                end = self.words()
                value = held.replace("\\07", "\x07") + " " + end
                self.add("non-ASCII", is_equal, rule, value, f"cn={asked} {end}",
                         first=f"cn={held} {end}")


def generate(count, parent=PARENT):
    """At least `count` pairs of each kind for each answer, below the parent."""
    spellings = Spellings(4518, parent)
    for _ in range(count):
        for make in (spellings.case, spellings.space, spellings.escaped, spellings.hexed, spellings.multi,
                     spellings.alias, spellings.non_ascii):
            make()
    for _ in range(max(5, count // 20)):
        for make in (spellings.case_exact, spellings.space_of_another_kind, spellings.telephone,
                     spellings.quoted_hex, spellings.oid_prefix, spellings.letters):
            make()
    return spellings.pairs
