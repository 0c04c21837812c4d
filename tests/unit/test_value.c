/* Where a value of an attribute is compared: the whole decision table again, what the sentences say, and
 * whether a value begins with that of the entry above. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "dn/fold.h"
#include "judge/judge.h"

#define VALUE   "/o=mms/ou=charlotte/cn=recipients/cn=custom"
#define SHOUTED "/O=MMS/OU=CHARLOTTE/CN=RECIPIENTS/CN=CUSTOM"
#define EDITED  "/o=mms/ou=charlotte/cn=recipients/cn=partners"
#define ABOVE   "/o=mms/ou=charlotte/cn=recipients"
#define PINNED  "objectGUID:aaaaaaaa-0000-4000-8000-000000000001"
#define OTHER   "objectGUID:bbbbbbbb-0000-4000-8000-000000000002"
#define ENTRY   "CN=custom,CN=recipients,OU=charlotte,DC=mms"

/* Rows: who bears the value. */
enum bearer_row { FAILED, SAME, SAME_SHOUTED, OTHER_ENTRY, OTHER_KIND, BARE, NOBODY, EMPTY, REFUSED, N_ROWS };
static const char *const rows[N_ROWS] = {"failed",      "pinned entry", "pinned entry, other case",
                                         "other entry", "other kind",   "no identity",
                                         "nobody",      "empty",        "refused"};

/* Columns: what the pinned entry bears, with the ancestors' where it decides. */
enum id_column {
    NOT_ASKED,
    ANOTHER_VALUE,
    THE_VALUE,
    THE_VALUE_SHOUTED,
    NO_VALUE,
    HIDDEN_VALUE,
    GONE_ANCESTOR_FOUND,
    GONE_ANCESTOR_GONE,
    GONE_ANCESTOR_UNKNOWN,
    GONE_ANCESTOR_FAILED,
    ID_IS_REFUSED,
    ID_HAS_FAILED,
    N_COLUMNS
};
static const char *const columns[N_COLUMNS] = {"not asked",
                                               "another value",
                                               "the value",
                                               "the value in other case",
                                               "no value",
                                               "a hidden value",
                                               "gone, ancestor found",
                                               "gone, no ancestor",
                                               "gone, ancestors unknown",
                                               "gone, ancestors failed",
                                               "refused",
                                               "failed"};

#define M VERDICT_MATCH
#define S VERDICT_SPELLING
#define U VERDICT_UNREACHABLE
#define H VERDICT_HIDDEN
#define P VERDICT_REPLACED
#define N VERDICT_RENAMED
#define D VERDICT_DELETED
#define X VERDICT_MISSING

static const enum verdict pinned_table[N_ROWS][N_COLUMNS] = {
    /*               not asked, another, same, case, none, hidden, gone+found, +gone, +unknown, +failed,
       refused, failed */
    [FAILED] = {U, U, U, U, U, U, U, U, U, U, U, U},
    [SAME] = {M, M, M, M, M, M, M, M, M, M, M, M},
    [SAME_SHOUTED] = {S, S, S, S, S, S, S, S, S, S, S, S},
    [OTHER_ENTRY] = {P, P, P, P, P, P, P, P, P, P, P, U},
    [OTHER_KIND] = {H, H, H, H, H, H, H, H, H, H, H, H},
    [BARE] = {H, P, M, S, P, H, H, H, H, H, H, U},
    [NOBODY] = {U, N, M, S, N, H, D, H, H, U, H, U},
    [EMPTY] = {H, N, M, S, N, H, H, H, H, H, H, U},
    [REFUSED] = {H, N, M, S, N, H, H, H, H, H, H, U},
};

/* After an edit of the configured value: another bearer is deliberate, nobody is missing; only where the old
 * entry hides what it bears nothing can be told. */
static const enum verdict edited_table[N_ROWS][N_COLUMNS] = {
    [FAILED] = {U, U, U, U, U, U, U, U, U, U, U, U},
    [SAME] = {M, M, M, M, M, M, M, M, M, M, M, M},
    [SAME_SHOUTED] = {S, S, S, S, S, S, S, S, S, S, S, S},
    [OTHER_ENTRY] = {M, M, M, M, M, M, M, M, M, M, M, M},
    [OTHER_KIND] = {M, M, M, M, M, M, M, M, M, M, M, M},
    [BARE] = {H, P, M, S, P, H, H, H, H, H, H, U},
    [NOBODY] = {U, X, M, S, X, H, X, X, X, X, X, U},
    [EMPTY] = {H, H, M, S, H, H, H, H, H, H, H, U},
    [REFUSED] = {H, H, M, S, H, H, H, H, H, H, H, U},
};

/* Nothing pinned: the id question has nothing to add. */
static const enum verdict unpinned_table[N_ROWS] = {
    [FAILED] = U, [SAME] = M,   [SAME_SHOUTED] = S, [OTHER_ENTRY] = M, [OTHER_KIND] = M,
    [BARE] = M,   [NOBODY] = X, [EMPTY] = H,        [REFUSED] = H,
};

static void answer_who(struct observation *seen, enum bearer_row row)
{
    static const enum dn_answer answers[N_ROWS] = {
        [FAILED] = DN_FAILED,     [SAME] = DN_ENTRY,       [SAME_SHOUTED] = DN_ENTRY,
        [OTHER_ENTRY] = DN_ENTRY, [OTHER_KIND] = DN_ENTRY, [BARE] = DN_ENTRY_BARE,
        [NOBODY] = DN_NOBODY,     [EMPTY] = DN_EMPTY,      [REFUSED] = DN_REFUSED,
    };
    static const char *const identities[N_ROWS] = {
        [SAME] = PINNED,
        [SAME_SHOUTED] = PINNED,
        [OTHER_ENTRY] = OTHER,
        [OTHER_KIND] = "entryUUID:aaaaaaaa-0000-4000-8000-000000000001",
    };

    seen->dn_answer = answers[row];
    seen->found_identity = g_strdup(identities[row]);
    if (seen->dn_answer == DN_ENTRY || seen->dn_answer == DN_ENTRY_BARE) {
        seen->found_dn = g_strdup(row == SAME_SHOUTED ? SHOUTED : VALUE);
        seen->entry_dn = g_strdup(ENTRY);
    }
}

static void answer_id(struct observation *seen, enum id_column column)
{
    static const struct {
        enum id_answer id;
        enum ancestor_answer ancestor;
        const char *value;
    } answers[N_COLUMNS] = {
        [NOT_ASKED] = {ID_NOT_ASKED, ANCESTOR_NOT_ASKED, NULL},
        [ANOTHER_VALUE] = {ID_FOUND, ANCESTOR_NOT_ASKED, EDITED},
        [THE_VALUE] = {ID_FOUND, ANCESTOR_NOT_ASKED, VALUE},
        [THE_VALUE_SHOUTED] = {ID_FOUND, ANCESTOR_NOT_ASKED, SHOUTED},
        [NO_VALUE] = {ID_VALUELESS, ANCESTOR_NOT_ASKED, NULL},
        [HIDDEN_VALUE] = {ID_VALUE_HIDDEN, ANCESTOR_NOT_ASKED, NULL},
        [GONE_ANCESTOR_FOUND] = {ID_GONE, ANCESTOR_FOUND, NULL},
        [GONE_ANCESTOR_GONE] = {ID_GONE, ANCESTOR_GONE, NULL},
        [GONE_ANCESTOR_UNKNOWN] = {ID_GONE, ANCESTOR_NOT_ASKED, NULL},
        [GONE_ANCESTOR_FAILED] = {ID_GONE, ANCESTOR_FAILED, NULL},
        [ID_IS_REFUSED] = {ID_REFUSED, ANCESTOR_NOT_ASKED, NULL},
        [ID_HAS_FAILED] = {ID_FAILED, ANCESTOR_NOT_ASKED, NULL},
    };

    seen->id_answer = answers[column].id;
    seen->ancestor_answer = answers[column].ancestor;
    seen->pinned_dn = g_strdup(answers[column].value);
    if (!seen->entry_dn && (seen->pinned_dn || column == NO_VALUE || column == HIDDEN_VALUE))
        seen->entry_dn = g_strdup(ENTRY);
}

static struct expectation expectation_of(const struct pin *pin, bool is_edited)
{
    return (struct expectation){.configured = VALUE,
                                .pin = pin,
                                .is_edited = is_edited,
                                .bound_as = "anonymous",
                                .attribute = "legacyExchangeDN"};
}

static enum verdict verdict_of(enum bearer_row row, enum id_column column, const char *identity,
                               bool is_edited)
{
    struct pin pin = {.identity = (char *)identity, .dn = (char *)(identity ? ENTRY : NULL)};
    struct expectation expectation = expectation_of(&pin, is_edited);
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    answer_who(seen, row);
    answer_id(seen, column);
    judge(&expectation, seen, &judgement);
    enum verdict verdict = judgement.verdict;
    if (!judgement.sentence != (verdict == VERDICT_MATCH)) /* all but a match need one */
        fail_msg("%s sentence for %s, %s", judgement.sentence ? "a" : "no", rows[row], columns[column]);
    assert_null(judgement.first_missing);
    if (verdict_class(verdict) == CLASS_OK)
        assert_true(fold_equal(judgement.live, VALUE));
    judgement_clear(&judgement);
    return verdict;
}

static void check_table(const enum verdict table[N_ROWS][N_COLUMNS], bool is_edited)
{
    for (enum bearer_row row = 0; row < N_ROWS; row++)
        for (enum id_column column = 0; column < N_COLUMNS; column++) {
            enum verdict is = verdict_of(row, column, PINNED, is_edited);
            if (is != table[row][column])
                fail_msg("bearer %s, the pinned entry bears %s: %s instead of %s", rows[row], columns[column],
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
    for (enum bearer_row row = 0; row < N_ROWS; row++)
        for (enum id_column column = 0; column < N_COLUMNS; column++)
            if (column != THE_VALUE && column != THE_VALUE_SHOUTED) /* of nothing that is pinned */
                assert_string_equal(verdict_name(verdict_of(row, column, NULL, false)),
                                    verdict_name(unpinned_table[row]));
}

/* --- what it says */

struct saying {
    enum bearer_row row;
    enum id_column column;
    bool is_pinned, is_edited;
    const char *find, *lookalike;
    bool is_unique;
    const char *entry_dn; /* where neither question led to one */
    const char *live, *pinned_live, *sentence, *remedy;
};

static const struct saying sayings[] = {
    {SAME_SHOUTED, NOT_ASKED, true, false, NULL, NULL, false, NULL, SHOUTED, NULL,
     "the entry is the right one, and the directory spells its legacyExchangeDN " SHOUTED,
     "configure " SHOUTED},
    {NOBODY, ANOTHER_VALUE, true, false, NULL, NULL, false, NULL, EDITED, NULL,
     VALUE " is no longer the legacyExchangeDN of " ENTRY ", which has " EDITED " now", "configure " EDITED},
    {NOBODY, NO_VALUE, true, false, NULL, NULL, false, NULL, NULL, NULL,
     VALUE " is no longer the legacyExchangeDN of " ENTRY ", which has none, as far as anonymous may read",
     "give the entry its legacyExchangeDN back or take it out of the consumer before its next run"},
    {NOBODY, HIDDEN_VALUE, true, false, NULL, NULL, false, NULL, NULL, NULL,
     ENTRY " is there, but shows no legacyExchangeDN to anonymous: it has none, or may not be read",
     "let anonymous read legacyExchangeDN and the identity of the entry, and search by both from the naming "
     "context"},
    {OTHER_ENTRY, ANOTHER_VALUE, true, false, NULL, NULL, false, NULL, EDITED, EDITED,
     VALUE " is the legacyExchangeDN of another entry now, " ENTRY " (" OTHER
           "), and the one that had it has " EDITED,
     "configure " EDITED " or, if the new entry is meant, set identity = " OTHER
     " in the watch (or dndriftctl adopt)"},
    {OTHER_ENTRY, NO_VALUE, true, false, NULL, NULL, false, NULL, VALUE, NULL,
     VALUE " is the legacyExchangeDN of another entry now, " ENTRY " (" OTHER
           "), and the one that had it has none",
     "if it is meant, set identity = " OTHER " in the watch (or dndriftctl adopt)"},
    {OTHER_ENTRY, GONE_ANCESTOR_FOUND, true, false, NULL, NULL, false, NULL, VALUE, NULL,
     VALUE " is the legacyExchangeDN of another entry now, " ENTRY " (" OTHER
           "), and the one that had it is gone",
     "if it is meant, set identity = " OTHER " in the watch (or dndriftctl adopt)"},
    {NOBODY, GONE_ANCESTOR_FOUND, true, false, NULL, NULL, false, NULL, NULL, NULL,
     VALUE " is no longer visible to anonymous: deleted, or moved where it may not read",
     "restore the container or take it out of the consumer before its next run"},
    {NOBODY, ANOTHER_VALUE, true, true, NULL, NULL, false, NULL, EDITED, EDITED,
     "no entry that anonymous can see has the legacyExchangeDN " VALUE
     ", the entry configured before has " EDITED,
     "configure " EDITED},
    {NOBODY, NOT_ASKED, false, false, NULL, NULL, false, NULL, NULL, NULL,
     "no entry that anonymous can see has the legacyExchangeDN " VALUE,
     "correct the configured value or give the entry its legacyExchangeDN"},
    {NOBODY, NOT_ASKED, false, false, "(cn=custom)", EDITED, true, ENTRY, EDITED, NULL,
     "no entry that anonymous can see has the legacyExchangeDN " VALUE ", but " ENTRY
     ", which find leads to, has " EDITED,
     "configure " EDITED},
    {NOBODY, NOT_ASKED, false, false, "(cn=custom)", EDITED, false, ENTRY, NULL, NULL,
     "no entry that anonymous can see has the legacyExchangeDN " VALUE
     ", and find leads to more than one entry",
     "correct the configured value or give the entry its legacyExchangeDN"},
    {NOBODY, NOT_ASKED, false, false, "(cn=custom)", NULL, false, ENTRY, NULL, NULL,
     "no entry that anonymous can see has the legacyExchangeDN " VALUE ", and " ENTRY
     ", which find leads to, has none, as far as anonymous may read",
     "correct the configured value or give the entry its legacyExchangeDN"},
    {NOBODY, NOT_ASKED, false, false, "(cn=custom)", NULL, false, NULL, NULL, NULL,
     "no entry that anonymous can see has the legacyExchangeDN " VALUE ", and find leads to no entry",
     "correct the configured value or give the entry its legacyExchangeDN"},
    {REFUSED, NOT_ASKED, false, false, "(cn=custom)", NULL, false, ENTRY, NULL, NULL,
     ENTRY " is there, but shows no legacyExchangeDN to anonymous: it has none, or may not be read",
     "let anonymous read legacyExchangeDN and the identity of the entry, and search by both from the naming "
     "context"},
    {NOBODY, ID_IS_REFUSED, true, false, NULL, NULL, false, NULL, NULL, NULL,
     "no entry that anonymous can see has the legacyExchangeDN " VALUE
     ", and the one that had it cannot be looked up",
     "let anonymous read legacyExchangeDN and the identity of the entry, and search by both from the naming "
     "context"},
    {REFUSED, NOT_ASKED, false, false, NULL, NULL, false, NULL, NULL, NULL,
     "the legacyExchangeDN " VALUE " may be hidden from anonymous",
     "let anonymous read legacyExchangeDN and the identity of the entry, and search by both from the naming "
     "context"},
};

static void assert_text(const char *is, const char *expected)
{
    if (g_strcmp0(is, expected) != 0)
        fail_msg("\n  %s\ninstead of\n  %s", is, expected);
}

static void every_sentence_names_the_attribute_the_entry_and_what_to_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(sayings); i++) {
        const struct saying *saying = &sayings[i];
        struct pin pin = {.identity = (char *)(saying->is_pinned ? PINNED : NULL), .dn = (char *)ENTRY};
        struct expectation expectation = expectation_of(&pin, saying->is_edited);
        struct judgement judgement;
        g_autoptr(observation_t) seen = observation_new(0);

        expectation.find = saying->find;
        answer_who(seen, saying->row);
        answer_id(seen, saying->column);
        if (!seen->entry_dn)
            seen->entry_dn = g_strdup(saying->entry_dn);
        if (saying->lookalike)
            seen->lookalike = (struct lookalike){g_strdup(saying->lookalike), g_strdup("legacyExchangeDN"),
                                                 saying->is_unique};
        judge(&expectation, seen, &judgement);
        assert_text(judgement.live, saying->live);
        assert_text(judgement.pinned_live, saying->pinned_live);
        assert_text(judgement.sentence, saying->sentence);
        assert_text(judgement.remedy, saying->remedy);
        judgement_clear(&judgement);
    }
}

static void hostile_values_stay_as_they_are_and_are_no_dns(void **state)
{
    struct pin pin = {.identity = (char *)PINNED, .dn = (char *)ENTRY};
    struct expectation expectation = expectation_of(&pin, false);
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    answer_who(seen, NOBODY);
    answer_id(seen, ANOTHER_VALUE);
    g_free(seen->pinned_dn);
    seen->pinned_dn = g_strdup("CN=a\\, \xff\x1b[2J\n; live='x',DC=mms");
    judge(&expectation, seen, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_RENAMED);
    assert_text(judgement.live, seen->pinned_dn);
    assert_non_null(strstr(judgement.sentence, seen->pinned_dn));
    judgement_clear(&judgement);
}

/* --- the value of the entry above */

struct heir {
    const char *value, *above, *known_above;
    bool is_read;
    enum verdict verdict;
    const char *why;
};

static const struct heir heirs[] = {
    {VALUE, ABOVE, NULL, true, VERDICT_MATCH, "it begins with it"},
    {VALUE, "/O=MMS/ou=Charlotte", NULL, true, VERDICT_MATCH, "case does not matter"},
    {VALUE, "/o=mms/ou=char", NULL, true, VERDICT_SPELLING, "only as text, not as a path"},
    {VALUE, "/o=mms/ou=raleigh/cn=recipients", NULL, true, VERDICT_SPELLING, "another site"},
    {VALUE, VALUE, NULL, true, VERDICT_SPELLING, "the very same"},
    {VALUE, VALUE "/cn=more", NULL, true, VERDICT_SPELLING, "longer than it"},
    {VALUE, NULL, NULL, true, VERDICT_MATCH, "nobody above has one"},
    {VALUE, "Recipients of Charlotte", NULL, true, VERDICT_MATCH, "no path"},
    {VALUE, NULL, "/o=other", false, VERDICT_SPELLING, "not read now, but known"},
    {VALUE, NULL, ABOVE, false, VERDICT_MATCH, "not read now, but known"},
    {VALUE, NULL, "/o=other", true, VERDICT_MATCH, "it has none any more"},
    {VALUE, ABOVE, "/o=other", true, VERDICT_MATCH, "it was mended"},
    {VALUE, NULL, NULL, false, VERDICT_MATCH, "never read"},
};

static void a_value_that_does_not_begin_with_that_of_its_parent_is_noted(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(heirs); i++) {
        struct pin pin = {.identity = (char *)PINNED, .dn = (char *)ENTRY};
        struct expectation expectation = expectation_of(&pin, false);
        struct judgement judgement;
        g_autoptr(observation_t) seen = observation_new(0);

        expectation.parent_value = heirs[i].known_above;
        answer_who(seen, SAME);
        seen->is_parent_read = heirs[i].is_read;
        seen->parent_value = g_strdup(heirs[i].above);
        judge(&expectation, seen, &judgement);
        if (judgement.verdict != heirs[i].verdict)
            fail_msg("%s: %s", heirs[i].why, verdict_name(judgement.verdict));
        assert_int_equal(judgement.pin_action, PIN_REFRESH);
        assert_text(judgement.live, VALUE);
        judgement_clear(&judgement);
    }
}

static void what_is_above_is_told_beside_the_spelling_and_changes_no_drift(void **state)
{
    struct pin pin = {.identity = (char *)PINNED, .dn = (char *)ENTRY};
    struct expectation expectation = expectation_of(&pin, false);
    static const struct {
        enum bearer_row row;
        enum id_column column;
        enum verdict verdict;
        const char *sentence;
    } cases[] = {
        {SAME, NOT_ASKED, VERDICT_SPELLING,
         "the value is right, but it does not begin with that of its parent, /o=other"},
        {SAME_SHOUTED, NOT_ASKED, VERDICT_SPELLING,
         "the entry is the right one, and the directory spells its legacyExchangeDN " SHOUTED
         ", which does not begin with that of its parent, /o=other"},
        {NOBODY, ANOTHER_VALUE, VERDICT_RENAMED,
         VALUE " is no longer the legacyExchangeDN of " ENTRY ", which has " EDITED " now"},
    };

    (void)state;
    expectation.parent_value = "/o=other";
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct judgement judgement;
        g_autoptr(observation_t) seen = observation_new(0);

        answer_who(seen, cases[i].row);
        answer_id(seen, cases[i].column);
        judge(&expectation, seen, &judgement);
        assert_int_equal(judgement.verdict, cases[i].verdict);
        assert_text(judgement.sentence, cases[i].sentence);
        judgement_clear(&judgement);
    }
}

static void a_dn_has_no_parent_to_begin_with(void **state)
{
    struct pin pin = {0};
    struct expectation expectation = {.configured = "/o=mms", .pin = &pin, .parent_value = "/o=other"};
    struct judgement judgement;
    g_autoptr(observation_t) seen = observation_new(0);

    (void)state;
    seen->dn_answer = DN_ENTRY;
    seen->found_dn = g_strdup("/o=mms");
    seen->found_identity = g_strdup(PINNED);
    judge(&expectation, seen, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_MATCH);
    judgement_clear(&judgement);
}

/* --- case */

static void case_is_all_that_is_overlooked(void **state)
{
    static const struct {
        const char *a, *b;
        bool is_equal;
    } cases[] = {
        {"/o=MMS", "/O=mms", true},
        {"Stra\xc3\x9f"
         "e",
         "STRASSE", true},
        {"\xc3\x84", "\xc3\xa4", true},
        {"\xff"
         "A",
         "\xff"
         "a",
         true},
        {"\xff", "\xfe", false},
        {"a b", "a  b", false},
        {"a", "a ", false},
        {"a\x01", "a", false},
        {"", "", true},
        {"a", "b", false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (fold_equal(cases[i].a, cases[i].b) != cases[i].is_equal)
            fail_msg("case %zu", i);
    assert_int_equal(fold_common("/o=MMS/x", "/O=mms/y"), 7);
    assert_int_equal(fold_common("", "x"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_answers_about_a_pinned_entry),
        cmocka_unit_test(every_pair_of_answers_after_an_edit),
        cmocka_unit_test(every_answer_when_nothing_is_pinned),
        cmocka_unit_test(every_sentence_names_the_attribute_the_entry_and_what_to_do),
        cmocka_unit_test(hostile_values_stay_as_they_are_and_are_no_dns),
        cmocka_unit_test(a_value_that_does_not_begin_with_that_of_its_parent_is_noted),
        cmocka_unit_test(what_is_above_is_told_beside_the_spelling_and_changes_no_drift),
        cmocka_unit_test(a_dn_has_no_parent_to_begin_with),
        cmocka_unit_test(case_is_all_that_is_overlooked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
