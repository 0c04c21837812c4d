/* Which pin goes on where, when a consumer has other DNs than before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/family.h"
#include "config_file.h"
#include "derivation.h"
#include "roster.h"

#define TEXT                                                                                                 \
    "[directory d]\nuri = ldaps://h\n[watch w]\ndirectory = d\ndn_from = nslcd\n"                            \
    "[watch other]\ndirectory = d\ndn = o=other\n"

/* What happened, one word each, the watches by the letter of the DN that they had. */
static void note(GString *log, const char *what, const struct watch *watch)
{
    g_string_append_printf(log, "%s%s %s", log->len ? ", " : "", what, watch->state->pin.dn);
}

static void on_edited(void *user, struct watch *watch, const char *before)
{
    note(user, "edited", watch);
    assert_non_null(before);
}

static void on_renamed(void *user, const char *before, struct watch *watch)
{
    assert_string_not_equal(before, watch->state->watch);
    note(user, "renamed", watch);
}

static void on_removed(void *user, struct watch *watch)
{
    note(user, "removed", watch);
}

static void on_forgotten(void *user, const char *name)
{
    (void)user;
    fail_msg("%s was forgotten", name);
}

static const struct roster_listener listener = {on_edited, on_renamed, on_removed, on_forgotten};

/* The configuration where the consumer tells these DNs, one letter each. */
static struct config *tell(const struct config *written, const char *letters)
{
    GPtrArray *watches = g_ptr_array_new_with_free_func((GDestroyNotify)watch_config_unref);
    const struct watch_config *section = config_watch(written, "w");
    static const struct failure none = {0};

    g_ptr_array_add(watches, watch_config_ref(config_watch(written, "other")));
    for (const char *at = letters; *at; at++) {
        g_autofree char *dn = g_strdup_printf("o=%c", *at);
        g_autofree char *name = letters[1] ? family_name("w", dn) : g_strdup("w");
        g_ptr_array_add(watches, watch_config_derive(section, name, dn, &none));
    }
    return config_derive(written, watches);
}

/* Each is pinned to what it was told first; at a restart nobody remembers the configuration. */
static void pin_all(struct roster *roster, bool is_restart)
{
    for (unsigned i = 0; i < roster_n(roster); i++) {
        struct watch *watch = roster_at(roster, i);
        state_set_text(&watch->state->pin.dn, watch->state->configured);
        if (is_restart)
            watch->config = NULL;
    }
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In the order of the alphabet: that of the names is the hash's. */
static char *sort_words(const GString *log)
{
    g_auto(GStrv) words = g_strsplit(log->str, ", ", -1);

    qsort(words, g_strv_length(words), sizeof *words, compare_words);
    return g_strjoinv(", ", words);
}

static void check(const struct config_file *file, const char *before, const char *after, const char *expected,
                  bool is_restart)
{
    g_autoptr(config_t) written = config_file_load(file, TEXT);
    g_autoptr(config_t) old = tell(written, before), new = tell(written, after);
    struct roster *roster = roster_new(g_ptr_array_new());
    g_autoptr(GString) log = g_string_new(NULL);
    struct now now = {.wall_ms = 1000, .boot_ms = 1000};

    roster_apply(roster, NULL, old, now, &listener, log);
    assert_string_equal(log->str, "");
    pin_all(roster, is_restart);
    roster_apply(roster, is_restart ? NULL : old, new, now, &listener, log);
    g_autofree char *happened = sort_words(log);
    if (strcmp(happened, expected) != 0)
        fail_msg("%s to %s%s: %s, expected %s", before, after, is_restart ? " over a restart" : "", happened,
                 expected);
    for (unsigned i = 0; i < new->watches->len; i++) {
        const struct watch_config *watch = new->watches->pdata[i];
        assert_string_equal(roster_find(roster, watch->name)->state->configured, watch->dn);
    }
    assert_int_equal(roster_n(roster), new->watches->len);
    roster_free(roster);
}

static void a_pin_follows_its_dn_or_the_only_edit(void **state)
{
    static const struct {
        const char *before, *after, *expected;
    } cases[] = {
        {"a", "a", ""},
        {"a", "b", "edited o=a"},
        {"a", "ab", "renamed o=a"},
        {"ab", "a", "removed o=b, renamed o=a"},
        {"ab", "ba", ""},
        {"abc", "xabc", ""},
        {"abc", "ac", "removed o=b"},
        {"abc", "axc", "edited o=b, renamed o=b"},
        {"ab", "x", "removed o=a, removed o=b"},
        {"ab", "xy", "removed o=a, removed o=b"},
        {"abc", "axy", "removed o=b, removed o=c"},
        {"a", "xy", "removed o=a"},
        {"abc", "ax", "removed o=b, removed o=c"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        check(*state, cases[i].before, cases[i].after, cases[i].expected, false);
        check(*state, cases[i].before, cases[i].after, cases[i].expected, true);
    }
}

static void a_name_depends_on_the_dn_and_not_on_its_spelling(void **state)
{
    static const struct {
        const char *a, *b;
        bool is_same;
    } cases[] = {
        {"ou=x,o=y", "OU=X, O=Y", true},          {"ou=x,o=y", "/o=y/ou=x", true},
        {"cn=a\\,b,o=y", "CN=\"a,b\",O=y", true}, {"ou=x,o=y", "ou=x,o=z", false},
        {"<GUID=0123>", "<guid=0123>", true},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *a = family_name("w", cases[i].a), *b = family_name("w", cases[i].b);
        g_autofree char *section = family_of(a);
        if ((strcmp(a, b) == 0) != cases[i].is_same)
            fail_msg("%s and %s: %s and %s", cases[i].a, cases[i].b, a, b);
        assert_string_equal(section, "w");
        assert_true(family_has("w", a));
    }
    assert_null(family_of("w.0123456"));
    assert_null(family_of("w.0123456G"));
    assert_null(family_of(".01234567"));
    assert_false(family_has("v", "w.01234567"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pin_follows_its_dn_or_the_only_edit, config_file_set_up,
                                        config_file_tear_down),
        cmocka_unit_test(a_name_depends_on_the_dn_and_not_on_its_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
