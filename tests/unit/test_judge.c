/* The decision table of the judge, whole: every answer to the DN question with every answer to the id
 * question. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "judge/judge.h"

#define CONFIGURED "cn=custom,cn=recipients,o=mms"
#define PINNED     "entryUUID:aaaaaaaa-0000-4000-8000-000000000001"
#define OTHER      "entryUUID:bbbbbbbb-0000-4000-8000-000000000002"
#define PARENT     "entryUUID:cccccccc-0000-4000-8000-000000000003"
#define ELSEWHERE  "cn=partners,cn=recipients,o=mms"

/* Rows: the DN question. */
enum dn_row {
    FAILED,
    SAME,
    OTHER_ENTRY,
    OTHER_KIND,
    BARE,
    ABSENT,
    OUTSIDE,
    UNMATCHED,
    EMPTY,
    REFUSED,
    SYNTAX,
    UNTOLD,
    N_DN
};
static const char *const dn_rows[N_DN] = {"failed",      "pinned entry", "other entry", "other kind",
                                          "no identity", "absent",       "outside",     "unmatched",
                                          "empty",       "refused",      "syntax",      "untold"};

/* Columns: the id question, with the ancestors' where it decides. */
enum id_column {
    NOT_ASKED,
    FOUND_ELSEWHERE,
    FOUND_HERE,
    GONE_ANCESTOR_FOUND,
    GONE_ANCESTOR_GONE,
    GONE_ANCESTOR_UNKNOWN,
    GONE_ANCESTOR_FAILED,
    ID_IS_REFUSED,
    ID_HAS_FAILED,
    N_ID
};
static const char *const id_columns[N_ID] = {"not asked",
                                             "found elsewhere",
                                             "found here",
                                             "gone, ancestor found",
                                             "gone, no ancestor",
                                             "gone, ancestors unknown",
                                             "gone, ancestors failed",
                                             "refused",
                                             "failed"};

#define M VERDICT_MATCH
#define U VERDICT_UNREACHABLE
#define H VERDICT_HIDDEN
#define P VERDICT_REPLACED
#define N VERDICT_RENAMED
#define D VERDICT_DELETED
#define X VERDICT_MISSING
#define I VERDICT_INVALID

static const enum verdict pinned_table[N_DN][N_ID] = {
    /*               not asked, elsewhere, here, gone+found, gone+gone, gone+unknown, gone+failed, refused,
       failed */
    [FAILED] = {U, U, U, U, U, U, U, U, U},      [SAME] = {M, M, M, M, M, M, M, M, M},
    [OTHER_ENTRY] = {P, P, P, P, P, P, P, P, U}, [OTHER_KIND] = {H, H, H, H, H, H, H, H, H},
    [BARE] = {H, P, M, H, H, H, H, H, U},        [ABSENT] = {U, N, M, D, H, D, U, H, U},
    [OUTSIDE] = {U, N, M, D, H, H, U, H, U},     [UNMATCHED] = {H, N, M, H, H, H, H, H, U},
    [EMPTY] = {H, N, M, H, H, H, H, H, U},       [REFUSED] = {H, N, M, H, H, H, H, H, U},
    [SYNTAX] = {I, I, I, I, I, I, I, I, I},      [UNTOLD] = {I, I, I, I, I, I, I, I, I},
};

/* After an edit of the configured value: another entry is deliberate, nothing is missing, whatever became of
 * the old one. */
static const enum verdict edited_table[N_DN][N_ID] = {
    [FAILED] = {U, U, U, U, U, U, U, U, U},      [SAME] = {M, M, M, M, M, M, M, M, M},
    [OTHER_ENTRY] = {M, M, M, M, M, M, M, M, M}, [OTHER_KIND] = {M, M, M, M, M, M, M, M, M},
    [BARE] = {H, P, M, H, H, H, H, H, U},        [ABSENT] = {U, X, M, X, X, X, X, X, U},
    [OUTSIDE] = {U, X, M, X, X, X, X, X, U},     [UNMATCHED] = {H, H, M, H, H, H, H, H, U},
    [EMPTY] = {H, H, M, H, H, H, H, H, U},       [REFUSED] = {H, H, M, H, H, H, H, H, U},
    [SYNTAX] = {I, I, I, I, I, I, I, I, I},      [UNTOLD] = {I, I, I, I, I, I, I, I, I},
};

/* Nothing pinned: the id question has nothing to add. */
static const enum verdict unpinned_table[N_DN] = {
    [FAILED] = U,  [SAME] = M,      [OTHER_ENTRY] = M, [OTHER_KIND] = M, [BARE] = M,   [ABSENT] = X,
    [OUTSIDE] = X, [UNMATCHED] = H, [EMPTY] = H,       [REFUSED] = H,    [SYNTAX] = I, [UNTOLD] = I,
};

static void answer_dn(struct observation *seen, enum dn_row row)
{
    static const enum dn_answer answers[N_DN] = {
        [FAILED] = DN_FAILED,   [SAME] = DN_ENTRY,      [OTHER_ENTRY] = DN_ENTRY, [OTHER_KIND] = DN_ENTRY,
        [BARE] = DN_ENTRY_BARE, [ABSENT] = DN_ABSENT,   [OUTSIDE] = DN_OUTSIDE,   [UNMATCHED] = DN_UNMATCHED,
        [EMPTY] = DN_EMPTY,     [REFUSED] = DN_REFUSED, [SYNTAX] = DN_SYNTAX,     [UNTOLD] = DN_UNTOLD,
    };

    seen->dn_answer = answers[row];
    if (row == SAME || row == OTHER_ENTRY || row == OTHER_KIND || row == BARE)
        seen->found_dn = g_strdup(CONFIGURED);
    if (row == SAME)
        seen->found_identity = g_strdup(PINNED);
    if (row == OTHER_ENTRY)
        seen->found_identity = g_strdup(OTHER);
    if (row == OTHER_KIND)
        seen->found_identity = g_strdup("nsUniqueId:074a7418-e76c11f1-9c599d8d-89d87899");
    if (row == UNTOLD)
        seen->failure.text = g_strdup("no such file");
    if (row == ABSENT)
        seen->matched_dn = g_strdup("cn=recipients,o=mms");
}

static void answer_id(struct observation *seen, enum id_column column)
{
    static const struct {
        enum id_answer id;
        enum ancestor_answer ancestor;
    } answers[N_ID] = {
        [NOT_ASKED] = {ID_NOT_ASKED, ANCESTOR_NOT_ASKED},
        [FOUND_ELSEWHERE] = {ID_FOUND, ANCESTOR_NOT_ASKED},
        [FOUND_HERE] = {ID_FOUND, ANCESTOR_NOT_ASKED},
        [GONE_ANCESTOR_FOUND] = {ID_GONE, ANCESTOR_FOUND},
        [GONE_ANCESTOR_GONE] = {ID_GONE, ANCESTOR_GONE},
        [GONE_ANCESTOR_UNKNOWN] = {ID_GONE, ANCESTOR_NOT_ASKED},
        [GONE_ANCESTOR_FAILED] = {ID_GONE, ANCESTOR_FAILED},
        [ID_IS_REFUSED] = {ID_REFUSED, ANCESTOR_NOT_ASKED},
        [ID_HAS_FAILED] = {ID_FAILED, ANCESTOR_NOT_ASKED},
    };

    seen->id_answer = answers[column].id;
    seen->ancestor_answer = answers[column].ancestor;
    if (column == FOUND_ELSEWHERE || column == FOUND_HERE) {
        seen->pinned_dn = g_strdup(column == FOUND_HERE ? CONFIGURED : ELSEWHERE);
        seen->path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
        g_ptr_array_add(seen->path, path_entry_new("cn=recipients,o=mms", PARENT));
    }
}

static struct pin pin_of(const char *identity)
{
    return (struct pin){.identity = (char *)identity,
                        .dn = (char *)(identity ? CONFIGURED : NULL),
                        .parent_identity = (char *)PARENT};
}

static enum verdict verdict_of(enum dn_row row, enum id_column column, const char *identity, bool is_edited)
{
    struct pin pin = pin_of(identity);
    struct expectation expectation = {
        .configured = CONFIGURED, .pin = &pin, .is_edited = is_edited, .bound_as = "anonymous"};
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    answer_dn(seen, row);
    answer_id(seen, column);
    judge(&expectation, seen, &judgement);
    enum verdict verdict = judgement.verdict;
    if (!judgement.sentence != (verdict == VERDICT_MATCH)) /* all but a match need one */
        fail_msg("%s sentence for %s, %s", judgement.sentence ? "a" : "no", dn_rows[row], id_columns[column]);
    judgement_clear(&judgement);
    return verdict;
}

static void check_table(const enum verdict table[N_DN][N_ID], bool is_edited)
{
    for (enum dn_row row = 0; row < N_DN; row++)
        for (enum id_column column = 0; column < N_ID; column++) {
            enum verdict is = verdict_of(row, column, PINNED, is_edited);
            if (is != table[row][column])
                fail_msg("DN question %s, id question %s: %s instead of %s", dn_rows[row], id_columns[column],
                         verdict_name(is), verdict_name(table[row][column]));
        }
}

static void every_pair_of_answers_about_a_pinned_entry(void **state)
{
    (void)state;
    check_table(pinned_table, false);
}

static void every_pair_of_answers_after_an_edit(void **state)
{
    (void)state;
    check_table(edited_table, true);
}

static void every_answer_when_nothing_is_pinned(void **state)
{
    (void)state;
    for (enum dn_row row = 0; row < N_DN; row++)
        for (enum id_column column = 0; column < N_ID; column++)
            assert_string_equal(verdict_name(verdict_of(row, column, NULL, false)),
                                verdict_name(unpinned_table[row]));
}

/* --- where it went */

struct place {
    const char *configured, *live, *was_parent, *is_parent;
    enum verdict verdict;
    bool is_parent_unknown;
    const char *why;
};

static const struct place places[] = {
    {"cn=a,ou=p,o=m", "cn=b,ou=p,o=m", "x:1", "x:1", VERDICT_RENAMED, false, "own RDN"},
    {"cn=a,ou=p,o=m", "cn=b,ou=q,o=m", "x:1", "x:1", VERDICT_RENAMED, false, "own RDN and an ancestor's"},
    {"cn=a,ou=p,o=m", "cn=a,ou=q,o=m", "x:1", "x:2", VERDICT_MOVED, false, "another parent"},
    {"cn=a,ou=p,o=m", "cn=b,ou=q,o=m", "x:1", "x:2", VERDICT_MOVED, false, "another parent and another name"},
    {"cn=a,ou=p,o=m", "cn=a,ou=q,o=m", "x:1", "x:1", VERDICT_ANCESTOR_RENAMED, false,
     "the same parent under another name"},
    {"cn=a,ou=p,o=m", "cn=a,ou=p,ou=new,o=m", "x:1", "x:1", VERDICT_ANCESTOR_RENAMED, false,
     "the parent was moved"},
    {"cn=a,ou=p,o=m", "cn=a,ou=q,o=m", NULL, "x:2", VERDICT_MOVED, true, "parent never read"},
    {"cn=a,ou=p,o=m", "cn=a,ou=q,o=m", "x:1", NULL, VERDICT_MOVED, true, "parent not readable now"},
    {"cn=a,ou=p,o=m", "cn=b,ou=p,o=m", NULL, NULL, VERDICT_RENAMED, false,
     "the parent's text has not changed"},
    {"cn=strasse,o=m",
     "cn=stra\xc3\x9f"
     "e,o=m",
     "x:1", "x:1", VERDICT_RENAMED, false, "equal to us, not to the server"},
    {"cn=A ,ou=p,o=m", "CN=b,OU=P,o=m", "x:1", "x:1", VERDICT_RENAMED, false,
     "spelling of the rest does not matter"},
};

static void every_way_an_entry_can_leave_its_place(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(places); i++) {
        const struct place *place = &places[i];
        struct pin pin = {.identity = (char *)PINNED,
                          .dn = (char *)place->configured,
                          .parent_identity = (char *)place->was_parent};
        struct expectation expectation = {
            .configured = place->configured, .pin = &pin, .bound_as = "anonymous"};
        struct judgement judgement;
        g_autoptr(observation_t) seen = observation_new(0);

        seen->dn_answer = DN_ABSENT;
        seen->matched_dn = g_strdup("o=m");
        seen->id_answer = ID_FOUND;
        seen->pinned_dn = g_strdup(place->live);
        seen->path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
        g_ptr_array_add(seen->path, path_entry_new("the parent", place->is_parent));
        judge(&expectation, seen, &judgement);
        if (judgement.verdict != place->verdict ||
            judgement.is_parent_identity_unknown != place->is_parent_unknown)
            fail_msg("%s: %s", place->why, verdict_name(judgement.verdict));
        assert_string_equal(judgement.live, place->live);
        judgement_clear(&judgement);
    }
}

/* --- what it says */

static void judge_unpinned(struct observation *seen, const char *configured, struct judgement *ret_judgement)
{
    struct pin pin = {0};
    struct expectation expectation = {.configured = configured, .pin = &pin, .bound_as = "cn=monitor,o=mms"};

    judge(&expectation, seen, ret_judgement);
}

static void display_name_for_directory_name_is_diagnosed(void **state)
{
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    seen->dn_answer = DN_ABSENT;
    seen->matched_dn = g_strdup("cn=recipients,o=mms");
    seen->lookalike = (struct lookalike){g_strdup(CONFIGURED), g_strdup("displayName"), true};
    judge_unpinned(seen, "cn=Custom Recipients,cn=recipients,o=mms", &judgement);
    assert_int_equal(judgement.verdict, VERDICT_MISSING);
    assert_string_equal(judgement.first_missing, "cn=Custom Recipients");
    assert_string_equal(judgement.live, CONFIGURED);
    assert_string_equal(
        judgement.sentence,
        "cn=Custom Recipients,cn=recipients,o=mms does not exist at cn=Custom Recipients, but "
        "cn=Custom Recipients is the displayName of an entry whose directory name is cn=custom");
    assert_string_equal(judgement.remedy, "configure " CONFIGURED);
    judgement_clear(&judgement);
}

static void lookalike_of_an_ancestor_is_put_into_the_whole_dn(void **state)
{
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    seen->dn_answer = DN_ABSENT;
    seen->matched_dn = g_strdup("o=mms");
    seen->lookalike = (struct lookalike){g_strdup("cn=recipients,o=mms"), g_strdup("type"), true};
    judge_unpinned(seen, "cn=custom,ou=recipients,o=mms", &judgement);
    assert_string_equal(judgement.first_missing, "ou=recipients");
    assert_null(judgement.live);
    assert_string_equal(judgement.remedy, "configure " CONFIGURED);
    judgement_clear(&judgement);
}

static void one_of_several_lookalikes_is_no_live_value(void **state)
{
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    seen->dn_answer = DN_ABSENT;
    seen->matched_dn = g_strdup("cn=recipients,o=mms");
    seen->lookalike = (struct lookalike){g_strdup(CONFIGURED), g_strdup("description"), false};
    judge_unpinned(seen, "cn=Custom,cn=recipients,o=mms", &judgement);
    assert_null(judgement.live);
    assert_non_null(strstr(judgement.sentence, "among others"));
    judgement_clear(&judgement);
}

static void where_the_old_entry_is_comes_before_what_looks_alike(void **state)
{
    struct pin pin = pin_of(PINNED);
    struct expectation expectation = {
        .configured = "cn=Foo,cn=recipients,o=mms", .pin = &pin, .is_edited = true, .bound_as = "anonymous"};
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    answer_dn(seen, ABSENT);
    answer_id(seen, FOUND_ELSEWHERE);
    seen->lookalike =
        (struct lookalike){g_strdup("cn=foreign,cn=recipients,o=mms"), g_strdup("displayName"), true};
    judge(&expectation, seen, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_MISSING);
    assert_string_equal(judgement.live, ELSEWHERE);
    assert_string_equal(judgement.remedy, "configure " ELSEWHERE);
    judgement_clear(&judgement);
}

static void hostile_names_come_out_clean(void **state)
{
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    seen->dn_answer = DN_ABSENT;
    seen->matched_dn = g_strdup("cn=\x1b[2J\n,o=mms");
    judge_unpinned(seen, "cn=custom,cn=\\1b[2J\\0a,o=mms", &judgement);
    for (const char *c = judgement.sentence; *c; c++)
        assert_true((unsigned char)*c >= 0x20);
    judgement_clear(&judgement);
}

static void spelling_says_how_it_differs(void **state)
{
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    seen->dn_answer = DN_ENTRY;
    seen->found_dn = g_strdup(CONFIGURED);
    seen->found_identity = g_strdup(PINNED);
    judge_unpinned(seen, "cn=CUSTOM,cn=recipients,o=mms", &judgement);
    assert_int_equal(judgement.verdict, VERDICT_SPELLING);
    assert_non_null(strstr(judgement.sentence, "case"));
    assert_string_equal(judgement.live, CONFIGURED);
    judgement_clear(&judgement);
}

/* --- other forms than LDAP */

static const struct {
    const char *configured, *found;
    enum verdict verdict;
    const char *why;
} ways_of_writing[] = {
    {"/o=mms/cn=recipients/cn=custom", CONFIGURED, VERDICT_MATCH, "a slash form is no spelling difference"},
    {"EX:/o=mms/cn=recipients/cn=custom", CONFIGURED, VERDICT_MATCH, "nor is its prefix"},
    {"o=mms/cn=recipients/cn=custom", CONFIGURED, VERDICT_MATCH, "nor a slash less"},
    {"/O=MMS/CN=RECIPIENTS/CN=CUSTOM", CONFIGURED, VERDICT_SPELLING, "capitals are"},
    {"/o=mms/cn=recipients/cn=a/b", "cn=M\\C3\\BCller,o=mms", VERDICT_MATCH, "what cannot be written so"},
    {"example.com/Sales/Partners", "OU=Partners,OU=Sales,DC=example,DC=com", VERDICT_MATCH,
     "a canonical name"},
    {"example.com/sales/Partners", "OU=Partners,OU=Sales,DC=example,DC=com", VERDICT_SPELLING,
     "in small letters"},
    {"<GUID=310de56c0f4e4a0bb1a47a3c5e0c2b11>", CONFIGURED, VERDICT_MATCH, "an extended DN has no spelling"},
};

static void another_form_is_no_other_spelling(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(ways_of_writing); i++) {
        struct judgement judgement;
        g_autoptr(observation_t) seen = observation_new(0);

        seen->dn_answer = DN_ENTRY;
        seen->found_dn = g_strdup(ways_of_writing[i].found);
        seen->found_identity = g_strdup(PINNED);
        judge_unpinned(seen, ways_of_writing[i].configured, &judgement);
        if (judgement.verdict != ways_of_writing[i].verdict)
            fail_msg("%s: %s", ways_of_writing[i].why, verdict_name(judgement.verdict));
        judgement_clear(&judgement);
    }
}

static const struct {
    const char *configured, *live, *first_missing, *remedy;
} renames_in_other_forms[] = {
    {"/o=mms/cn=recipients/cn=custom", ELSEWHERE, "cn=custom", "configure /o=mms/cn=recipients/cn=partners"},
    {"EX:/o=mms/cn=recipients/cn=custom", "cn=a/b,cn=recipients,o=mms", "cn=custom",
     "configure what leads to cn=a/b,cn=recipients,o=mms (the X.500 slash form cannot write cn=a/b: a slash "
     "inside "
     "a value)"},
};

static void the_value_to_put_back_is_in_the_form_of_the_consumer(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(renames_in_other_forms); i++) {
        struct pin pin = pin_of(PINNED);
        struct expectation expectation = {
            .configured = renames_in_other_forms[i].configured, .pin = &pin, .bound_as = "anonymous"};
        struct judgement judgement;
        g_autoptr(observation_t) seen = observation_new(0);

        answer_dn(seen, ABSENT);
        answer_id(seen, FOUND_ELSEWHERE);
        g_free(seen->pinned_dn);
        seen->pinned_dn = g_strdup(renames_in_other_forms[i].live);
        judge(&expectation, seen, &judgement);
        assert_int_equal(judgement.verdict, VERDICT_RENAMED);
        assert_string_equal(judgement.live, renames_in_other_forms[i].live); /* as LDAP DN */
        assert_string_equal(judgement.first_missing, renames_in_other_forms[i].first_missing);
        assert_string_equal(judgement.remedy, renames_in_other_forms[i].remedy);
        judgement_clear(&judgement);
    }
}

static void an_entry_known_by_its_canonical_name_is_followed_by_the_types_it_had(void **state)
{
    struct pin pin = {.identity = (char *)PINNED,
                      .dn = (char *)"OU=Partners,OU=Sales,DC=example,DC=com",
                      .parent_identity = (char *)PARENT};
    struct expectation expectation = {
        .configured = "example.com/Sales/Partners", .pin = &pin, .bound_as = "anonymous"};
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    seen->dn_answer = DN_ABSENT;
    seen->matched_dn = g_strdup("DC=example,DC=com");
    seen->id_answer = ID_FOUND;
    seen->pinned_dn = g_strdup("OU=Partners,OU=Trade,DC=example,DC=com");
    seen->path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
    g_ptr_array_add(seen->path, path_entry_new("OU=Trade,DC=example,DC=com", PARENT));
    judge(&expectation, seen, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_ANCESTOR_RENAMED);
    assert_string_equal(judgement.first_missing, "OU=Sales");
    assert_string_equal(judgement.remedy, "configure example.com/Trade/Partners");
    judgement_clear(&judgement);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_answers_about_a_pinned_entry),
        cmocka_unit_test(every_pair_of_answers_after_an_edit),
        cmocka_unit_test(every_answer_when_nothing_is_pinned),
        cmocka_unit_test(every_way_an_entry_can_leave_its_place),
        cmocka_unit_test(display_name_for_directory_name_is_diagnosed),
        cmocka_unit_test(lookalike_of_an_ancestor_is_put_into_the_whole_dn),
        cmocka_unit_test(one_of_several_lookalikes_is_no_live_value),
        cmocka_unit_test(where_the_old_entry_is_comes_before_what_looks_alike),
        cmocka_unit_test(hostile_names_come_out_clean),
        cmocka_unit_test(spelling_says_how_it_differs),
        cmocka_unit_test(another_form_is_no_other_spelling),
        cmocka_unit_test(the_value_to_put_back_is_in_the_form_of_the_consumer),
        cmocka_unit_test(an_entry_known_by_its_canonical_name_is_followed_by_the_types_it_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
