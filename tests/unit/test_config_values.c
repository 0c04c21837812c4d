#include "config_file.h"

#include "config/duration.h"
#include "config/line.h"
#include "config/settings.h"
#include "config/shard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include <cmocka.h>

#define MINIMAL "[directory d]\nuri = ldaps://h\n[watch w]\ndirectory = d\ndn = o=x\n"

static int set_up(void **state)
{
    struct config_file *file = g_new0(struct config_file, 1);

    config_file_init(file);
    g_unsetenv("STATE_DIRECTORY");
    *state = file;
    return 0;
}

static int tear_down(void **state)
{
    config_file_clear(*state);
    g_free(*state);
    return 0;
}

static void what_is_left_out_has_the_defaults_of_the_manual(void **state)
{
    g_autoptr(config_t) config = config_file_load(*state, MINIMAL);
    const struct directory_config *directory = config_directory(config, "d");
    const struct watch_config *watch = config_watch(config, "w");

    assert_string_equal(config->state_directory, "/var/lib/dndriftd");
    assert_string_equal(config->control, "/run/dndriftd/control.sock");
    assert_string_equal(config->listen[0], "127.0.0.1:19389");
    assert_null(config->listen[1]);
    assert_non_null(config->allow_host);
    assert_null(config->allow_host[0]);
    assert_string_equal(config->syslog_socket, "/dev/log");
    assert_int_equal(config->syslog_facility, LOG_DAEMON);
    assert_null(config->syslog_remote);
    assert_null(config->syslog_hostname);
    assert_int_equal(config->syslog_enterprise_number, 32473);
    assert_string_equal(directory->tls_ca_file, "/etc/ssl/certs/ca-certificates.crt");
    assert_int_equal(directory->bind, BIND_ANONYMOUS);
    assert_int_equal(directory->timeout_ms, 10000);
    assert_string_equal(directory->krb5_conf, "/etc/krb5.conf");
    assert_null(directory->keytab);
    assert_null(directory->principal);
    assert_null(directory_config_secret(directory));
    assert_int_equal(directory->split_after_ms, 300000);
    assert_false(directory->asks_all || directory->start_tls || directory->allow_cleartext ||
                 watch->is_strict);
    assert_null(watch->object_class);
    assert_null(watch->entry_filter);
    assert_int_equal(watch->min_entries, 0);
    assert_int_equal(watch->entry_limit, 1000);
    assert_null(watch->identity);
    assert_null(watch->consumer);
    assert_int_equal(watch->interval_ms, 60000);
    assert_int_equal(watch->confirm, 2);
    assert_int_equal(watch->confirm_recovery, 2);
    assert_int_equal(watch->confirm_unverifiable, 3);
    assert_int_equal(watch->unverifiable_after_ms, 0);
    assert_int_equal(watch->confirm_interval_ms, 5000);
    assert_int_equal(watch->stale_after_ms, 600000);
    assert_int_equal(watch->remind_ms, 86400000);
    assert_int_equal(watch->flap_count, 5);
    assert_int_equal(watch->flap_window_ms, 3600000);
    assert_int_equal(config->shard_count, 1);
    assert_int_equal(config->silences->len, 0);
    assert_int_equal(watch->severity, LOG_ERR);
}

static void remote_syslog_servers_have_their_ports(void **state)
{
    g_autoptr(config_t) config = config_file_load(
        *state, MINIMAL "[syslog]\nremote = UDP://h tcp://[::1] tls://log.example.com tcp://h:9\n");
    g_autofree char *uris = g_strjoinv(" ", config->syslog_remote);

    assert_string_equal(uris, "udp://h:514 tcp://[::1]:601 tls://log.example.com:6514 tcp://h:9");
}

static void defaults_follow_the_settings_that_they_depend_on(void **state)
{
    g_autoptr(config_t) config =
        config_file_load(*state, MINIMAL "confirm = 4\n[watch s]\ndirectory = d\ndn = o=x\ninterval = 200ms\n"
                                         "[daemon]\ninterval = 5m\n");
    const struct watch_config *slow = config_watch(config, "w");
    const struct watch_config *fast = config_watch(config, "s");

    assert_int_equal(slow->interval_ms, 300000);
    assert_int_equal(slow->stale_after_ms, 3000000);
    assert_int_equal(slow->confirm_interval_ms, 5000);
    assert_int_equal(slow->confirm_recovery, 4);
    assert_int_equal(fast->interval_ms, 200);
    assert_int_equal(fast->stale_after_ms, 600000);
    assert_int_equal(fast->confirm_interval_ms, 200);
}

static void with_compare_any_text_is_what_the_consumer_was_told(void **state)
{
    static const char *const values[] = {"/o=mms/ou=charlotte/cn=recipients/cn=custom",
                                         "O=MMS/OU=charlotte",
                                         "example.com/Sales",
                                         "no DN",
                                         "ou=a,",
                                         "*)(x"};

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autofree char *text = g_strdup_printf("[directory d]\nuri = ldaps://h\n[watch w]\ndirectory = d\n"
                                                "compare = legacyExchangeDN\nfind = (cn=x)\ndn = %s\n",
                                                values[i]);
        g_autoptr(config_t) config = config_file_load(*state, text);
        const struct watch_config *watch = config_watch(config, "w");

        assert_string_equal(watch->dn, values[i]);
        assert_string_equal(watch->compare, "legacyExchangeDN");
        assert_string_equal(watch->find, "(cn=x)");
    }
}

static void compare_is_about_the_dn_unless_it_names_an_attribute(void **state)
{
    static const struct {
        const char *line, *compare;
    } cases[] = {{"", NULL},
                 {"compare = dn\n", NULL},
                 {"compare = DN\n", NULL},
                 {"compare = mail\n", "mail"},
                 {"compare = 1.2.840.113556.1.4.655\n", "1.2.840.113556.1.4.655"}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(MINIMAL, cases[i].line, NULL);
        g_autoptr(config_t) config = config_file_load(*state, text);
        const struct watch_config *watch = config_watch(config, "w");

        assert_true(g_strcmp0(watch->compare, cases[i].compare) == 0);
        assert_null(watch->find);
    }
}

static void every_value_arrives_in_its_field(void **state)
{
    const struct config_file *file = *state;
    g_autofree char *secret = config_file_add(file, "secret", 0600);
    g_autofree char *text = g_strdup_printf(
        "[daemon]\nstate_directory = /s\ncontrol = none\n"
        "[health]\nlisten = 127.0.0.1:1 [::1]:2 unix:/h\nallow_host = mon.example.com\n"
        "[syslog]\nsocket = /l\nfacility = local3\n"
        "[directory a.b_c-1]\nuri = LDAP://Dc1:1389 ldap://[2001:db8::1] ldap://10.0.0.1/\nreplicas = "
        "all\nsplit_after = 0\n"
        "start_tls = yes\ntls_ca_file = %s\ntls_cert_file = %s\ntls_key_file = %s\ncleartext = allow\n"
        "bind = simple\nbind_dn = cn=a,o=b\npassword_file = %s\ntimeout = 1500ms\n"
        "[watch w]\ndirectory = a.b_c-1\ndn = cn=Müller\\, \\\\;x,o=b ; comment\n"
        "identity = ENTRYUUID:310DE56C-0F4E-4A0B-B1A4-7A3C5E0C2B11\nconsumer = MMS \"charlotte\"\nfix = A > "
        "B\n"
        "interval = 1h\nconfirm = 1\nconfirm_recovery = 5\nconfirm_unverifiable = 7\nconfirm_interval = "
        "10ms\n"
        "stale_after = 2d\nremind = 0\nseverity = crit\nstrict = yes\n",
        secret, secret, secret, secret);
    g_autoptr(config_t) config = config_file_load(file, text);
    const struct directory_config *directory = config_directory(config, "a.b_c-1");
    const struct watch_config *watch = config_watch(config, "w");
    g_autofree char *listen = g_strjoinv(" ", config->listen);
    g_autofree char *uris = g_strjoinv(" ", directory->uris);

    assert_string_equal(config->state_directory, "/s");
    assert_null(config->control);
    assert_string_equal(listen, "127.0.0.1:1 [::1]:2 unix:/h");
    assert_string_equal(config->allow_host[0], "mon.example.com");
    assert_string_equal(config->syslog_socket, "/l");
    assert_int_equal(config->syslog_facility, LOG_LOCAL3);
    assert_int_equal(directory->line, 10);
    assert_string_equal(uris, "ldap://Dc1:1389 ldap://[2001:db8::1]:389 ldap://10.0.0.1:389");
    assert_true(directory->asks_all && directory->start_tls && directory->allow_cleartext);
    assert_string_equal(directory->tls_ca_file, secret);
    assert_string_equal(directory->tls_cert_file, secret);
    assert_string_equal(directory->tls_key_file, secret);
    assert_int_equal(directory->bind, BIND_SIMPLE);
    assert_string_equal(directory->bind_dn, "cn=a,o=b");
    assert_string_equal(directory->password_file, secret);
    assert_string_equal(directory_config_secret(directory), secret);
    assert_int_equal(directory->timeout_ms, 1500);
    assert_int_equal(directory->split_after_ms, 0);
    assert_string_equal(watch->dn, "cn=Müller\\, \\;x,o=b");
    assert_string_equal(watch->identity, "entryUUID:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11");
    assert_string_equal(watch->consumer, "MMS \"charlotte\"");
    assert_string_equal(watch->fix, "A > B");
    assert_int_equal(watch->interval_ms, 3600000);
    assert_int_equal(watch->confirm, 1);
    assert_int_equal(watch->confirm_recovery, 5);
    assert_int_equal(watch->confirm_unverifiable, 7);
    assert_int_equal(watch->confirm_interval_ms, 10);
    assert_int_equal(watch->stale_after_ms, 172800000);
    assert_int_equal(watch->remind_ms, 0);
    assert_int_equal(watch->severity, LOG_CRIT);
    assert_true(watch->is_strict);
}

static void a_silence_covers_its_watches_at_its_time(void **state)
{
    g_autoptr(config_t) config = config_file_load(
        *state, MINIMAL
        "[watch wide]\ndirectory = d\ndn = o=x\n"
        "[silence once]\nwatches = w\nfrom = 2027-01-01T10:00:00Z\nuntil = 2027-01-01T12:00:00+01:00\n"
        "[silence often]\nwatches = x* w?de\ncalendar = Mon 02:00\nduration = 90m\ncomment = c\n");
    const struct silence_config *once = config->silences->pdata[0], *often = config->silences->pdata[1];
    struct watch_config made = {.name = (char *)"w.0123abcd", .family = (char *)"w"};
    int64_t next_ms;

    assert_true(silence_config_covers(once, config_watch(config, "w")));
    assert_false(silence_config_covers(once, config_watch(config, "wide")));
    assert_true(silence_config_covers(once, &made));
    assert_true(silence_config_covers(often, config_watch(config, "wide")));
    assert_false(silence_config_covers(often, config_watch(config, "w")));
    assert_false(silence_config_is_on(once, 1798797599999, &next_ms));
    assert_int_equal(next_ms, 1798797600000);
    assert_true(silence_config_is_on(once, 1798797600000, &next_ms));
    assert_int_equal(next_ms, 1798801200000);
    assert_false(silence_config_is_on(once, 1798801200000, &next_ms));
    assert_int_equal(next_ms, INT64_MAX);
    assert_int_equal(often->calendar.weekdays, 1);
    assert_int_equal(often->duration_ms, 5400000);
    assert_string_equal(often->comment, "c");
}

/* "a" to "h": each watch is in exactly one. */
static void every_watch_is_in_exactly_one_shard(void **state)
{
    unsigned n = 0;

    for (unsigned index = 0; index < 3; index++) {
        GString *text = g_string_new("[directory d]\nuri = ldaps://h\n");
        for (char name = 'a'; name <= 'h'; name++)
            g_string_append_printf(text, "[watch %c]\ndirectory = d\ndn = o=x\n", name);
        g_string_append_printf(text, "[shard]\nindex = %u\ncount = 3\n", index);
        g_autoptr(config_t) config = config_file_load(*state, text->str);
        for (unsigned i = 0; i < config->watches->len; i++) {
            const struct watch_config *watch = config->watches->pdata[i];
            assert_int_equal(shard_of(watch->name, 3), index);
        }
        g_autofree char *told = config_describe(config);
        g_autofree char *expected = g_strdup_printf("shard %u of 3, %u watches belong to the others", index,
                                                    8 - config->watches->len);
        assert_non_null(strstr(told, expected));
        assert_int_equal(config->watches->len + config->n_elsewhere, 8);
        n += config->watches->len;
        g_string_free(text, TRUE);
    }
    assert_int_equal(n, 8);
}

static void identities_of_all_three_kinds_are_taken(void **state)
{
    static const char *const identities[] = {"entryUUID:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11",
                                             "objectGUID:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11",
                                             "nsUniqueId:310de56c-0f4e4a0b-b1a47a3c-5e0c2b11"};

    for (size_t i = 0; i < G_N_ELEMENTS(identities); i++) {
        g_autofree char *text = g_strconcat(MINIMAL "identity = ", identities[i], "\n", NULL);
        g_autoptr(config_t) config = config_file_load(*state, text);

        assert_string_equal(config_watch(config, "w")->identity, identities[i]);
    }
}

static void the_state_directory_of_systemd_wins(void **state)
{
    g_setenv("STATE_DIRECTORY", "/var/lib/first:/var/lib/second", TRUE);
    g_autoptr(config_t) config = config_file_load(*state, MINIMAL "[daemon]\nstate_directory = /s\n");

    assert_string_equal(config->state_directory, "/var/lib/first");
    g_unsetenv("STATE_DIRECTORY");
}

static void unknown_names_are_not_found_with_and_without_an_index(void **state)
{
    g_autoptr(config_t) config = config_file_load(*state, MINIMAL);

    assert_null(config_watch(config, "d"));
    assert_null(config_directory(config, "w"));
    g_clear_pointer(&config->watch_index, g_hash_table_unref);
    g_clear_pointer(&config->directory_index, g_hash_table_unref);
    assert_null(config_watch(config, "d"));
    assert_ptr_equal(config_watch(config, "w"), g_ptr_array_index(config->watches, 0));
    assert_ptr_equal(config_directory(config, "d"), g_ptr_array_index(config->directories, 0));
}

static void a_copied_directory_is_equal_until_something_but_its_line_changes(void **state)
{
    g_autoptr(config_t) config = config_file_load(*state, MINIMAL);
    const struct directory_config *directory = config_directory(config, "d");
    struct directory_config *copy = directory_config_dup(directory);

    copy->line = 7;
    assert_true(directory_config_equal(directory, copy));
    copy->timeout_ms++;
    assert_false(directory_config_equal(directory, copy));
    copy->timeout_ms--;
    copy->asks_all = true;
    assert_false(directory_config_equal(directory, copy));
    copy->asks_all = false;
    copy->split_after_ms++;
    assert_false(directory_config_equal(directory, copy));
    copy->split_after_ms--;
    copy->certificate_warning_ms++;
    assert_false(directory_config_equal(directory, copy));
    copy->certificate_warning_ms--;
    g_free(g_steal_pointer(&copy->tls_ca_file));
    assert_false(directory_config_equal(directory, copy));
    directory_config_free(copy);
}

static void a_domain_is_written_in_one_way_and_may_have_any_server_without_tls(void **state)
{
    g_autoptr(config_t) config = config_file_load(
        *state, "[directory named]\nuri = ldaps://dc1 ldap://dc2\n"
                "[directory found]\nuri = ldap://Dc1 LDAP:///DC%3DExample%2Cdomaincomponent=Com\n"
                "[watch a]\ndirectory = named\ndn = o=x\n"
                "[watch b]\ndirectory = found\ndn = o=x\n");
    const struct directory_config *named = config_directory(config, "named");
    const struct directory_config *found = config_directory(config, "found");

    assert_string_equal(found->uris[1], "ldap:///dc=example,dc=com");
    assert_true(directory_config_may_have(named, "ldap://dc2:389"));
    assert_false(directory_config_may_have(named, "ldap://dc3:389"));
    assert_true(directory_config_may_have(found, "ldap://Dc1:389"));
    assert_true(directory_config_may_have(found, "ldap://dc3.example.com:3268"));
    assert_false(directory_config_may_have(found, "ldaps://dc3.example.com:636"));
    assert_false(directory_config_may_have(found, "ldapi://%2Frun%2Fldapi"));
}

static void a_directory_of_kerberos_has_its_key_as_its_secret(void **state)
{
    const struct config_file *file = *state;
    g_autofree char *keytab = config_file_add(file, "keytab", 0400);
    g_autofree char *text = g_strdup_printf(
        "[directory d]\nuri = ldap://h\nbind = gssapi\nkeytab = %s\nprincipal = "
        "host/x.example.com@EXAMPLE.COM\nkrb5_conf = %s\n[watch w]\ndirectory = d\ndn = o=x\n",
        keytab, file->path);
    g_autoptr(config_t) config = config_file_load(file, text);
    const struct directory_config *directory = config_directory(config, "d");
    struct directory_config *copy = directory_config_dup(directory);
    char **texts[] = {&copy->keytab, &copy->principal, &copy->krb5_conf};

    assert_int_equal(directory->bind, BIND_GSSAPI);
    assert_string_equal(directory->keytab, keytab);
    assert_string_equal(directory->principal, "host/x.example.com@EXAMPLE.COM");
    assert_string_equal(directory->krb5_conf, file->path);
    assert_string_equal(directory_config_secret(directory), keytab);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *kept = g_steal_pointer(texts[i]);

        assert_false(directory_config_equal(directory, copy));
        *texts[i] = g_steal_pointer(&kept);
        assert_true(directory_config_equal(directory, copy));
    }
    directory_config_free(copy);
}

static void durations_are_read_and_printed(void **state)
{
    static const struct {
        const char *text;
        int64_t expected_ms; /* -1: none */
        const char *printed;
    } durations[] = {
        {"0", 0, "0"},
        {"0s", 0, "0"},
        {"1ms", 1, "1ms"},
        {"1500ms", 1500, "1500ms"},
        {"90s", 90000, "90s"},
        {"60s", 60000, "1m"},
        {"24h", 86400000, "1d"},
        {"7d", 604800000, "7d"},
        {"", -1, NULL},
        {"s", -1, NULL},
        {"1", -1, NULL},
        {"1 s", -1, NULL},
        {"1w", -1, NULL},
        {"1.5s", -1, NULL},
        {"-1s", -1, NULL},
        {"1s ", -1, NULL},
        {"+1s", -1, NULL},
        {"1S", -1, NULL},
        {"1000000000000d", -1, NULL},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(durations); i++) {
        int64_t found_ms = -1;

        assert_int_equal(duration_parse(durations[i].text, &found_ms), durations[i].expected_ms >= 0);
        assert_int_equal(found_ms, durations[i].expected_ms);
        if (!durations[i].printed)
            continue;
        g_autofree char *printed = duration_print(found_ms);

        assert_string_equal(printed, durations[i].printed);
    }
}

/* The lines of the sample, commented out or not. */
static bool sample_pair(const char *text, struct line *ret_line)
{
    g_autoptr(GError) error = NULL;

    text += g_str_has_prefix(text, "; ") ? 2 : 0;
    if (line_parse(text, strlen(text), ret_line, &error) && ret_line->kind != LINE_EMPTY)
        return true;
    line_clear(ret_line);
    return false;
}

static void the_sample_is_good_and_shows_the_defaults_of_the_table(void **state)
{
    g_autofree char *path =
        g_build_filename(g_getenv("SRCDIR") ? g_getenv("SRCDIR") : ".", "conf/dndriftd.conf", NULL);
    g_autofree char *text = NULL;
    enum section_kind section = SECTION_KINDS;
    unsigned n_defaults = 0;

    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    config_free(config_file_load(*state, text));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **at = lines; *at; at++) {
        struct line line;

        if (!sample_pair(*at, &line))
            continue;
        if (line.kind == LINE_SECTION) {
            assert_true(section_kind_find(line.word, &section));
        } else {
            int row = settings_find(section, line.word);

            assert_true(row >= 0);
            const char *expected = settings_at((unsigned)row)->default_text;

            if (expected && *expected) {
                assert_string_equal(line.value, expected);
                n_defaults++;
            }
        }
        line_clear(&line);
    }
    printf("%u defaults compared\n", n_defaults);
    assert_true(n_defaults >= 15);
}

static void ten_thousand_watches_load_in_under_a_second(void **state)
{
    g_autoptr(GString) text = g_string_new("[directory d]\nuri = ldaps://h\n");

    for (int i = 0; i < 10000; i++)
        g_string_append_printf(text, "[watch w%d]\ndirectory = d\ndn = ou=w%d,ou=people,dc=example,dc=com\n",
                               i, i);
    clock_t before = clock(); /* of this process: others may be busy */
    g_autoptr(config_t) config = config_file_load(*state, text->str);
    double taken_s = (double)(clock() - before) / CLOCKS_PER_SEC;

    printf("10000 watches loaded in %.3f s\n", taken_s);
    assert_true(taken_s < 1);
    assert_int_equal(config->watches->len, 10000);
    assert_string_equal(config_watch(config, "w9999")->dn, "ou=w9999,ou=people,dc=example,dc=com");
}

/* A filter asks for one entry, a number for entries of any kind, unless the other says more. */
static void what_a_container_must_hold_has_sensible_defaults(void **state)
{
    static const struct {
        const char *lines, *filter;
        unsigned min_entries;
    } cases[] = {
        {"entry_filter = (&(objectClass=contact)(!(cn:dn:2.5.13.5:=x))(a>=\\2a))\n",
         "(&(objectClass=contact)(!(cn:dn:2.5.13.5:=x))(a>=\\2a))", 1},
        {"min_entries = 7\n", "(objectClass=*)", 7},
        {"entry_filter = (cn=x*y)\nmin_entries = 0\n", "(cn=x*y)", 0},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(MINIMAL, cases[i].lines, NULL);
        g_autoptr(config_t) config = config_file_load(*state, text);
        const struct watch_config *watch = config_watch(config, "w");

        assert_string_equal(watch->entry_filter, cases[i].filter);
        assert_int_equal(watch->min_entries, cases[i].min_entries);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_container_must_hold_has_sensible_defaults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_left_out_has_the_defaults_of_the_manual, set_up, tear_down),
        cmocka_unit_test_setup_teardown(remote_syslog_servers_have_their_ports, set_up, tear_down),
        cmocka_unit_test_setup_teardown(defaults_follow_the_settings_that_they_depend_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(with_compare_any_text_is_what_the_consumer_was_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(compare_is_about_the_dn_unless_it_names_an_attribute, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_value_arrives_in_its_field, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_silence_covers_its_watches_at_its_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_watch_is_in_exactly_one_shard, set_up, tear_down),
        cmocka_unit_test_setup_teardown(identities_of_all_three_kinds_are_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_state_directory_of_systemd_wins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_names_are_not_found_with_and_without_an_index, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_copied_directory_is_equal_until_something_but_its_line_changes,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_domain_is_written_in_one_way_and_may_have_any_server_without_tls,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_directory_of_kerberos_has_its_key_as_its_secret, set_up, tear_down),
        cmocka_unit_test(durations_are_read_and_printed),
        cmocka_unit_test_setup_teardown(the_sample_is_good_and_shows_the_defaults_of_the_table, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(ten_thousand_watches_load_in_under_a_second, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
