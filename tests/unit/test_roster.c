/* Which change of a watch makes what was asked before of no use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "roster.h"
#include "config_file.h"

#define DIRECTORY "[directory d]\nuri = ldaps://h\n"
#define WATCH     "[watch w]\ndirectory = d\n"

static void on_edited(void *user, struct watch *watch, const char *before)
{
    (void)watch, (void)before;
    *(bool *)user = true;
}

static void on_renamed(void *user, const char *before, struct watch *watch)
{
    (void)user, (void)before, (void)watch;
}

static void on_removed(void *user, struct watch *watch)
{
    (void)user, (void)watch;
}

static void on_forgotten(void *user, const char *name)
{
    (void)user, (void)name;
}

static const struct roster_listener listener = {on_edited, on_renamed, on_removed, on_forgotten};

/* Whether answers to what was asked under the first configuration still count under the second one. */
static bool is_asked_anew(const struct config_file *file, const char *before, const char *after,
                          bool *ret_is_edited)
{
    g_autofree char *old_text = g_strconcat(DIRECTORY WATCH, before, NULL);
    g_autofree char *new_text = g_strconcat(DIRECTORY WATCH, after, NULL);
    g_autoptr(config_t) old = config_file_load(file, old_text), config = config_file_load(file, new_text);
    struct roster *roster = roster_new(g_ptr_array_new());
    struct now now = {.wall_ms = 1000, .boot_ms = 1000};

    *ret_is_edited = false;
    roster_apply(roster, NULL, old, now, &listener, ret_is_edited);
    struct watch *watch = roster_find(roster, "w");
    uint64_t epoch = watch->epoch;
    watch->boot_ask_ms = INT64_MAX;
    roster_apply(roster, old, config, now, &listener, ret_is_edited);
    bool is_new = watch->epoch != epoch;
    assert_true(is_new == (watch->boot_ask_ms == now.boot_ms)); /* and at once */
    assert_string_equal(watch->state->configured, config_watch(config, "w")->dn);
    assert_true(g_strcmp0(watch->state->attribute, config_watch(config, "w")->compare) == 0);
    roster_free(roster);
    return is_new;
}

static void a_watch_that_compares_something_else_is_asked_anew(void **state)
{
    static const struct {
        const char *before, *after;
        bool is_new, is_edited;
    } cases[] = {
        {"dn = o=x\n", "dn = o=x\n", false, false},
        {"dn = o=x\n", "dn = o=x\nfix = here\nremind = 0\n", false, false},
        {"dn = o=x\n", "dn = o=y\n", true, true},
        {"dn = o=x\n", "dn = o=x\ncompare = mail\n", true, false},
        {"dn = o=x\ncompare = mail\n", "dn = o=x\n", true, false},
        {"dn = o=x\ncompare = mail\n", "dn = o=x\ncompare = cn\n", true, false},
        {"dn = o=x\ncompare = mail\n", "dn = o=x\ncompare = mail\n", false, false},
        {"dn = o=x\ncompare = mail\n", "dn = o=x\ncompare = mail\nfind = (cn=x)\n", true, false},
        {"dn = o=x\ncompare = mail\nfind = (cn=x)\n", "dn = o=x\ncompare = mail\nfind = (cn=y)\n", true,
         false},
        {"dn = o=x\ncompare = mail\nfind = (cn=x)\n", "dn = o=x\ncompare = mail\nfind = (cn=x)\n", false,
         false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool is_edited;

        if (is_asked_anew(*state, cases[i].before, cases[i].after, &is_edited) != cases[i].is_new ||
            is_edited != cases[i].is_edited)
            fail_msg("from\n%sto\n%s", cases[i].before, cases[i].after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_watch_that_compares_something_else_is_asked_anew,
                                        config_file_set_up, config_file_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
