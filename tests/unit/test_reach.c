/* How directories are reached, as tables: what an observation says about the way to one, and whose fault an
 * outage is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reach.h"

#define S 1000

/* --- what an observation says */

static const struct {
    enum dn_answer dn_answer;
    bool is_directory_wide;
    enum reason reason;
    int code;
    bool is_answer, is_failing;
    const char *why;
} observations[] = {
    {DN_ENTRY, false, REASON_NONE, 0, true, false, "an entry"},
    {DN_ABSENT, false, REASON_NONE, 0, true, false, "no entry is an answer too"},
    {DN_REFUSED, false, REASON_ACL, 50, true, false, "so is no right"},
    {DN_ENTRY, false, REASON_CONNECT, -1, true, false, "the id question broke, the DN question was answered"},
    {DN_FAILED, false, REASON_SERVER, 1, true, false, "an LDAP error about one entry came from the server"},
    {DN_FAILED, false, REASON_REFERRAL, 10, true, false, "so did a referral"},
    {DN_FAILED, false, REASON_LIMIT, 0, false, false, "what could not be asked says nothing"},
    {DN_FAILED, false, REASON_SERVER, -12, false, false, "nor does an error of the library"},
    {DN_FAILED, false, REASON_CONNECT, -1, false, false, "nor a connection that broke at one question"},
    {DN_FAILED, false, REASON_TIMEOUT, 0, false, false, "nor a prober that was late at one"},
    {DN_FAILED, true, REASON_CONNECT, 111, false, true, "nobody there"},
    {DN_FAILED, true, REASON_BIND, 49, false, true, "nor is anybody let in"},
    {DN_FAILED, true, REASON_BUSY, 51, false, true, "nor is anybody served"},
};

static void observation_says_whether_the_directory_is_reached(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(observations); i++) {
        struct reach reach = {.boot_answered_ms = 5 * S};
        struct observation seen = {
            .dn_answer = observations[i].dn_answer,
            .failure = {PHASE_SEARCH, observations[i].reason, observations[i].code, NULL},
            .is_directory_wide = observations[i].is_directory_wide};
        bool is_answer = reach_hear(&reach, &seen, 60 * S, (struct now){70 * S, 0});
        if (is_answer != observations[i].is_answer || (reach.boot_answered_ms == 70 * S) != is_answer ||
            (reach.boot_failing_ms == 60 * S) != observations[i].is_failing)
            fail_msg("%s: %s, answered at %d, failing since %d", observations[i].why,
                     is_answer ? "an answer" : "no answer", (int)reach.boot_answered_ms,
                     (int)reach.boot_failing_ms);
    }
}

static void failing_since_the_first_failure_after_the_last_answer(void **state)
{
    static const struct observation down = {.dn_answer = DN_FAILED, .is_directory_wide = true};
    static const struct observation cut = {.dn_answer = DN_FAILED, .failure = {.reason = REASON_CONNECT}};
    static const struct observation found = {.dn_answer = DN_ENTRY};
    struct reach reach = {0};

    (void)state;
    reach_hear(&reach, &down, 60 * S, (struct now){70 * S, 0});
    reach_hear(&reach, &down, 120 * S, (struct now){130 * S, 0});
    reach_hear(&reach, &cut, 180 * S, (struct now){180 * S, 0});
    assert_int_equal(reach.boot_failing_ms, 60 * S);
    reach_hear(&reach, &found, 240 * S, (struct now){241 * S, 0});
    assert_int_equal(reach.boot_failing_ms, 0);
    reach_hear(&reach, &down, 240 * S, (struct now){250 * S, 0}); /* later in the same round */
    assert_int_equal(reach.boot_failing_ms, 241 * S);
    reach_absolve(&reach, (struct now){260 * S, 0});
    reach_hear(&reach, &down, 255 * S, (struct now){265 * S, 0}); /* asked before */
    assert_int_equal(reach.boot_failing_ms, 260 * S);
}

/* --- whose fault it is */

/* Seconds of answered, failing, due, busy. The first directory is the one that is due, at 220 s; it was asked
 * at 100 s and has failed since, as a rule. */
#define DUE                                                                                                  \
    {                                                                                                        \
        99 * S, 100 * S, 220 * S, 0                                                                          \
    }
#define FAILS                                                                                                \
    {                                                                                                        \
        98 * S, 101 * S, 0, 0                                                                                \
    }
#define UNASKED                                                                                              \
    {                                                                                                        \
        50 * S, 0, 0, 0                                                                                      \
    }
#define ANSWERED                                                                                             \
    {                                                                                                        \
        160 * S, 0, 0, 0                                                                                     \
    }

static const struct {
    const char *why;
    struct reach reaches[4];
    unsigned n;
    int now_s;
    enum reach_scope scope;
    int again_s;
} outages[] = {
    {"the only directory there is", {DUE}, 1, 220, REACH_OWN, 0},
    {"another fails too", {DUE, FAILS}, 2, 220, REACH_ALL, 0},
    {"two others do", {DUE, FAILS, FAILS}, 3, 220, REACH_ALL, 0},
    {"another has answered since", {DUE, ANSWERED}, 2, 220, REACH_OWN, 0},
    {"one has, among some that fail", {DUE, FAILS, ANSWERED, FAILS}, 4, 220, REACH_OWN, 0},
    {"one was not asked since: it has no say", {DUE, FAILS, UNASKED}, 3, 220, REACH_ALL, 0},
    {"nobody else was asked since", {DUE, UNASKED, UNASKED}, 3, 220, REACH_OWN, 0},
    {"never heard of anything: just started",
     {{0, 100 * S, 220 * S, 0}, {0, 100 * S, 0, 0}},
     2,
     220,
     REACH_ALL,
     0},
    {"the other has failed since long before an answer: by itself",
     {DUE, {10 * S, 20 * S, 0, 0}},
     2,
     220,
     REACH_OWN,
     0},
    {"it fails by itself, the third together with this one",
     {DUE, {10 * S, 20 * S, 0, 0}, FAILS},
     3,
     220,
     REACH_ALL,
     0},
    {"the other answered since this one failed, and now fails as well: two outages",
     {DUE, {160 * S, 170 * S, 0, 0}},
     2,
     220,
     REACH_OWN,
     0},
    {"it answered a moment after this one failed, and fails now: one outage",
     {DUE, {101 * S, 102 * S, 0, 0}},
     2,
     220,
     REACH_ALL,
     0},
    {"a third answered a moment after this one failed: its next answer is waited for",
     {DUE, FAILS, {101 * S, 0, 0, 0}},
     3,
     220,
     REACH_OPEN,
     225},
    {"for a few seconds", {DUE, FAILS, {101 * S, 0, 0, 0}}, 3, 225, REACH_OWN, 0},
    {"and not if this one would be alone anyhow", {DUE, {101 * S, 0, 0, 0}}, 2, 220, REACH_OWN, 0},
    {"another is asked just now", {DUE, {50 * S, 0, 0, 230 * S}}, 2, 220, REACH_OPEN, 230},
    {"and this round has reached its limit", {DUE, {50 * S, 0, 0, 230 * S}}, 2, 230, REACH_OWN, 0},
    {"the longest of several is waited for",
     {DUE, {50 * S, 0, 0, 230 * S}, {50 * S, 0, 0, 240 * S}},
     3,
     220,
     REACH_OPEN,
     240},
    {"but none for ever", {DUE, {50 * S, 0, 0, 900 * S}, FAILS}, 3, 220, REACH_OPEN, 250},
    {"then what is known must do", {DUE, {50 * S, 0, 0, 900 * S}, FAILS}, 3, 250, REACH_ALL, 0},
    {"nothing is waited for once an answer tells",
     {DUE, {50 * S, 0, 0, 230 * S}, ANSWERED},
     3,
     220,
     REACH_OWN,
     0},
    {"nor for one that fails already and is asked again",
     {DUE, {98 * S, 101 * S, 0, 230 * S}},
     2,
     220,
     REACH_ALL,
     0},
    {"the way there is open again, while it was waited",
     {{221 * S, 0, 220 * S, 0}, FAILS},
     2,
     222,
     REACH_OWN,
     0},
};

static void outage_is_told_as_what_it_is(void **state)
{
    static const char *const names[] = {"open", "own", "all"};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(outages); i++) {
        int64_t again_ms = 0;
        enum reach_scope scope = reach_decide(outages[i].reaches, outages[i].n, 0,
                                              (struct now){outages[i].now_s * S, 0}, &again_ms);
        if (scope != outages[i].scope || again_ms != outages[i].again_s * S)
            fail_msg("%s: decided %s, again at %d s", outages[i].why, names[scope], (int)(again_ms / S));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observation_says_whether_the_directory_is_reached),
        cmocka_unit_test(failing_since_the_first_failure_after_the_last_answer),
        cmocka_unit_test(outage_is_told_as_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
