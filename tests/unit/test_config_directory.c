#include "config_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A good directory on lines 1 and 2, and a good watch. */
#define D "[directory d]\nuri = ldaps://h\n"
#define W "[watch w]\ndirectory = d\ndn = o=x\n"

static const struct config_case cases[] = {
    {"[directory d]\nuri = http://h\n" W,
     "C:2: uri: `http://h` is no URI of a directory server, expected ldap://, ldaps:// or ldapi:// at its "
     "beginning\n",
     "another scheme"},
    {"[directory d]\nuri = dc1.example.com\n" W,
     "C:2: uri: `dc1.example.com` is no URI of a directory server, expected ldap://, ldaps:// or ldapi:// at "
     "its "
     "beginning\n",
     "no scheme"},
    {"[directory d]\nuri = ldap://h/dc=x ldap://h?x ldap:// ldap://h:x ldap://::1 ldap://u@h\n" W,
     "C:2: uri: `ldap://h/dc=x` is no URI of a directory server, expected scheme://HOST:PORT without path "
     "and query; "
     "`ldap://h?x` is no URI of a directory server, expected scheme://HOST:PORT without path and query; "
     "`ldap://` is no URI of a directory server, expected HOST or HOST:PORT behind ://, an IPv6 address in "
     "brackets; "
     "`ldap://h:x` is no URI of a directory server, expected HOST or HOST:PORT behind ://, an IPv6 address "
     "in brackets; "
     "`ldap://::1` is no URI of a directory server, expected HOST or HOST:PORT behind ://, an IPv6 address "
     "in brackets; "
     "`ldap://u@h` is no URI of a directory server, expected HOST or HOST:PORT behind ://, an IPv6 address "
     "in brackets\n",
     "every bad URI of a list"},
    {"[directory d]\nuri = ldap://h:0 ldap://h:65536\n" W,
     "C:2: uri: `ldap://h:0` is no URI of a directory server, expected HOST or HOST:PORT behind ://, an IPv6 "
     "address in "
     "brackets; `ldap://h:65536` is no URI of a directory server, expected HOST or HOST:PORT behind ://, an "
     "IPv6 address "
     "in brackets\n",
     "ports that are none"},
    {"[directory d]\nuri = ldap:///dc=example,dc=com\n" W, "", "a domain whose servers DNS names"},
    {"[directory d]\nuri = ldap://dc1 LDAP:///dc%3Dexample%2CDC%3dcom ldap://dc2\n" W, "",
     "the same percent-encoded, and among servers"},
    {"[directory d]\nuri = ldap:///ou=people,dc=example,dc=com ldap:///o=mms ldap:///dc=a.b ldap:///dc=a?? "
     "ldap:///%zz ldap:///run/ldapi ldap:///dc=example, dc=com\n" W,
     "C:2: uri: `ldap:///ou=people,dc=example,dc=com` asks DNS for the servers of a domain, expected its DN "
     "of dc= alone, such as ldap:///dc=example,dc=com; "
     "`ldap:///o=mms` asks DNS for the servers of a domain, expected its DN of dc= alone, such as "
     "ldap:///dc=example,dc=com; "
     "`ldap:///dc=a.b` asks DNS for the servers of a domain, expected its DN of dc= alone, such as "
     "ldap:///dc=example,dc=com; "
     "`ldap:///dc=a??` asks DNS for the servers of a domain, expected its DN of dc= alone, such as "
     "ldap:///dc=example,dc=com; "
     "`ldap:///%zz` asks DNS for the servers of a domain, expected its DN of dc= alone, such as "
     "ldap:///dc=example,dc=com; "
     "`ldap:///run/ldapi` asks DNS for the servers of a domain, expected its DN of dc= alone, such as "
     "ldap:///dc=example,dc=com; "
     "`ldap:///dc=example,` asks DNS for the servers of a domain, expected its DN of dc= alone, such as "
     "ldap:///dc=example,dc=com; "
     "`dc=com` is no URI of a directory server, expected ldap://, ldaps:// or ldapi:// at its beginning\n",
     "what is no domain"},
    {"[directory d]\nuri = ldaps:///DC=Example,DC=com\n" W,
     "C:2: uri: `ldaps:///DC=Example,DC=com` asks DNS for servers, which names none for ldaps, expected "
     "ldap:///dc=example,dc=com with start_tls = yes\n",
     "DNS names servers for ldap"},
    {"[directory d]\nuri = ldap:///dc=a,dc=b ldap:///DC=A,dc=b\n" W,
     "C:2: uri: `ldap:///DC=A,dc=b` names a domain twice, expected each once\n", "a domain twice"},
    {"[directory d]\nuri = ldap:///dc=a,dc=b\nbind = simple\nbind_dn = cn=a\npassword_file = F/0600\n" W,
     "C:3: `bind = simple` would send the password in clear to `ldap:///dc=a,dc=b`, expected ldaps://, or "
     "start_tls = yes, or cleartext = allow if you accept that\n",
     "a password in clear to whomever DNS names"},
    {"[directory d]\nuri = ldap:///dc=a,dc=b\nstart_tls = yes\nbind = simple\nbind_dn = cn=a\npassword_file "
     "= "
     "F/0600\n" W,
     "", "StartTLS protects it there too"},
    {"[directory d]\nuri = ldapi:///run/ldapi\n" W,
     "C:2: uri: `ldapi:///run/ldapi` is no URI of a directory server, expected ldapi://%2Frun%2Fldapi\n",
     "a socket with bare slashes: told how to write it"},
    {"[directory d]\nuri = ldapi:///\n" W,
     "C:2: uri: `ldapi:///` is no URI of a directory server, expected ldapi://%2Fpath%2Fto%2Fsocket\n",
     "the default socket of a library is not ours"},
    {"[directory d]\nuri = ldaps://h LDAPS://H:636\n" W,
     "C:2: uri: `LDAPS://H:636` names a server twice, expected each once\n",
     "a server twice, spelled otherwise"},
    {"[directory d]\nuri = ldap://a ldap://b ldap://c ldap://d ldap://e ldap://f ldap://g ldap://h ldap://i "
     "ldap://j "
     "ldap://k ldap://l ldap://m ldap://n ldap://o ldap://p ldap://q\n" W,
     "C:2: uri: `ldap://a ldap://b ldap://c ldap://d ldap://e ldap://f ldap://g ldap://h ldap://i ldap://j "
     "ldap://k ldap://l ldap://m lda...` names 17 servers, expected "
     "at most 16\n",
     "17 servers"},

    /* what goes together in a directory */
    {D "replicas = some\n" W, "C:3: replicas: `some` is not known here, expected failover or all\n",
     "neither of both"},
    {D "replicas = all\nsplit_after = 30s\n" W, "",
     "one server may be left of several for a while: the file stays good"},
    {D "split_after = 31d\n" W, "C:3: split_after: `31d` is out of range, expected 0 to 30d\n", "too long"},
    {D "split_after = soon\n" W,
     "C:3: split_after: `soon` is no duration, expected digits and one unit (ms s m h d), 0 to 30d\n",
     "no duration"},
    {D "bind = kerberos\n" W,
     "C:3: bind: `kerberos` is not known here, expected anonymous, simple, external or gssapi\n",
     "another word"},
    {D "bind = kerberos\nkeytab = F/0600\n" W,
     "C:3: bind: `kerberos` is not known here, expected anonymous, simple, external or gssapi\n",
     "a bind that could not be read says nothing about the others"},
    {D "start_tls = yes\n" W,
     "C:3: `start_tls = yes` does not go with `ldaps://h:636`, expected ldap:// in every URI, or start_tls = "
     "no\n",
     "TLS in TLS"},
    {"[directory d]\nuri = ldap://h ldapi://%2Fx\nstart_tls = yes\n" W,
     "C:3: `start_tls = yes` does not go with `ldapi://%2Fx`, expected ldap:// in every URI, or start_tls = "
     "no\n",
     "TLS on a socket"},
    {D "tls_cert_file = F/0644\n" W, "C:3: `tls_cert_file` without its key, expected tls_key_file too\n",
     "half a pair"},
    {D "tls_ca_file = /absent\ntls_cert_file = /missing\ntls_key_file = F/0600\n" W,
     "C:3: tls_ca_file: `/absent` cannot be read: No such file or directory\n"
     "C:4: tls_cert_file: `/missing` cannot be read: No such file or directory\n",
     "certificates that are not there"},
    {D "tls_key_file = F/0600\n" W,
     "C:3: `tls_key_file` without its certificate, expected tls_cert_file too\n", "the other half"},
    {D "tls_cert_file = F/0644\ntls_key_file = F/0644\n" W,
     "C:4: tls_key_file: `F/0644` can be read or written by others (mode 0644), expected mode 0400 or 0600\n",
     "a private key that others can read"},
    {D "bind = simple\n" W,
     "C:3: `bind = simple` needs `bind_dn`, expected it in the same section\n"
     "C:3: `bind = simple` needs `password_file`, expected it in the same section\n",
     "simple needs two more"},
    {D "bind_dn = cn=a\npassword_file = F/0600\n" W,
     "C:3: `bind_dn` is for bind = simple alone, expected that, or no such line\n"
     "C:4: `password_file` is for bind = simple alone, expected that, or no such line\n",
     "a password that would never be used"},
    {"[directory d]\nuri = ldap://h\nbind = simple\nbind_dn = cn=a\npassword_file = F/0600\n" W,
     "C:3: `bind = simple` would send the password in clear to `ldap://h:389`, expected ldaps://, or "
     "start_tls = yes, or "
     "cleartext = allow if you accept that\n",
     "a password in clear"},
    {"[directory d]\nuri = ldap://h\nbind = simple\nbind_dn = cn=a\npassword_file = F/0600\ncleartext = "
     "allow\n" W,
     "", "allowed when it is spelled out"},
    {"[directory d]\nuri = ldap://h\nbind = simple\nbind_dn = cn=a\npassword_file = F/0600\nstart_tls = "
     "yes\n" W,
     "", "StartTLS protects it"},
    {"[directory d]\nuri = ldapi://%2Fx\nbind = simple\nbind_dn = cn=a\npassword_file = F/0600\n" W, "",
     "a socket is no network"},
    {D "cleartext = yes\n" W, "C:3: cleartext: `yes` is not known here, expected refuse or allow\n",
     "another word"},
    {D "bind = external\n" W,
     "C:3: `bind = external` has nothing to show to `ldaps://h:636`, expected tls_cert_file and tls_key_file "
     "with ldaps:// "
     "or start_tls = yes, or ldapi://\n",
     "EXTERNAL without a certificate"},
    {"[directory d]\nuri = ldapi://%2Fx\nbind = external\n" W, "", "EXTERNAL by the user of the daemon"},
    {D "bind = external\ntls_cert_file = F/0644\ntls_key_file = F/0600\n" W, "", "EXTERNAL by a certificate"},
    {D "bind = simple\nbind_dn = /o=x\npassword_file = F/0600\n" W,
     "C:4: bind_dn: `/o=x` is no name to log in with, expected a DN, or user@realm or DOMAIN\\user for "
     "Active "
     "Directory\n",
     "a bind DN in another form"},
    {D "bind = simple\nbind_dn = cn=a,b\npassword_file = F/0600\n" W,
     "C:4: bind_dn: `cn=a,b` is no DN: at the end: expected = behind the attribute type\n",
     "a bind DN that is none"},
    {D "bind = simple\nbind_dn = monitor@mms.example.com\npassword_file = F/0600\n" W, "",
     "a user principal name, as Active Directory takes it"},
    {D "bind = simple\nbind_dn = MMS\\monitor\npassword_file = F/0600\n" W, "",
     "the name of before that, as Active Directory takes it"},
    {D "bind = simple\nbind_dn = monitor\npassword_file = F/0600\n" W,
     "C:4: bind_dn: `monitor` is no name to log in with, expected a DN, or user@realm or DOMAIN\\user for "
     "Active Directory\n",
     "a name without its domain"},
    {D "bind = simple\nbind_dn = monitor@mms@x\npassword_file = F/0600\n" W,
     "C:4: bind_dn: `monitor@mms@x` is no name to log in with, expected a DN, or user@realm or "
     "DOMAIN\\user for "
     "Active Directory\n",
     "a name with two realms"},
    {D "bind = simple\nbind_dn = @mms\npassword_file = F/0600\n" W,
     "C:4: bind_dn: `@mms` is no name to log in with, expected a DN, or user@realm or DOMAIN\\user for "
     "Active Directory\n",
     "a realm without a name"},
    {D "bind = simple\nbind_dn = MMS\\\npassword_file = F/0600\n" W,
     "C:4: bind_dn: `MMS\\` is no name to log in with, expected a DN, or user@realm or DOMAIN\\user for "
     "Active Directory\n",
     "a domain without a name"},
    {D "bind = simple\nbind_dn = MMS\\ou\\monitor\npassword_file = F/0600\n" W,
     "C:4: bind_dn: `MMS\\ou\\monitor` is no name to log in with, expected a DN, or user@realm or "
     "DOMAIN\\user "
     "for Active Directory\n",
     "a path"},
    {D "bind = gssapi\n" W, "C:3: `bind = gssapi` needs `keytab`, expected it in the same section\n",
     "Kerberos without a key"},
    {"[directory d]\nuri = ldap://h\nbind = gssapi\nkeytab = F/0600\n" W, "",
     "Kerberos, which protects a connection in clear"},
    {D "bind = gssapi\nkeytab = F/0600\nprincipal = ldap/h.example.com@EXAMPLE.COM\nkrb5_conf = /c/k\n" W,
     "C:6: krb5_conf: `/c/k` cannot be read: No such file or directory\n",
     "a configuration of Kerberos that is not there"},
    {"[directory d]\nuri = ldap://h ldapi://%2Fx\nbind = gssapi\nkeytab = F/0600\n" W,
     "C:3: `bind = gssapi` does not go with `ldapi://%2Fx`, expected ldap:// or ldaps:// in every URI\n",
     "a socket has no name that a KDC knows"},
    {D "bind = gssapi\nkeytab = F/0600\nbind_dn = cn=a\npassword_file = F/0600\n" W,
     "C:5: `bind_dn` is for bind = simple alone, expected that, or no such line\n"
     "C:6: `password_file` is for bind = simple alone, expected that, or no such line\n",
     "a password beside the key"},
    {D "keytab = F/0600\nprincipal = a@B\nkrb5_conf = /etc/passwd\n" W,
     "C:3: `keytab` is for bind = gssapi alone, expected that, or no such line\n"
     "C:4: `principal` is for bind = gssapi alone, expected that, or no such line\n"
     "C:5: `krb5_conf` is for bind = gssapi alone, expected that, or no such line\n",
     "a key that would never be used"},
    {D "bind = simple\nbind_dn = cn=a\npassword_file = F/0600\nkeytab = F/0600\n" W,
     "C:6: `keytab` is for bind = gssapi alone, expected that, or no such line\n",
     "a key beside the password"},
    {D "bind = gssapi\nkeytab = F/none\n" W,
     "C:4: keytab: `F/none` cannot be read: No such file or directory\n", "a missing keytab"},
    {D "bind = gssapi\nkeytab = F\n" W, "C:4: keytab: `F` is no file, expected one that holds the secret\n",
     "a folder in its place"},
    {D "bind = gssapi\nkeytab = F/0644\n" W,
     "C:4: keytab: `F/0644` can be read or written by others (mode 0644), expected mode 0400 or 0600\n",
     "a keytab that others can read"},
    {D "bind = gssapi\nkeytab = x\n" W,
     "C:4: keytab: `x` is a relative path, which means $CREDENTIALS_DIRECTORY, and that is not set: "
     "expected an "
     "absolute path, or LoadCredential= in the unit\n",
     "a relative path outside systemd"},
    {D "bind = gssapi\nkeytab = F/0600\nprincipal = monitor\n" W,
     "C:5: principal: `monitor` is no principal of Kerberos, expected NAME@REALM\n", "no realm"},
    {D "bind = gssapi\nkeytab = F/0600\nprincipal = @EXAMPLE.COM\n" W,
     "C:5: principal: `@EXAMPLE.COM` is no principal of Kerberos, expected NAME@REALM\n", "no name"},
    {D "bind = gssapi\nkeytab = F/0600\nprincipal = a b@EXAMPLE.COM\n" W,
     "C:5: principal: `a b@EXAMPLE.COM` is no principal of Kerberos, expected NAME@REALM\n", "a blank"},
    {D "bind = gssapi\nkeytab = F/0600\nprincipal = a@b@EXAMPLE.COM\n" W,
     "C:5: principal: `a@b@EXAMPLE.COM` is no principal of Kerberos, expected NAME@REALM\n", "two realms"},
    {D "bind = gssapi\nkeytab = F/0600\nkrb5_conf = krb5.conf\n" W,
     "C:5: krb5_conf: `krb5.conf` is no absolute path, expected one that begins with /\n", "a relative path"},
    {D "bind = gssapi\nkeytab = F/0600\nkrb5_conf = /a:/etc/passwd\n" W,
     "C:5: krb5_conf: `/a:/etc/passwd` has a colon in it, which separates files there, expected a path "
     "without\n"
     "C:5: krb5_conf: `/a:/etc/passwd` cannot be read: No such file or directory\n",
     "two files"},
    {D "bind = simple\nbind_dn = cn=a\npassword_file = F/none\n" W,
     "C:5: password_file: `F/none` cannot be read: No such file or directory\n", "a missing password file"},
    {D "bind = simple\nbind_dn = cn=a\npassword_file = F\n" W,
     "C:5: password_file: `F` is no file, expected one that holds the secret\n", "a folder"},
    {D "bind = simple\nbind_dn = cn=a\npassword_file = F/0644\n" W,
     "C:5: password_file: `F/0644` can be read or written by others (mode 0644), expected mode 0400 or "
     "0600\n",
     "a world-readable password file"},
    {D "bind = simple\nbind_dn = cn=a\npassword_file = F/0440\n" W,
     "C:5: password_file: `F/0440` can be read or written by others (mode 0440), expected mode 0400 or "
     "0600\n",
     "a group-readable password file that systemd did not hand over"},
    {D "bind = simple\nbind_dn = cn=a\npassword_file = x\n" W,
     "C:5: password_file: `x` is a relative path, which means $CREDENTIALS_DIRECTORY, and that is not set: "
     "expected an "
     "absolute path, or LoadCredential= in the unit\n",
     "a relative path outside systemd"},
};

static int set_up(void **state)
{
    struct config_file *file = g_new0(struct config_file, 1);
    static const int modes[] = {0600, 0644, 0440};

    config_file_init(file);
    for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_autofree char *name = g_strdup_printf("%04o", (unsigned)modes[i]);

        g_free(config_file_add(file, name, modes[i]));
    }
    g_unsetenv("CREDENTIALS_DIRECTORY");
    *state = file;
    return 0;
}

static int tear_down(void **state)
{
    config_file_clear(*state);
    g_free(*state);
    g_unsetenv("CREDENTIALS_DIRECTORY");
    return 0;
}

static void every_problem_of_a_directory_is_told_with_its_line_and_what_is_expected(void **state)
{
    config_file_judge(*state, cases, G_N_ELEMENTS(cases));
}

static void what_systemd_hands_over_may_be_group_readable(void **state)
{
    const struct config_file *file = *state;
    static const char head[] =
        "[directory k]\nuri = ldaps://h\nbind = gssapi\nkeytab = 0440\n"
        "[directory d]\nuri = ldaps://h\nbind = simple\nbind_dn = cn=a\npassword_file = ";
    g_autofree char *relative = g_strconcat(head, "0440\n", W, NULL);
    g_autofree char *absolute = g_strconcat(head, file->folder, "/0440\n", W, NULL);
    g_autofree char *open = g_strconcat(head, "0644\n", W, NULL);

    g_setenv("CREDENTIALS_DIRECTORY", file->folder, TRUE);
    g_autoptr(config_t) config = config_file_load(file, relative);
    g_autofree char *expected = g_strconcat(file->folder, "/0440", NULL);

    assert_string_equal(config_directory(config, "d")->password_file, expected);
    assert_string_equal(config_directory(config, "k")->keytab, expected);
    config_free(config_file_load(file, absolute));
    g_autofree char *found = config_file_problems(file, open, strlen(open));

    assert_non_null(strstr(found, "can be read or written by others (mode 0644)"));
    g_unsetenv("CREDENTIALS_DIRECTORY");
}

/* systemd 252: ExecReload's `dndriftd -t` has the variable, not the folder. */
static void credentials_that_only_the_daemon_sees_are_not_missed(void **state)
{
    const struct config_file *file = *state;
    g_autofree char *folder = g_strconcat(file->folder, "/nowhere", NULL);

    g_setenv("CREDENTIALS_DIRECTORY", folder, TRUE);
    config_free(config_file_load(file, "[directory d]\nuri = ldaps://h\nbind = simple\nbind_dn = cn=a\n"
                                       "password_file = mms.password\n" W));
    g_unsetenv("CREDENTIALS_DIRECTORY");
}

static void a_client_is_not_told_of_files_that_it_does_not_need(void **state)
{
    const struct config_file *file = *state;
    g_autoptr(GPtrArray) problems = NULL;
    static const char text[] =
        "[directory d]\nuri = ldaps://h\nbind = simple\nbind_dn = cn=a\npassword_file = absent\n"
        "[directory k]\nuri = ldaps://h\nbind = gssapi\nkeytab = gone\n" W;

    config_file_write(file, text, strlen(text));
    assert_null(config_load(file->path, NULL, &problems));
    g_ptr_array_unref(g_steal_pointer(&problems));
    g_autoptr(config_t) config = config_load_for_client(file->path, NULL, &problems);

    assert_non_null(config);
    assert_string_equal(config_directory(config, "d")->password_file, "absent");
    assert_string_equal(config_directory(config, "k")->keytab, "gone");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_problem_of_a_directory_is_told_with_its_line_and_what_is_expected, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_systemd_hands_over_may_be_group_readable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(credentials_that_only_the_daemon_sees_are_not_missed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_client_is_not_told_of_files_that_it_does_not_need, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
