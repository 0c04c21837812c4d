#include "config_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A good directory on lines 1 and 2, a good watch on lines 3 to 5: what follows is the case. */
#define D    "[directory d]\nuri = ldaps://h\n"
#define W    "[watch w]\ndirectory = d\ndn = o=x\n"
#define GOOD D W
#define ADDRESS                                                                                              \
    "expected http://HOST:PORT or https://HOST:PORT, with a path if a proxy wants one, and a login in keys " \
    "of its own"

static const struct config_case cases[] = {
    {GOOD, "", "nothing is wrong"},
    {GOOD "[directory e]\nuri = ldap://h\n", "", "a directory that no watch uses is fine"},

    /* lines */
    {GOOD "nonsense\n",
     "C:6: `nonsense` has no `=`, expected KEY = VALUE (a value stands on one line), [SECTION], or a comment "
     "that begins "
     "with # or ;\n",
     "a line that inih would skip"},
    {GOOD "strict: yes\n",
     "C:6: `strict: yes` has no `=`, expected KEY = VALUE (a value stands on one line), [SECTION], or a "
     "comment that "
     "begins with # or ;\n",
     "a colon, which inih would take for ="},
    {GOOD "a b = c\n", "C:6: `a b` is no key, expected KEY = VALUE (a value stands on one line)\n",
     "blanks in a key"},
    {GOOD "  dc=example,dc=com\n",
     "C:6: unknown key `dc` in [watch], expected one of directory dn dn_from identity consumer fix interval "
     "confirm "
     "confirm_recovery confirm_unverifiable unverifiable_after confirm_interval stale_after remind "
     "flap_count flap_window severity strict object_class "
     "entry_filter min_entries entry_limit compare find (a value "
     "does not go on "
     "in a second line)\n",
     "a continuation is not joined and not lost"},
    {GOOD "fix = a\001b\n", "C:6: the line holds a control character (byte 0x01), expected text in UTF-8\n",
     "a control character"},
    {GOOD "fix = \xe9\n", "C:6: the line is not valid UTF-8, expected text in UTF-8\n", "Latin-1"},
    {GOOD "[watch x\n",
     "C:6: `[watch x` is no section, expected [WORD] or [WORD NAME] on a line of its own\n",
     "a bracket is missing"},
    {GOOD "[watch x\nfix = y\nfoo = z\n[watch w2]\ndirectory = d\ndn =\n",
     "C:6: `[watch x` is no section, expected [WORD] or [WORD NAME] on a line of its own\n"
     "C:11: `dn` has no value, expected DN, or no such line\n",
     "what stands in a section that cannot be read belongs to no other"},
    {GOOD "[watch x] y\n",
     "C:6: `[watch x] y` is no section, expected [WORD] or [WORD NAME] on a line of its own\n",
     "something behind a section"},
    {GOOD "[]\n", "C:6: `[]` is no section, expected a word between the brackets\n", "an empty section line"},
    {"interval = 5s\n" GOOD,
     "C:1: `interval` stands before the first section, expected a line such as [daemon] above it\n",
     "a setting without section"},

    /* sections and keys */
    {GOOD "[wacth x]\n", "C:6: unknown section `wacth`, did you mean `watch`?\n", "a slip in a section"},
    {GOOD "[global]\nx = y\n",
     "C:6: unknown section `global`, expected daemon, health, syslog, exec, alertmanager, shard, directory "
     "NAME, watch "
     "NAME or "
     "silence NAME\n",
     "an unknown section is told once, what stands in it is not"},
    {GOOD "[silence]\nwatches = w\ncalendar = 02:00\nduration = 1h\n",
     "C:6: [silence] has no name, expected [silence NAME]\n", "a silence without a name"},
    {GOOD "[silence s]\nfrom = 2027-01-01 00:00\nuntil = 2027-01-02 00:00\n",
     "C:6: `[silence s]` lacks `watches`, expected: Names of the watches whose alerts wait, separated by "
     "spaces, "
     "with * for any characters and ? for one.\n",
     "a silence for nobody"},
    {GOOD "[silence s]\nwatches = w\n",
     "C:6: `[silence s]` does not say when, expected either `from` and `until` or `calendar` and "
     "`duration`\n",
     "a silence at no time"},
    {GOOD "[silence s]\nwatches = *\ncalendar = 02:00\nfrom = 2027-01-01 00:00\nduration = 1h\n",
     "C:6: `[silence s]` does not say when, expected either `from` and `until` or `calendar` and "
     "`duration`\n",
     "at two times"},
    {GOOD "[silence s]\nwatches = w*\nfrom = 2027-01-01 00:00\nuntil = 2027-01-01 00:00\n",
     "C:9: `until` is not after `from`, expected a later time\n", "an empty silence"},
    {GOOD "[silence s]\nwatches = v w. a/b\ncalendar = now\nduration = 8d\n",
     "C:7: watches: `a/b` is no pattern of names, expected letters, digits, `.`, `_`, `-`, and * or ? for "
     "what may "
     "be any\n"
     "C:8: calendar: `now` is no calendar, expected [WEEKDAYS] HH:MM, such as 02:00, Sat 22:00 or "
     "Mon..Fri,Sun "
     "03:30\n"
     "C:9: duration: `8d` is out of range, expected 1m to 7d\n",
     "bad values"},
    {GOOD "[silence s]\nwatches = v w\ncalendar = 02:00\nduration = 1h\n",
     "C:7: there is no section [watch v], expected names of watches, with * for any characters\n",
     "a slip in a name silences nobody"},
    {GOOD "[shard]\nindex = 2\ncount = 2\n", "C:7: `index` is not below `count`, expected 0 to 1\n",
     "a shard too many"},
    {GOOD "[shard]\ncount = 0\n", "C:7: count: `0` is no number in range, expected 1 to 1000\n",
     "no shard at all"},
    {GOOD "[alertmanager]\ninterval = 1ms\nlink = x\nlabels = a=1 a=2\n",
     "C:6: `[alertmanager]` lacks `uri`, expected: Alertmanagers that are told what is open, each by itself, "
     "separated by spaces: http://HOST:PORT or https://HOST:PORT, with a path if a proxy wants one; of a "
     "cluster "
     "all members.\n"
     "C:7: interval: `1ms` is out of range, expected 3s to 1h\n"
     "C:8: link: `x` is no address of a page, expected one such as http://mail1.example.com:19389\n"
     "C:9: labels: `a=2` sets a label twice, expected each once\n",
     "Alertmanagers that are not named"},
    {GOOD "[alertmanager]\nuri = http://u:p@h tcp://h http://h HTTP://I:80/ http://h?x\n",
     "C:7: uri: `http://u:...@h` is no address of an Alertmanager, " ADDRESS
     "; `tcp://h` is no address of an "
     "Alertmanager, " ADDRESS "; `http://h?x` is no address of an Alertmanager, " ADDRESS "\n",
     "addresses"},
    {GOOD "[alertmanager]\nuri = http://h http://h:80/\n",
     "C:7: uri: `http://h:80/` names an Alertmanager twice, expected each once\n", "one of them twice"},
    {GOOD "[alertmanager]\nuri = http://h http://H\n",
     "C:7: uri: `http://H` names an Alertmanager twice, expected each once\n", "a host in other letters"},
    {GOOD "[alertmanager]\nuri = http://h\nlink = http://u:p@h\n",
     "C:8: link: `http://u:...@h` is no address of a page, expected one such as "
     "http://mail1.example.com:19389\n",
     "a password is not shown"},
    {GOOD "[alertmanager]\nuri = http://h\nlabels = watch=x\n",
     "C:8: labels: `watch=x` is a label that dndriftd sets itself, expected another name\n",
     "what tells alerts apart"},
    {GOOD "[alertmanager]\nuri = http://h\nlabels = 1a=x\n",
     "C:8: labels: `1a=x` is no label, expected NAME=VALUE, the name of letters, digits and `_`, the value "
     "without blanks\n",
     "what Prometheus would not take"},
    {GOOD
     "[alertmanager]\nuri = http://h http://127.0.0.1:9093\nca_file = /etc/ca\nkey_file = /k\nuser = u\n",
     "C:8: `ca_file` is for an Alertmanager with https:// alone, expected one in `uri`, or no such line\n"
     "C:8: ca_file: `/etc/ca` cannot be read: No such file or directory\n"
     "C:9: `key_file` is for an Alertmanager with https:// alone, expected one in `uri`, or no such line\n"
     "C:9: `key_file` without its certificate, expected cert_file too\n"
     "C:9: key_file: `/k` cannot be read: No such file or directory\n"
     "C:10: `user` without its password, expected password_file too\n",
     "files that no connection uses, and half a login"},
    {GOOD "[alertmanager]\nuri = http://127.0.0.1:9093 http://h\nbearer_token_file = /t\n",
     "C:8: `bearer_token_file` would send the secret in clear to `http://h:80`, expected https://, or "
     "cleartext "
     "= allow if you accept that\n"
     "C:8: bearer_token_file: `/t` cannot be read: No such file or directory\n",
     "a secret for everybody on the way"},
    {GOOD "[alertmanager]\nuri = http://127.example.com\nbearer_token_file = /t\n",
     "C:8: `bearer_token_file` would send the secret in clear to `http://127.example.com:80`, expected "
     "https://, or cleartext = allow if you accept that\n"
     "C:8: bearer_token_file: `/t` cannot be read: No such file or directory\n",
     "a name that looks as if it were here"},
    {GOOD "[alertmanager]\nuri = https://h\nuser = u:v\npassword_file = /p\n",
     "C:8: `user` holds a colon, where HTTP ends the name, expected none\n"
     "C:9: password_file: `/p` cannot be read: No such file or directory\n",
     "a name that HTTP cannot show"},
    {GOOD "[alertmanager]\nuri = https://h\npassword_file = /p\nbearer_token_file = /t\n",
     "C:8: `password_file` without its user, expected user too\n"
     "C:8: password_file: `/p` cannot be read: No such file or directory\n"
     "C:9: `bearer_token_file` does not go with user and password_file, expected one way to log in\n"
     "C:9: bearer_token_file: `/t` cannot be read: No such file or directory\n",
     "two ways to log in"},
    {GOOD "[daemon x]\n", "C:6: [daemon] takes no name `x`, expected [daemon]\n", "a name too many"},
    {D "[watch]\ndirectory = d\ndn = o=x\n", "C:3: [watch] has no name, expected [watch NAME]\n", "no name"},
    {D "[watch -x]\ndirectory = d\ndn = o=x\n",
     "C:3: `-x` is no name, expected a letter or digit, then up to 39 letters, digits, `.`, `_` or `-`\n",
     "a name that begins with a hyphen"},
    {D "[watch a234567890123456789012345678901234567890x]\ndirectory = d\ndn = o=x\n",
     "C:3: `a234567890123456789012345678901234567890x` is no name, expected a letter or digit, then up to 39 "
     "letters, "
     "digits, `.`, `_` or `-`\n",
     "a name of 41 characters"},
    {GOOD W, "C:6: `[watch w]` stands here and on line 3, expected it once\n", "a section twice, both lines"},
    {GOOD "[daemon]\n[daemon]\ninterval = 5s\n",
     "C:7: `[daemon]` stands here and on line 6, expected it once\n", "inih would merge it"},
    {GOOD "strict = yes\nstrict = yes\n", "C:7: `strict` stands here and on line 6, expected it once\n",
     "a key twice, both lines"},
    {GOOD "intreval = 5s\n", "C:6: unknown key `intreval` in [watch], did you mean `interval`?\n",
     "two letters swapped"},
    {GOOD "Interval = 5s\n", "C:6: unknown key `Interval` in [watch], did you mean `interval`?\n",
     "a capital"},
    {GOOD "timeout = 5s\n", "C:6: unknown key `timeout` in [watch], it belongs in [directory NAME]\n",
     "the wrong section"},
    {GOOD "[daemon]\npassword = secret\n",
     "C:7: unknown key `password` in [daemon], expected one of state_directory interval control history_age "
     "history_size\n",
     "a value that may be a secret is not shown"},
    {GOOD "dn_from = postfix:/etc/x\n", "C:6: `dn_from` stands beside `dn` on line 5, expected one of them\n",
     "two sources of one value"},
    {GOOD "[watch v]\ndirectory = d\ndn_from = nslcd\n[watch v.0123abcd]\ndirectory = d\ndn = o=x\n",
     "C:9: `v.0123abcd` is a name that the `dn_from` of [watch v] may give to one of its DNs, expected "
     "another\n",
     "a name that may be needed"},
    {GOOD "[syslog]\nremote = x tcp://[::1 udp://h udp://H:514 udp://h:514\n",
     "C:7: remote: `x` is no syslog server, expected udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT, an "
     "IPv6 address in brackets; `tcp://[::1` is no syslog server, expected udp://HOST:PORT, tcp://HOST:PORT "
     "or "
     "tls://HOST:PORT, an IPv6 address in brackets; `udp://h:514` names a server twice, expected each once\n",
     "syslog servers"},
    {GOOD "[syslog]\nremote = tcp://h\nremote_ca_file = /etc/ca\nremote_key_file = /k\n",
     "C:8: `remote_ca_file` is for a server with tls:// alone, expected one in `remote`, or no such line\n"
     "C:8: remote_ca_file: `/etc/ca` cannot be read: No such file or directory\n"
     "C:9: `remote_key_file` is for a server with tls:// alone, expected one in `remote`, or no such line\n"
     "C:9: `remote_key_file` without its certificate, expected remote_cert_file too\n"
     "C:9: remote_key_file: `/k` cannot be read: No such file or directory\n",
     "files that no connection uses"},
    {GOOD "[exec]\ntimeout = 1ms\nconcurrency = 0\n",
     "C:6: `[exec]` lacks `program`, expected: Program that is run for each event, with the event as JSON on "
     "stdin and "
     "in the environment.\n"
     "C:7: timeout: `1ms` is out of range, expected 100ms to 10m\n"
     "C:8: concurrency: `0` is no number in range, expected 1 to 32\n",
     "a program that is not named"},
    {GOOD "[exec]\nprogram = /etc/passwd\n", "C:7: program: `/etc/passwd` cannot be run: Permission denied\n",
     "a program that is none"},
    {GOOD "[exec]\nprogram = /etc\n", "C:7: program: `/etc` is no file, expected a program\n",
     "... a folder"},
    {GOOD "[syslog]\nremote = tls://h\nhostname = a b\nenterprise_number = 0\n",
     "C:8: hostname: `a b` is no host name, expected one such as mail1.example.com\n"
     "C:9: enterprise_number: `0` is no number in range, expected 1 to 2147483647\n",
     "the head of a message"},
    {GOOD "object_class = 1x\nentry_filter = cn=x\n",
     "C:6: object_class: `1x` is no name of the schema, expected letters, digits and hyphens, or a numeric "
     "OID\n"
     "C:7: entry_filter: `cn=x` is no LDAP filter, expected (ATTRIBUTE=VALUE), or several inside (&...), "
     "(|...) "
     "or (!...), 16 deep at most\n",
     "what goes into a search"},
    {GOOD "entry_filter = (|(a=b)(!(c=*))\n",
     "C:6: entry_filter: `(|(a=b)(!(c=*))` is no LDAP filter, expected (ATTRIBUTE=VALUE), or several inside "
     "(&...), (|...) or (!...), 16 deep at most\n",
     "a parenthesis short"},
    {GOOD "min_entries = 2000\n",
     "C:6: `min_entries` is more than are counted, expected entry_limit = 2000 or more\n", "never enough"},
    {GOOD "entry_limit = 5\n",
     "C:6: `entry_limit` counts nothing, expected entry_filter or min_entries too, or no such line\n",
     "a limit of nothing"},
    {GOOD "fix =\n", "C:6: `fix` has no value, expected text, or no such line\n", "an empty value"},
    {GOOD "fix = ; x\n", "C:6: `fix` has no value, expected text, or no such line\n",
     "a comment for a value"},
    {"[directory d]\n" W,
     "C:1: `[directory d]` lacks `uri`, expected: Servers of the directory in order of preference, separated "
     "by spaces: "
     "ldap://, ldaps:// or ldapi://, 16 at most; ldap:///dc=example,dc=com stands for those that DNS "
     "names.\n",
     "a required key, told with the line of its section"},
    {D "[watch w]\n",
     "C:3: `[watch w]` lacks `directory`, expected: Name of the [directory] section to compare with.\n"
     "C:3: `[watch w]` lacks `dn`, expected: The DN that the consumer was configured with, exactly as it is "
     "written "
     "there, or dn_from.\n",
     "both required keys"},
    {"[directory dc-1]\nuri = ldaps://h\n[watch w]\ndirectory = dc-2\ndn = o=x\n",
     "C:4: there is no section [directory dc-2], did you mean `dc-1`?\n", "a reference that leads nowhere"},
    {D "[watch w]\ndirectory = mms\ndn = o=x\n",
     "C:4: there is no section [directory mms], expected the name of a [directory NAME] section\n",
     "without a guess"},
    {"",
     "C: there is nothing to watch, expected a [directory NAME] section with `uri` and a [watch NAME] "
     "section with "
     "`directory` and `dn`\n",
     "an empty file"},
    {D,
     "C: there is nothing to watch, expected a [directory NAME] section with `uri` and a [watch NAME] "
     "section with "
     "`directory` and `dn`\n",
     "no watch"},

    /* values */
    {GOOD "interval = 5\n",
     "C:6: interval: `5` is no duration, expected digits and one unit (ms s m h d), 100ms to 30d\n",
     "no unit"},
    {GOOD "interval = 5 s\n",
     "C:6: interval: `5 s` is no duration, expected digits and one unit (ms s m h d), 100ms to 30d\n",
     "a blank inside"},
    {GOOD "interval = 99ms\n", "C:6: interval: `99ms` is out of range, expected 100ms to 30d\n", "too short"},
    {GOOD "interval = 31d\n", "C:6: interval: `31d` is out of range, expected 100ms to 30d\n", "too long"},
    {GOOD "interval = 0\n", "C:6: interval: `0` is out of range, expected 100ms to 30d\n",
     "zero where it means nothing"},
    {GOOD "interval = 99999999999999999999d\n",
     "C:6: interval: `99999999999999999999d` is no duration, expected digits and one unit (ms s m h d), "
     "100ms to 30d\n",
     "beyond 64 bits"},
    {GOOD "remind = 1ms\n", "C:6: remind: `1ms` is out of range, expected 100ms to 365d, or 0\n",
     "zero is told where it can be"},
    {D "timeout = 6m\n" W, "C:3: timeout: `6m` is out of range, expected 100ms to 5m\n",
     "a time-out of six minutes"},
    {GOOD "confirm = 0\n", "C:6: confirm: `0` is no number in range, expected 1 to 1000\n",
     "a count below its range"},
    {GOOD "confirm = -1\n", "C:6: confirm: `-1` is no number in range, expected 1 to 1000\n",
     "a negative count"},
    {GOOD "confirm = two\n", "C:6: confirm: `two` is no number in range, expected 1 to 1000\n", "no number"},
    {GOOD "strict = true\n", "C:6: strict: `true` is no answer, expected yes or no\n", "neither yes nor no"},
    {GOOD "severity = error\n",
     "C:6: severity: `error` is not known here, expected emerg, alert, crit, err, warning, notice, info or "
     "debug\n",
     "a severity by another name"},
    {GOOD "[syslog]\nfacility = kern\n",
     "C:7: facility: `kern` is not known here, expected auth, authpriv, cron, daemon, ftp, lpr, mail, news, "
     "syslog, "
     "user, uucp, local0, local1, local2, local3, local4, local5, local6 or local7\n",
     "a facility that is not for programs"},
    {GOOD "[syslog]\nsocket = dev/log\n",
     "C:7: socket: `dev/log` is no absolute path, expected one that begins with /\n", "a relative path"},
    {GOOD "[daemon]\nstate_directory = var\ncontrol = /run/x\n",
     "C:7: state_directory: `var` is no absolute path, expected one that begins with /\n"
     "C:8: control: `/run/x` is no unix socket, expected unix:/path (107 bytes at most), or none\n",
     "a socket without unix:"},
    {GOOD "[health]\nlisten = localhost:80 127.0.0.1 [::1]:0 ::1:80 unix:x 127.0.0.1:1 127.0.0.1:1\n",
     "C:7: listen: `localhost:80` is no address to listen on, expected ADDRESS:PORT with a numeric address, "
     "[IPV6]:PORT, "
     "unix:/path (107 bytes at most), or none; `127.0.0.1` is no address to listen on, expected ADDRESS:PORT "
     "with a "
     "numeric address, [IPV6]:PORT, unix:/path (107 bytes at most), or none; `[::1]:0` is no address to "
     "listen on, "
     "expected ADDRESS:PORT with a numeric address, [IPV6]:PORT, unix:/path (107 bytes at most), or none; "
     "`::1:80` is no "
     "address to listen on, expected ADDRESS:PORT with a numeric address, [IPV6]:PORT, unix:/path (107 bytes "
     "at most), or "
     "none; `unix:x` is no address to listen on, expected ADDRESS:PORT with a numeric address, [IPV6]:PORT, "
     "unix:/path "
     "(107 bytes at most), or none; `127.0.0.1:1` stands twice in the list, expected each once\n",
     "every bad part of a list"},
    {GOOD "[health]\nallow_host = a..b\n",
     "C:7: allow_host: `a..b` is no host name, expected a name such as mon.example.com, without port\n",
     "no host name"},
    {D "[watch w]\ndirectory = d\ndn = /o=mms/Recipients\n",
     "C:5: dn: `/o=mms/Recipients` is no DN: in the component `Recipients`: expected TYPE=VALUE, such as "
     "cn=recipients\n",
     "a bad slash form"},
    {D "[watch w]\ndirectory = d\ndn = example.com//Sales\n",
     "C:5: dn: `example.com//Sales` is no DN: a component is empty, expected DOMAIN/NAME/NAME\n",
     "a bad canonical name"},
    {D "[watch w]\ndirectory = d\ndn = ldap://dc1/o=mms\n",
     "C:5: dn: `ldap://dc1/o=mms` is no DN: an LDAP URL is no DN; write the DN that stands in it\n",
     "what is no DN at all"},
    {D "[watch w]\ndirectory = d\ndn = ou=a,\n",
     "C:5: dn: `ou=a,` is no DN: at the end: expected an attribute type such as cn or 2.5.4.3\n", "a bad DN"},
    {D "[watch w]\ncompare = dn\ndirectory = d\ndn = /o=mms/charlotte\n",
     "C:6: dn: `/o=mms/charlotte` is no DN: in the component `charlotte`: expected TYPE=VALUE, such as "
     "cn=recipients\n",
     "another form of a DN, which is what is compared"},
    {D "[watch w]\ndirectory = d\ndn = no DN\ncompare = legacy_dn\nfind = (cn=x)\n",
     "C:6: compare: `legacy_dn` is no name of the schema, expected letters, digits and hyphens, or a numeric "
     "OID\n",
     "what the value is compared with is not known: neither it nor find is judged"},
    {D "[watch w]\ndirectory = d\ndn = ou=a,\nfind = (cn=x)\n",
     "C:5: dn: `ou=a,` is no DN: at the end: expected an attribute type such as cn or 2.5.4.3\n"
     "C:6: `find` finds nothing for a DN, expected compare = ATTRIBUTE too, or no such line\n",
     "find without compare"},
    {D "[watch w]\ndirectory = d\ndn = /o=x\ncompare = legacyExchangeDN\nfind = cn=x\n",
     "C:7: find: `cn=x` is no LDAP filter, expected (ATTRIBUTE=VALUE), or several inside (&...), (|...) or "
     "(!...), 16 deep at most\n",
     "a filter without parentheses"},
    {D "[watch w]\ndirectory = d\ndn =\ncompare = legacyExchangeDN\n",
     "C:5: `dn` has no value, expected DN, or no such line\n", "nothing to compare"},
    {GOOD "identity = uuid:1\n",
     "C:6: identity: `uuid:1` is no identity, expected ATTRIBUTE:VALUE, where ATTRIBUTE is entryUUID, "
     "nsUniqueId or "
     "objectGUID\n",
     "an unknown attribute"},
    {GOOD "identity = entryUUID:310de56c0f4e4a0bb1a47a3c5e0c2b11\n",
     "C:6: identity: `entryUUID:310de56c0f4e4a0bb1a47a3c5e0c2b11` is no identity, expected "
     "entryUUID:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx with hexadecimal digits for x\n",
     "a GUID without dashes"},
    {GOOD "identity = nsUniqueId:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11\n",
     "C:6: identity: `nsUniqueId:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11` is no identity, expected "
     "nsUniqueId:xxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxxxxx with hexadecimal digits for x\n",
     "the other dashes of nsUniqueId"},
    {GOOD "stale_after = 30s\n", "C:6: `stale_after` is shorter than the interval, expected 1m or more\n",
     "stale between two comparisons"},

    /* all at once */
    {"[directory d]\nuri = x\nbind = y\n[watch w]\ndirectory = e\ndn = z\ninterval = 1\n\nfoo\n[bar]\n[watch "
     "w]\n",
     "C:2: uri: `x` is no URI of a directory server, expected ldap://, ldaps:// or ldapi:// at its "
     "beginning\n"
     "C:3: bind: `y` is not known here, expected anonymous, simple, external or gssapi\n"
     "C:5: there is no section [directory e], expected the name of a [directory NAME] section\n"
     "C:6: dn: `z` is no DN: at the end: expected = behind the attribute type\n"
     "C:7: interval: `1` is no duration, expected digits and one unit (ms s m h d), 100ms to 30d\n"
     "C:9: `foo` has no `=`, expected KEY = VALUE (a value stands on one line), [SECTION], or a comment that "
     "begins with "
     "# or ;\n"
     "C:10: unknown section `bar`, expected daemon, health, syslog, exec, alertmanager, shard, directory "
     "NAME, watch NAME "
     "or "
     "silence NAME\n"
     "C:11: `[watch w]` stands here and on line 4, expected it once\n"
     "C:11: `[watch w]` lacks `directory`, expected: Name of the [directory] section to compare with.\n"
     "C:11: `[watch w]` lacks `dn`, expected: The DN that the consumer was configured with, exactly as it is "
     "written "
     "there, or dn_from.\n",
     "every problem of a file, in its order"},
};

static void every_problem_is_told_with_its_line_and_what_is_expected(void **state)
{
    config_file_judge(*state, cases, G_N_ELEMENTS(cases));
}

static void a_nul_byte_is_told(void **state)
{
    static const char text[] = GOOD "fix = a\0b\n";
    g_autofree char *found = config_file_problems(*state, text, sizeof text - 1);

    assert_string_equal(found,
                        "C:6: the line holds a control character (byte 0x00), expected text in UTF-8\n");
}

static void a_file_that_cannot_be_read_is_told_by_name(void **state)
{
    const struct config_file *file = *state;
    g_autoptr(GPtrArray) problems = NULL;
    g_autofree char *path = g_strconcat(file->folder, "/absent", NULL);
    g_autofree char *expected = g_strconcat(path, ": cannot be read: No such file or directory", NULL);

    assert_null(config_load(path, NULL, &problems));
    assert_string_equal(g_ptr_array_index(problems, 0), expected);
    g_ptr_array_unref(g_steal_pointer(&problems));
    assert_null(config_load(file->folder, NULL, &problems));
    assert_non_null(
        strstr(g_ptr_array_index(problems, 0), ": cannot be read: it is a folder, expected a file"));
    g_ptr_array_unref(g_steal_pointer(&problems));
    assert_null(config_load("/dev/zero", NULL, &problems));
    assert_string_equal(g_ptr_array_index(problems, 0),
                        "/dev/zero: cannot be read: it is a pipe, socket or device, expected a file");
}

static void a_file_that_is_no_configuration_is_told_in_a_thousand_lines_and_a_count(void **state)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (int i = 0; i < 5000; i++)
        g_string_append(text, "[wtach x]\nfoo\n");
    g_autofree char *found = config_file_problems(*state, text->str, text->len);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(found), "\n", -1);

    assert_int_equal(g_strv_length(lines), 1001);
    assert_string_equal(lines[1000], "C: and 9000 more problems");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_problem_is_told_with_its_line_and_what_is_expected,
                                        config_file_set_up, config_file_tear_down),
        cmocka_unit_test_setup_teardown(a_nul_byte_is_told, config_file_set_up, config_file_tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_cannot_be_read_is_told_by_name, config_file_set_up,
                                        config_file_tear_down),
        cmocka_unit_test_setup_teardown(
            a_file_that_is_no_configuration_is_told_in_a_thousand_lines_and_a_count, config_file_set_up,
            config_file_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
