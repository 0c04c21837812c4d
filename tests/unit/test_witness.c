/* Which server is believed: vintages compared, and who may be behind whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/vintage.h"
#include "judge/witness.h"

#define A1 "20261125135500.000001Z#000000#001#000000"
#define A2 "20261125135500.000002Z#000000#001#000000"
#define B1 "20261125135501.000001Z#000000#002#000000"
#define B2 "20261125140000.000000Z#000000#002#000000"

static const struct {
    const char *a, *b;
    enum vintage_order order;
    const char *why;
} vintages[] = {
    {NULL, NULL, VINTAGE_UNKNOWN, "nothing is known"},
    {"contextCSN:" A1, NULL, VINTAGE_UNKNOWN, "one is not known"},
    {"contextCSN:" A1, "contextCSN:" A1, VINTAGE_SAME, "the same"},
    {"contextCSN:" A1, "contextCSN:" A2, VINTAGE_OLDER, "a later change of the same server"},
    {"contextCSN:" A2, "contextCSN:" A1, VINTAGE_NEWER, "the other way round"},
    {"contextCSN:" A1, "contextCSN:" A1 " " B1, VINTAGE_OLDER, "a server it has not heard of"},
    {"contextCSN:" A1 " " B1, "contextCSN:" B1 " " A1, VINTAGE_SAME, "order does not matter"},
    {"contextCSN:" A2 " " B1, "contextCSN:" A1 " " B2, VINTAGE_APART, "each has what the other lacks"},
    {"contextCSN:" A2 " " B2, "contextCSN:" A1 " " B2, VINTAGE_NEWER, "newer in one, the same in the other"},
    {"contextCSN:" A1, "contextCSN:" B1, VINTAGE_APART, "later, but of another server: no order"},
    {"contextCSN:", "contextCSN:" A1, VINTAGE_UNKNOWN, "empty"},
    {"contextCSN:nonsense", "contextCSN:" A1, VINTAGE_UNKNOWN, "no CSN"},
    {"contextCSN:" A1 " x#y", "contextCSN:" A1, VINTAGE_UNKNOWN, "half a CSN"},
    {"highestCommittedUSN:9@dc1", "highestCommittedUSN:10@dc1", VINTAGE_OLDER, "numbers, not texts"},
    {"highestCommittedUSN:10@dc1", "highestCommittedUSN:10@dc1", VINTAGE_SAME, "the same number"},
    {"highestCommittedUSN:11@dc1", "highestCommittedUSN:10@dc1", VINTAGE_NEWER, "a higher number"},
    {"highestCommittedUSN:11@dc1", "highestCommittedUSN:10@dc2", VINTAGE_UNKNOWN,
     "USNs count for one server"},
    {"highestCommittedUSN:@dc1", "highestCommittedUSN:1@dc1", VINTAGE_UNKNOWN, "no number"},
    {"highestCommittedUSN:1", "highestCommittedUSN:1", VINTAGE_UNKNOWN, "no server"},
    {"contextCSN:" A1, "highestCommittedUSN:1@dc1", VINTAGE_UNKNOWN, "two kinds"},
};

static void the_newer_of_two_vintages(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(vintages); i++)
        if (vintage_compare(vintages[i].a, vintages[i].b) != vintages[i].order)
            fail_msg("%s: %d instead of %d", vintages[i].why, vintage_compare(vintages[i].a, vintages[i].b),
                     vintages[i].order);
}

#define MINUTE_MS ((int64_t)60 * 1000)
#define OLD       "contextCSN:" A1
#define NEW       "contextCSN:" A2

enum alarm_state { QUIET, CONFIRMING, OPEN_RENAMED };

/* The witness is ldap://a with OLD, unless it says otherwise. */
static const struct {
    enum alarm_state alarm;
    enum verdict verdict;
    const char *server, *vintage, *witness_vintage;
    bool is_edited;
    enum trust at_once, in_the_end; /* the first time; after split_after */
    const char *why;
} cases[] = {
    {QUIET, VERDICT_RENAMED, "a", OLD, OLD, false, TRUST_FULL, TRUST_FULL, "the witness itself"},
    {QUIET, VERDICT_RENAMED, "b", NEW, OLD, false, TRUST_FULL, TRUST_FULL, "another, shown newer"},
    {QUIET, VERDICT_RENAMED, "b", OLD, OLD, false, TRUST_FULL, TRUST_FULL, "another, shown not older"},
    {QUIET, VERDICT_RENAMED, "b", OLD, NEW, false, TRUST_HELD, TRUST_BEHIND, "behind alone makes no drift"},
    {QUIET, VERDICT_RENAMED, "b", NULL, NULL, false, TRUST_HELD, TRUST_FULL,
     "may be behind, but not for ever"},
    {QUIET, VERDICT_MISSING, "b", OLD, NEW, true, TRUST_HELD, TRUST_BEHIND, "has not got the new value yet"},
    {QUIET, VERDICT_MATCH, "b", OLD, NEW, false, TRUST_FULL, TRUST_FULL, "a match that ends nothing"},
    {CONFIRMING, VERDICT_MATCH, "b", OLD, NEW, false, TRUST_HELD, TRUST_FULL,
     "would end a drift unconfirmed"},
    {OPEN_RENAMED, VERDICT_MATCH, "a", OLD, OLD, false, TRUST_FULL, TRUST_FULL, "who showed it may end it"},
    {OPEN_RENAMED, VERDICT_MATCH, "b", NEW, OLD, false, TRUST_FULL, TRUST_FULL, "so may a newer one"},
    {OPEN_RENAMED, VERDICT_MATCH, "b", OLD, NEW, false, TRUST_HELD, TRUST_FULL,
     "an older one for split_after"},
    {OPEN_RENAMED, VERDICT_SPELLING, "b", NULL, OLD, false, TRUST_HELD, TRUST_FULL, "so an unknown one"},
    {OPEN_RENAMED, VERDICT_MATCH, "b", NULL, OLD, true, TRUST_FULL, TRUST_FULL, "of a value that is new"},
    {OPEN_RENAMED, VERDICT_RENAMED, "b", OLD, NEW, false, TRUST_FULL, TRUST_FULL,
     "the same drift is no news"},
    {OPEN_RENAMED, VERDICT_MOVED, "b", OLD, NEW, false, TRUST_HELD, TRUST_BEHIND, "another drift is"},
};

static struct alarm alarm_of(enum alarm_state state)
{
    static const struct alarm alarms[] = {
        [QUIET] = {.verdict = VERDICT_MATCH},
        [CONFIRMING] = {.verdict = VERDICT_MATCH, .drift_count = 1},
        [OPEN_RENAMED] = {.verdict = VERDICT_RENAMED, .is_drift_open = true},
    };

    return alarms[state];
}

static void who_is_believed_when(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct judgement told = {.server = (char *)"a", .vintage = (char *)cases[i].witness_vintage};
        struct judgement judgement = {.verdict = cases[i].verdict,
                                      .server = (char *)cases[i].server,
                                      .vintage = (char *)cases[i].vintage};
        struct alarm alarm = alarm_of(cases[i].alarm);
        struct witness witness = {0};
        struct hearsay hearsay = {0};

        witness_note(&witness, &told);
        for (int64_t minute = 0; minute <= 6; minute++) {
            struct now now = {(1 + minute) * MINUTE_MS, 0};
            enum trust expected = minute < 5 ? cases[i].at_once : cases[i].in_the_end;
            if (witness_trust(&witness, &hearsay, &alarm, &judgement, cases[i].is_edited, 5 * MINUTE_MS,
                              now) != expected)
                fail_msg("%s, minute %d", cases[i].why, (int)minute);
        }
        witness_clear(&witness);
    }
}

static void what_changes_in_between_starts_anew(void **state)
{
    struct judgement match = {.verdict = VERDICT_MATCH, .server = (char *)"b"};
    struct judgement moved = {.verdict = VERDICT_MOVED, .server = (char *)"b"};
    struct judgement told = {.server = (char *)"a"};
    struct alarm alarm = alarm_of(OPEN_RENAMED);
    struct witness witness = {0};
    struct hearsay hearsay = {0};

    (void)state;
    witness_note(&witness, &told);
    for (int64_t minute = 1; minute < 60; minute++)
        assert_int_equal(witness_trust(&witness, &hearsay, &alarm, minute % 4 ? &match : &moved, false,
                                       5 * MINUTE_MS, (struct now){minute * MINUTE_MS, 0}),
                         TRUST_HELD);
    witness_clear(&witness);
}

static void nobody_has_told_yet(void **state)
{
    struct judgement renamed = {.verdict = VERDICT_RENAMED, .server = (char *)"b"};
    struct alarm alarm = alarm_of(QUIET);
    struct witness witness = {0};
    struct hearsay hearsay = {0};

    (void)state;
    assert_int_equal(
        witness_trust(&witness, &hearsay, &alarm, &renamed, false, MINUTE_MS, (struct now){1, 1}),
        TRUST_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newer_of_two_vintages),
        cmocka_unit_test(who_is_believed_when),
        cmocka_unit_test(what_changes_in_between_starts_anew),
        cmocka_unit_test(nobody_has_told_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
