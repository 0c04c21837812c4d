"""Files of the programs that have a preset, each in many variants: the DNs that trip a reader up, and the ways in
which a line of the file can be dressed. In a template DN stands for the DN, LEFT and RIGHT for its two halves."""

import collections
import random

# why: how the line is dressed. text: bytes. is_refused: the program may refuse it for what the base has no part in.
Variant = collections.namedtuple("Variant", "why text is_refused")
ELSE = True

PLAIN = "ou=people,o=mms"
DNS = [
    PLAIN, "OU=People, O=MMS", "ou=people , o=mms", "ou = people,o = mms", r"cn=a\,b,o=mms", r"cn=a\2Cb,o=mms",
    "cn=a=b,o=mms", "cn=C#,o=mms", "cn=C #4,o=mms", r"cn=\#1,o=mms", r"cn=a\"b,o=mms", "cn=O'Brien,o=mms",
    "cn='quoted',o=mms", 'cn="a,b",o=mms', "cn=Zürich,o=mms", "cn=日本,o=mms", r"cn=Z\C3\BCrich,o=mms",
    r"cn=a\\b,o=mms", r"cn=a\;b,o=mms", "cn=a;o=mms", "cn=a ; o=mms", "cn=a+sn=b,o=mms", "cn=100%,o=mms",
    "cn=50%% off,o=mms", "cn=$x,o=mms", "cn=a  b,o=mms", "cn={x},o=mms", "cn=[x],o=mms", "cn=a?b,o=mms",
    r"cn=\20a\20,o=mms", r"o=mms\20", "cn=a:b,o=mms", "cn=`x`,o=mms", "cn=(x),o=mms", "cn=a/b,o=mms",
    "cn=" + "long " * 60 + "value,o=mms", ",".join(["ou=deep"] * 40) + ",o=mms", "o=mms",
]
OTHER = "ou=other,o=mms"
MAPS = "aliases ethers group hosts netgroup networks passwd protocols rpc services shadow".split()
OTHER_MAPS = "alias ether host network protocol service".split()

POSTFIX = [
    ("plain", "search_base = DN\n"), ("no blanks", "search_base=DN\n"), ("tabs", "search_base\t=\tDN\t\n"),
    ("many blanks", "search_base   =    DN   \n"), ("quotes", 'search_base = "DN"\n'),
    ("single quotes", "search_base = 'DN'\n"), ("commented out", f"#search_base = {OTHER}\nsearch_base = DN\n"),
    ("an indented comment", f"search_base = DN\n   # search_base = {OTHER}\n"),
    ("a comment behind it", "search_base = DN # here\n"), ("a semicolon behind it", "search_base = DN ; here\n"),
    ("twice", f"search_base = {OTHER}\nsearch_base = DN\n"),
    ("twice, last empty", "search_base = DN\nsearch_base =\n"), ("capitals", "SEARCH_BASE = DN\n"),
    ("capitals first", f"Search_Base = {OTHER}\nsearch_base = DN\n"),
    ("capitals last", f"search_base = DN\nSearch_Base = {OTHER}\n"),
    ("a longer key", f"search_base = DN\nsearch_base_x = {OTHER}\n"), ("a key with a blank", "search base = DN\n"),
    ("no equal sign", "search_base DN\n"), ("no value", "search_base =\n"), ("no key", "= DN\n"),
    ("two equal signs", "search_base == DN\n"), ("a bare key", "search_base\n"), ("not there", "scope = sub\n"),
    ("goes on", "search_base = LEFT\n RIGHT\n"), ("goes on behind a tab", "search_base = LEFT\n\tRIGHT\n"),
    ("goes on behind much", "search_base = LEFT  \n      RIGHT  \n"), ("goes on at once", "search_base =\n  DN\n"),
    ("goes on behind the key", "search_base\n = DN\n"),
    ("goes on behind a blank line", "search_base = LEFT\n\n RIGHT\n"),
    ("goes on behind blanks", "search_base = LEFT\n   \n RIGHT\n"),
    ("goes on behind a comment", "search_base = LEFT\n# here\n RIGHT\n"),
    ("goes on behind an indented comment", "search_base = LEFT\n  # here\n RIGHT\n"),
    ("a backslash at the end", "search_base = LEFT\\\nRIGHT\n"),
    ("a backslash, and goes on", "search_base = LEFT\\\n RIGHT\n"),
    ("belongs to the line above", f"search_base = {OTHER}\nscope = sub\n search_base = DN\n"),
    ("indented first", " search_base = DN\n"), ("indented behind a comment", "# here\n search_base = DN\n"),
    ("a form feed", "search_base = DN\f\n"), ("a form feed before", "search_base =\fDN\n"),
    ("goes on behind a form feed", "search_base = LEFT\n\fRIGHT\n"),
    ("a no-break space", "search_base =\u00a0DN\n"), ("a vertical tab", "search_base = LEFT\vRIGHT\n"),
    ("a sum", "search_base += DN\n"), ("a dynamic base", "search_base = ou=%d,DN\n"),
    ("a section", "[x]\nsearch_base = DN\n"),
]
DOVECOT = [
    ("plain", "base = DN\n"), ("no blanks", "base=DN\n"), ("tabs", "\tbase\t=\tDN\t\n"),
    ("many blanks", "   base   =    DN   \n"), ("quotes", 'base = "DN"\n'), ("single quotes", "base = 'DN'\n"),
    ("quotes, and more", 'base = "DN" x\n'), ("quotes, and a comment", 'base = "DN" # here\n'),
    ("one quote", 'base = "DN\n'), ("a quote at the end", 'base = DN"\n'), ("a blank in quotes", 'base = " DN "\n'),
    ("commented out", f"#base = {OTHER}\nbase = DN\n"), ("an indented comment", f"base = DN\n  # base = {OTHER}\n"),
    ("a comment behind it", "base = DN # here\n"), ("a comment at once", "base = DN# here\n"),
    ("a comment behind a tab", "base = DN\t# here\n"), ("a semicolon behind it", "base = DN ; here\n"),
    ("twice", f"base = {OTHER}\nbase = DN\n"), ("twice, last empty", "base = DN\nbase =\n"),
    ("capitals", "BASE = DN\n"), ("capitals last", f"base = DN\nBase = {OTHER}\n", ELSE),
    ("a longer key", f"base = DN\nbase_x = {OTHER}\n", ELSE), ("no equal sign", "base DN\n"),
    ("no value", "base =\n"), ("not there", "scope = subtree\n"), ("two equal signs", "base == DN\n"),
    ("a bare key", "base\n"), ("a backslash at the end", "base = LEFT\\\nRIGHT\n"),
    ("a backslash and a blank line", "base = LEFT\\\n  RIGHT\n\n"),
    ("a comment goes on", f"# here \\\nbase = {OTHER}\nbase = DN\n"), ("an indented line", "base = LEFT\n RIGHT\n"),
    ("a dynamic base", "base = ou=%d,DN\n"), ("a variable", "base = ou=%{domain},DN\n"),
    ("a section", "x {\n base = DN\n}\n", ELSE), ("a form feed", "base = DN\f\n"),
    ("an include", "!include_try /nonexistent\nbase = DN\n"), ("a file", "base = </nonexistent\n"),
    ("a colon", "base: DN\n"),
]
NSLCD = [
    ("plain", "base DN\n"), ("tabs", "base\tDN\t\n"), ("many blanks", "base    DN   \n"),
    ("indented", "   base DN\n"), ("an equal sign", "base = DN\n"), ("an equal sign at once", "base=DN\n"),
    ("quotes", 'base "DN"\n'), ("single quotes", "base 'DN'\n"), ("capitals", "BASE DN\n"),
    ("commented out", f"#base {OTHER}\nbase DN\n"), ("an indented comment", f"base DN\n  # base {OTHER}\n", ELSE),
    ("a comment behind it", "base DN # here\n"), ("a map", "base passwd DN\n"),
    ("a map in capitals", "base PASSWD DN\n"), ("a map behind tabs", "base\tgroup\t\tDN\n"),
    ("both", f"base DN\nbase passwd {OTHER}\n"), ("both, turned round", f"base passwd {OTHER}\nbase DN\n"),
    ("each of two", f"base {OTHER}\nbase DN\n"),
    ("each of two of a map", f"base o=x\nbase group {OTHER}\nbase group DN\n"),
    ("every map", "base o=x\n" + "".join(f"base {name} ou={name},DN\n" for name in MAPS)),
    ("every map by its other name", "base o=x\n" + "".join(f"base {name} ou={name},DN\n" for name in OTHER_MAPS)),
    ("a map that is none", "base people DN\n"), ("a map alone", "base passwd\n"),
    ("a map of old", "nss_base_passwd DN\n"), ("a key behind it", f"base DN\nbasex {OTHER}\n", ELSE),
    ("no value", "base\n"), ("no value, blanks", "base   \n"), ("not there", "scope sub\n"),
    ("by the domain", "base DOMAIN\n"), ("a map by the domain", "base DN\nbase passwd DOMAIN\n"),
    ("an indented line", "base LEFT\n RIGHT\n", ELSE), ("a backslash at the end", "base LEFT\\\nRIGHT\n"),
    ("a form feed", "base DN\f\n"), ("eight of one", "".join(f"base ou={n},DN\n" for n in range(7))),
    ("too many", "".join(f"base ou={n},DN\n" for n in range(9)), ELSE), ("the same twice", "base DN\nbase DN\n"),
]
SSSD = [
    ("plain", "ldap_search_base = DN\n"), ("no blanks", "ldap_search_base=DN\n"),
    ("tabs", "ldap_search_base\t=\tDN\t\n"), ("many blanks", "ldap_search_base   =    DN   \n"),
    ("quotes", 'ldap_search_base = "DN"\n'), ("single quotes", "ldap_search_base = 'DN'\n"),
    ("indented", "  ldap_search_base = DN\n"), ("indented by a tab", "\tldap_search_base = DN\n"),
    ("capitals", "LDAP_SEARCH_BASE = DN\n"),
    ("commented out", f"#ldap_search_base = {OTHER}\nldap_search_base = DN\n"),
    ("commented out by ;", f"ldap_search_base = DN\n;ldap_search_base = {OTHER}\n"),
    ("an indented comment", f"ldap_search_base = DN\n  # ldap_search_base = {OTHER}\n"),
    ("a comment behind it", "ldap_search_base = DN # here\n"),
    ("a semicolon behind it", "ldap_search_base = DN ; here\n"),
    ("twice", f"ldap_search_base = {OTHER}\nldap_search_base = DN\n"),
    ("twice, last empty", "ldap_search_base = DN\nldap_search_base =\n"),
    ("capitals last", f"ldap_search_base = DN\nLdap_Search_Base = {OTHER}\n"),
    ("a longer key", f"ldap_search_base = DN\nldap_search_base_x = {OTHER}\n"),
    ("no value", "ldap_search_base =\n"), ("not there", "cache_credentials = false\n"),
    ("no equal sign", "ldap_search_base DN\n"), ("a colon", "ldap_search_base: DN\n"),
    ("two equal signs", "ldap_search_base == DN\n"), ("goes on", "ldap_search_base = LEFT\n RIGHT\n"),
    ("a backslash at the end", "ldap_search_base = LEFT\\\nRIGHT\n"),
    ("a section behind it", f"ldap_search_base = DN\n[nss]\nldap_search_base = {OTHER}\n"),
    ("a section before it", f"[nss]\nldap_search_base = {OTHER}\n[domain/example]\nldap_search_base = DN\n"),
    ("the section again", f"ldap_search_base = {OTHER}\n[nss]\n[domain/example]\nldap_search_base = DN\n"),
    ("the section in capitals", f"ldap_search_base = {OTHER}\n[DOMAIN/EXAMPLE]\nldap_search_base = DN\n"),
    ("the section with blanks", f"[nss]\n[ domain/example ]\nldap_search_base = DN\n"),
    ("the section indented", f"[nss]\n  [domain/example]\nldap_search_base = DN\n"),
    ("text behind the section", f"[nss]\n[domain/example] # here\nldap_search_base = DN\n"),
    ("a base and scope", "ldap_search_base = DN?subtree?\n"),
    ("a filter", "ldap_search_base = DN?onelevel?(uid=*)\n"),
    ("two bases", f"ldap_search_base = DN?subtree?(uid=a)?{OTHER}?base?\n"),
    ("two bases, no filters", f"ldap_search_base = DN??{{}}?{OTHER}??\n".replace("{}", "")),
    ("a scope alone", "ldap_search_base = DN?subtree\n"), ("a scope that is none", "ldap_search_base = DN?sub?\n"),
    ("four parts", f"ldap_search_base = DN?subtree??{OTHER}\n"),
    ("blanks round", f"ldap_search_base = DN ? subtree ? ? {OTHER} ? base ?\n"),
    ("a form feed", "ldap_search_base = DN\f\n"),
]
FREERADIUS = [
    ("single quotes", "base_dn = 'DN'\n"), ("double quotes", 'base_dn = "DN"\n'), ("bare", "base_dn = DN\n"),
    ("no blanks", "base_dn='DN'\n"), ("tabs", "\tbase_dn\t=\t'DN'\t\n"), ("indented", "    base_dn = 'DN'\n"),
    ("back quotes", "base_dn = `DN`\n"), ("a comment behind it", "base_dn = 'DN' # here\n"),
    ("a comment at once", "base_dn = 'DN'# here\n"), ("text behind it", "base_dn = 'DN' here\n"),
    ("a comma behind it", "base_dn = 'DN',\n"), ("a semicolon behind it", "base_dn = 'DN';\n"),
    ("commented out", f"#base_dn = '{OTHER}'\nbase_dn = 'DN'\n"),
    ("an indented comment", f"base_dn = 'DN'\n\t# base_dn = '{OTHER}'\n"),
    ("twice", f"base_dn = 'DN'\nbase_dn = '{OTHER}'\n"), ("capitals", "BASE_DN = 'DN'\n"),
    ("a longer key", f"base_dn = 'DN'\nbase_dn_x = '{OTHER}'\n"), ("no value", "base_dn =\n"),
    ("empty", "base_dn = ''\n"), ("not there", "scope = 'sub'\n"), ("no equal sign", "base_dn 'DN'\n"),
    ("another operator", "base_dn := 'DN'\n"), ("a quote left open", "base_dn = 'DN\n"),
    ("goes on", "base_dn = \\\n'DN'\n"), ("goes on inside", "base_dn = 'LEFT\\\nRIGHT'\n"),
    ("goes on, indented", "base_dn = 'LEFT\\\n   RIGHT'\n"),
    ("an escaped quote", r"""base_dn = 'cn=a\'b,DN'""" + "\n"),
    ("an escaped double quote", r'''base_dn = "cn=a\"b,DN"''' + "\n"),
    ("a tab escaped", r'''base_dn = "cn=a\tb,DN"''' + "\n"),
    ("two backslashes", r'''base_dn = "cn=a\\,b,DN"''' + "\n"),
    ("two backslashes, single quotes", r"""base_dn = 'cn=a\\,b,DN'""" + "\n"),
    ("dynamic", 'base_dn = "ou=%{Realm},DN"\n'),
    ("a dynamic base in single quotes", "base_dn = 'ou=%{Realm},DN'\n"),
    ("a percent sign", 'base_dn = "cn=100%%,DN"\n'), ("an octal escape", r'''base_dn = "cn=a\054b,DN"''' + "\n"),
    ("an octal escape, single quotes", r"""base_dn = 'cn=a\054b,DN'""" + "\n"),
    ("a reference", "other = 'DN'\nbase_dn = ${.other}\n"),
    ("a reference in double quotes", "other = 'DN'\nbase_dn = \"${.other}\"\n"),
    ("a reference in single quotes", "other = 'DN'\nbase_dn = '${.other}'\n"),
    ("a reference to nothing", 'base_dn = "${.other}"\n'),
    ("two on a line", f"base_dn = 'DN', base_dn = '{OTHER}'\n"),
    ("behind another on the line", "scope = 'sub', base_dn = 'DN'\n"),
    ("a section in it", f"sasl {{\n base_dn = '{OTHER}'\n}}\nbase_dn = 'DN'\n"), ("compared", "base_dn == 'DN'\n"),
    ("a sum", "base_dn += 'DN'\n"),
]


# Whole files, as the distribution writes them and otherwise.
FREERADIUS_WHOLE = [
    ("by reference", """ldap {
	server = '@URI@'
	base_dn = 'DN'
	user {
		base_dn = "${..base_dn}"
		filter = "(cn=file-@N@)"
	}
	group {
		base_dn = "${..base_dn}"
	}
	options {
	}
}
"""),
    ("below the reference", """ldap {
	server = '@URI@'  # here
	base_dn = 'DN'    # there
	user {  # a { b
		filter = "(cn=file-@N@)"
		base_dn = "ou=below,${..base_dn}"
	} # }
}
"""),
    ("not in the section", "ldap {\nserver = '@URI@'\nbase_dn = 'DN'\nuser {\nfilter = '(cn=file-@N@)'\n}\n}\n"),
    ("not in the module", "base_dn = 'DN'\nldap {\nserver = '@URI@'\nuser {\nfilter = '(cn=file-@N@)'\n}\n}\n"),
    ("too early", """ldap {
	server = '@URI@'
	user {
		filter = '(cn=file-@N@)'
		base_dn = ${..base_dn}
	}
	base_dn = 'DN'
}
"""),
]


def halves(dn):
    """Before and behind its last comma, or what stands for one."""
    left, comma, right = dn.rpartition(",")
    return left + comma, right


def fill(template, dn):
    left, right = halves(dn)
    return template.replace("LEFT", left).replace("RIGHT", right).replace("DN", dn)


def ends(variant):
    """The same file as Windows ends its lines, and with its last line not ended."""
    yield variant
    yield variant._replace(why=variant.why + ", CR LF", text=variant.text.replace(b"\n", b"\r\n"))
    yield variant._replace(why=variant.why + ", no end of line", text=variant.text.rstrip(b"\n"))


def variants(templates, head, foot="", whole=(), mixtures=80, ends=ends, seed=4514):
    """Each template with a plain DN, each DN in the first template, and some of both. head and foot: what the program
    needs besides; whole: templates that have it."""
    def made(template, dn):
        why, text, *is_refused = template
        return Variant(f"{why}, {dn[:40]}", (head + fill(text, dn) + foot).encode(), bool(is_refused))

    mixed = random.Random(seed)
    files = [file for template in templates for file in ends(made(template, PLAIN))]
    files += [made(templates[0], dn) for dn in DNS]
    files += [made(mixed.choice(templates), mixed.choice(DNS)) for _ in range(mixtures)]
    files += [file for why, text in whole for file in ends(Variant(why, fill(text, PLAIN).encode(), False))]
    plain = made(templates[0], PLAIN)
    first = fill(templates[0][1], PLAIN) + head + foot
    mark = b"\xef\xbb\xbf"
    return files + [Variant("first in the file", first.encode(), False),
                    Variant("a byte order mark", mark + plain.text, ELSE),
                    Variant("a byte order mark before it", mark + first.encode(), False),
                    Variant("no UTF-8", plain.text.replace(b"people", b"pe\xf6ple"), False)]
