/* What an entry is expected to be and to hold, who changed it, conflicts and tombstones: whole tables again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "judge/attribution.h"
#include "judge/judge.h"

#define CONFIGURED "cn=custom,cn=recipients,o=mms"
#define PINNED     "entryUUID:aaaaaaaa-0000-4000-8000-000000000001"
#define OTHER      "entryUUID:bbbbbbbb-0000-4000-8000-000000000002"
#define MIN_COUNT  3

static struct pin pinned = {.identity = (char *)PINNED, .dn = (char *)CONFIGURED};

static struct expectation expected(void)
{
    return (struct expectation){.configured = CONFIGURED,
                                .pin = &pinned,
                                .bound_as = "cn=monitor,o=mms",
                                .object_class = "container",
                                .entry_filter = "(objectClass=contact)",
                                .min_entries = MIN_COUNT,
                                .previous = {COUNT_COMPLETE, 7}};
}

static struct observation *entry_seen(void)
{
    struct observation *seen = observation_new(0);

    seen->dn_answer = DN_ENTRY;
    seen->found_dn = g_strdup(CONFIGURED);
    seen->found_identity = g_strdup(PINNED);
    return seen;
}

#define M VERDICT_MATCH
#define U VERDICT_UNREACHABLE
#define H VERDICT_HIDDEN
#define W VERDICT_WRONG_CLASS
#define E VERDICT_EMPTIED

/* The count: not asked, enough, too few, none, at least enough, at least too few, hidden, failed. */
static const struct count counts[] = {{COUNT_NOT_ASKED, 0}, {COUNT_COMPLETE, 3}, {COUNT_COMPLETE, 2},
                                      {COUNT_COMPLETE, 0},  {COUNT_AT_LEAST, 3}, {COUNT_AT_LEAST, 2},
                                      {COUNT_HIDDEN, 0},    {COUNT_FAILED, 0}};
#define N_COUNTS G_N_ELEMENTS(counts)

static const enum verdict holding_table[OBJECT_CLASS_ANSWERS][N_COUNTS] = {
    [OBJECT_CLASS_NOT_ASKED] = {M, M, E, E, M, U, H, U}, [OBJECT_CLASS_FITS] = {M, M, E, E, M, U, H, U},
    [OBJECT_CLASS_OTHER] = {W, W, W, W, W, W, W, W},     [OBJECT_CLASS_UNREADABLE] = {H, H, H, H, H, H, H, H},
    [OBJECT_CLASS_FAILED] = {U, U, U, U, U, U, U, U},
};

static void every_answer_about_class_and_children(void **state)
{
    (void)state;
    for (unsigned class = 0; class < OBJECT_CLASS_ANSWERS; class ++)
        for (unsigned i = 0; i < N_COUNTS; i++) {
            struct expectation expectation = expected();
            struct judgement judgement;
            g_autoptr(observation_t) seen = entry_seen();

            seen->object_class_answer = class;
            seen->object_classes = class == OBJECT_CLASS_OTHER ? g_strdup("top person") : NULL;
            seen->matching = counts[i];
            judge(&expectation, seen, &judgement);
            if (judgement.verdict != holding_table[class][i])
                fail_msg("class answer %u, count %u: %s", class, i, verdict_name(judgement.verdict));
            assert_true(judgement.pin_action == (judgement.verdict == M ? PIN_REFRESH : PIN_KEEP));
            assert_true(!judgement.sentence == (judgement.verdict == M));
            judgement_clear(&judgement);
        }
}

static void what_is_not_expected_is_not_looked_at(void **state)
{
    struct expectation expectation = expected();
    struct judgement judgement;
    g_autoptr(observation_t) seen = entry_seen();

    (void)state;
    expectation.object_class = expectation.entry_filter = NULL;
    expectation.min_entries = 0;
    seen->object_class_answer = OBJECT_CLASS_OTHER;
    seen->object_classes = g_strdup("top");
    seen->matching = (struct count){COUNT_COMPLETE, 0};
    judge(&expectation, seen, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_MATCH);
    judgement_clear(&judgement);
}

static void an_entry_that_is_not_as_expected_is_not_pinned(void **state)
{
    struct pin none = {0};
    struct expectation expectation = expected();
    struct judgement judgement;
    g_autoptr(observation_t) seen = entry_seen();

    (void)state;
    expectation.pin = &none;
    seen->matching = (struct count){COUNT_COMPLETE, 0};
    judge(&expectation, seen, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_EMPTIED);
    assert_int_equal(judgement.pin_action, PIN_KEEP);
    judgement_clear(&judgement);
}

static void another_entry_is_replaced_whatever_it_holds(void **state)
{
    struct expectation expectation = expected();
    struct judgement judgement;
    g_autoptr(observation_t) seen = entry_seen();

    (void)state;
    g_free(seen->found_identity);
    seen->found_identity = g_strdup(OTHER);
    seen->id_answer = ID_GONE;
    seen->object_class_answer = OBJECT_CLASS_OTHER;
    seen->object_classes = g_strdup("top");
    seen->matching = (struct count){COUNT_COMPLETE, 0};
    judge(&expectation, seen, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_REPLACED);
    judgement_clear(&judgement);
}

static void emptied_tells_both_counts(void **state)
{
    struct expectation expectation = expected();
    struct judgement judgement;
    g_autoptr(observation_t) seen = entry_seen();

    (void)state;
    seen->matching = (struct count){COUNT_COMPLETE, 0};
    seen->stamp = (struct stamp){1790000000000, g_strdup("cn=admin,o=mms"), NULL};
    judge(&expectation, seen, &judgement);
    assert_string_equal(judgement.sentence, CONFIGURED
                        " is there, but 0 entries that match (objectClass=contact) are below it where "
                        "at least 3 are expected, before there were 7, last changed "
                        "2026-09-21T14:13:20Z by cn=admin,o=mms");
    judgement_clear(&judgement);
}

static void wrong_class_tells_which_it_is(void **state)
{
    struct expectation expectation = expected();
    struct judgement judgement;
    g_autoptr(observation_t) seen = entry_seen();

    (void)state;
    seen->object_class_answer = OBJECT_CLASS_OTHER;
    seen->object_classes = g_strdup("top per\x1bson");
    judge(&expectation, seen, &judgement);
    assert_string_equal(judgement.sentence,
                        CONFIGURED " is not of object class container but of top per\x1bson");
    judgement_clear(&judgement);
}

/* --- conflict */

static void a_conflict_comes_before_renamed_and_replaced(void **state)
{
    static const char mangled[] = "cn=custom\nCNF:aaaaaaaa-0000-4000-8000-000000000001,cn=recipients,o=mms";

    (void)state;
    for (unsigned is_taken = 0; is_taken < 2; is_taken++) {
        struct expectation expectation = expected();
        struct judgement judgement;
        g_autoptr(observation_t) seen = is_taken ? entry_seen() : observation_new(0);

        if (is_taken) {
            g_free(seen->found_identity);
            seen->found_identity = g_strdup(OTHER);
        } else {
            seen->dn_answer = DN_ABSENT;
            seen->matched_dn = g_strdup("cn=recipients,o=mms");
        }
        seen->id_answer = ID_FOUND;
        seen->pinned_dn = g_strdup(mangled);
        seen->is_conflict = true;
        judge(&expectation, seen, &judgement);
        assert_int_equal(judgement.verdict, VERDICT_CONFLICT);
        assert_true(!strstr(judgement.sentence, "another entry") == !is_taken);
        assert_null(strchr(judgement.sentence, '\n'));
        assert_non_null(strstr(judgement.live, "CNF:"));
        judgement_clear(&judgement);
    }
}

/* --- tombstones */

static void a_tombstone_proves_the_deletion_that_nothing_else_does(void **state)
{
    static const enum dn_answer answers[] = {DN_ABSENT, DN_OUTSIDE, DN_UNMATCHED, DN_EMPTY, DN_REFUSED};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++)
        for (unsigned ancestor = 0; ancestor < ANCESTOR_ANSWERS; ancestor++) {
            struct expectation expectation = expected();
            struct judgement judgement;
            g_autoptr(observation_t) seen = observation_new(0);

            seen->dn_answer = answers[i];
            seen->matched_dn = answers[i] == DN_ABSENT ? g_strdup("o=mms") : NULL;
            seen->id_answer = ID_GONE;
            seen->ancestor_answer = ancestor;
            seen->tombstone.dn = g_strdup("cn=custom\nDEL:aaaaaaaa,cn=Deleted Objects,o=mms");
            seen->tombstone.last_parent = g_strdup("cn=recipients,o=mms");
            seen->tombstone.stamp = (struct stamp){1790000000000, NULL, g_strdup("cn=DC1,o=mms")};
            judge(&expectation, seen, &judgement);
            assert_string_equal(verdict_name(judgement.verdict), "deleted");
            assert_string_equal(judgement.certainty, "tombstone");
            assert_string_equal(judgement.sentence, CONFIGURED
                                " was deleted, it was last below cn=recipients,o=mms, last changed "
                                "2026-09-21T14:13:20Z on cn=DC1,o=mms");
            judgement_clear(&judgement);
        }
}

static void a_tombstone_of_the_old_entry_does_not_make_an_edited_value_deleted(void **state)
{
    struct expectation expectation = expected();
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    expectation.is_edited = true;
    seen->dn_answer = DN_ABSENT;
    seen->matched_dn = g_strdup("o=mms");
    seen->id_answer = ID_GONE;
    seen->tombstone.dn = g_strdup("cn=custom\nDEL:aaaaaaaa,cn=Deleted Objects,o=mms");
    judge(&expectation, seen, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_MISSING);
    judgement_clear(&judgement);
}

/* --- who changed it */

static void the_renamed_ancestor_is_asked_who_did_it(void **state)
{
    char *ids[] = {(char *)"x:1", (char *)"x:2"},
         *dns[] = {(char *)"cn=recipients,ou=c,o=mms", (char *)"ou=c,o=mms"};
    GPtrArray ancestors = {(gpointer *)ids, 2}, ancestor_dns = {(gpointer *)dns, 2};
    struct pin pin = {.identity = (char *)PINNED,
                      .dn = (char *)"cn=custom,cn=recipients,ou=c,o=mms",
                      .parent_identity = (char *)"x:1"};
    struct expectation expectation = {.configured = pin.dn,
                                      .pin = &pin,
                                      .ancestors = &ancestors,
                                      .ancestor_dns = &ancestor_dns,
                                      .bound_as = "anonymous"};
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    seen->dn_answer = DN_ABSENT;
    seen->matched_dn = g_strdup("o=mms");
    seen->id_answer = ID_FOUND;
    seen->pinned_dn = g_strdup("cn=custom,cn=recipients,ou=d,o=mms");
    seen->entries = (struct count){COUNT_AT_LEAST, 1000};
    seen->stamp = (struct stamp){1, g_strdup("cn=somebody long ago"), NULL};
    seen->path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
    g_ptr_array_add(seen->path, path_entry_new("cn=recipients,ou=d,o=mms", "x:1"));
    g_ptr_array_add(seen->path, path_entry_new("ou=d,o=mms", "x:2"));
    ((struct path_entry *)seen->path->pdata[0])->stamp.by = g_strdup("cn=not this one");
    ((struct path_entry *)seen->path->pdata[1])->stamp.by = g_strdup("cn=admin,o=mms");
    judge(&expectation, seen, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_ANCESTOR_RENAMED);
    assert_string_equal(judgement.changed.by, "cn=admin,o=mms");
    assert_non_null(
        strstr(judgement.sentence,
               "because ou=c,o=mms above it was renamed to ou=d,o=mms, last changed by cn=admin,o=mms, at "
               "least 1000 entries are below it"));
    judgement_clear(&judgement);
}

static void what_is_not_told_is_not_said(void **state)
{
    struct stamp nothing = {0}, time_alone = {.wall_ms = 1790000000000};
    g_autofree char *none = attribution_explain(&nothing), *time = attribution_explain(&time_alone);

    (void)state;
    assert_null(none);
    assert_string_equal(time, "last changed 2026-09-21T14:13:20Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_about_class_and_children),
        cmocka_unit_test(what_is_not_expected_is_not_looked_at),
        cmocka_unit_test(an_entry_that_is_not_as_expected_is_not_pinned),
        cmocka_unit_test(another_entry_is_replaced_whatever_it_holds),
        cmocka_unit_test(emptied_tells_both_counts),
        cmocka_unit_test(wrong_class_tells_which_it_is),
        cmocka_unit_test(a_conflict_comes_before_renamed_and_replaced),
        cmocka_unit_test(a_tombstone_proves_the_deletion_that_nothing_else_does),
        cmocka_unit_test(a_tombstone_of_the_old_entry_does_not_make_an_edited_value_deleted),
        cmocka_unit_test(the_renamed_ancestor_is_asked_who_did_it),
        cmocka_unit_test(what_is_not_told_is_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
