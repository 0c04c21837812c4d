#include "health/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define STALE_MS 600000

static const struct now now = {.boot_ms = 10000000, .wall_ms = 1795469423000};

static struct watch_state *state_in(enum verdict verdict)
{
    struct watch_state *state = watch_state_new("custom");

    state->stale_after_ms = STALE_MS;
    state->boot_known_ms = state->boot_last_compared_ms = now.boot_ms;
    state->wall_last_compared_ms = now.wall_ms;
    state->alarm.verdict = state->alarm.observed = verdict;
    return state;
}

static enum status status_in(const struct watch_state *state)
{
    const char *why = "untouched";
    enum status status = status_of_watch(state, now, &why);

    assert_true((status == STATUS_PASS) == (why == NULL));
    return status;
}

/* What each verdict alone means, fresh and not strict. */
static enum status expected_of(enum verdict verdict)
{
    switch (verdict_class(verdict)) {
    case CLASS_DRIFT:
    case CLASS_CONFIGURATION:
        return STATUS_FAIL;
    case CLASS_UNVERIFIABLE:
        return STATUS_WARN;
    default:
        return STATUS_PASS;
    }
}

static void change_nothing(struct watch_state *state)
{
    (void)state;
}

static void open_drift(struct watch_state *state)
{
    state->alarm.is_drift_open = true;
}

static void open_invalid(struct watch_state *state)
{
    state->alarm.is_invalid_open = true;
}

static void make_stale(struct watch_state *state)
{
    state->boot_known_ms = state->boot_last_compared_ms = now.boot_ms - STALE_MS - 1;
}

static void make_just_fresh(struct watch_state *state)
{
    state->boot_known_ms = state->boot_last_compared_ms = now.boot_ms - STALE_MS;
}

static void open_unverifiable(struct watch_state *state)
{
    state->alarm.is_unverifiable_open = true;
}

static void observe_unreachable(struct watch_state *state)
{
    state->alarm.observed = VERDICT_UNREACHABLE;
}

static void make_strict(struct watch_state *state)
{
    state->is_strict = true;
}

static void refuse_lookup_when_pinned(struct watch_state *state)
{
    state->pin.is_lookup_refused = true;
}

static void refuse_lookup_now(struct watch_state *state)
{
    state->shown.is_lookup_refused = true;
}

static void hide_identity(struct watch_state *state)
{
    state->shown.is_identity_unreadable = true;
}

static const struct condition {
    const char *name;
    void (*make)(struct watch_state *state);
    enum status at_least; /* whatever the verdict is */
} conditions[] = {
    {"nothing else", change_nothing, STATUS_PASS},
    {"a drift is open, whatever was seen since", open_drift, STATUS_FAIL},
    {"INVALID is open", open_invalid, STATUS_FAIL},
    {"nothing conclusive for longer than stale_after", make_stale, STATUS_FAIL},
    {"nothing conclusive for just stale_after", make_just_fresh, STATUS_PASS},
    {"UNVERIFIABLE is open", open_unverifiable, STATUS_WARN},
    {"the id question was refused when it was pinned", refuse_lookup_when_pinned, STATUS_WARN},
    {"the id question is refused", refuse_lookup_now, STATUS_WARN},
    {"its identity cannot be read", hide_identity, STATUS_WARN},
};

static void every_verdict_under_every_condition_has_its_status(void **unused)
{
    unsigned n_cells = 0;

    (void)unused;
    for (unsigned verdict = VERDICT_NONE; verdict < VERDICT_COUNT; verdict++)
        for (size_t i = 0; i < G_N_ELEMENTS(conditions); i++, n_cells++) {
            struct watch_state *state = state_in(verdict);
            enum status expected = MAX(expected_of(verdict), conditions[i].at_least);

            conditions[i].make(state);
            if (status_in(state) != expected)
                fail_msg("%s, %s: %s, not %s", verdict ? verdict_name(verdict) : "not judged",
                         conditions[i].name, status_name(status_in(state)), status_name(expected));
            watch_state_free(state);
        }
    print_message("%u combinations\n", n_cells);
}

static void strict_makes_spelling_warn_and_nothing_else(void **unused)
{
    (void)unused;
    for (unsigned verdict = VERDICT_NONE; verdict < VERDICT_COUNT; verdict++) {
        struct watch_state *state = state_in(verdict);

        make_strict(state);
        assert_int_equal(status_in(state), verdict == VERDICT_SPELLING ? STATUS_WARN : expected_of(verdict));
        watch_state_free(state);
    }
}

static void one_failed_question_does_not_change_a_confirmed_state(void **unused)
{
    (void)unused;
    for (unsigned verdict = VERDICT_NONE + 1; verdict < VERDICT_COUNT; verdict++) {
        struct watch_state *state = state_in(verdict);

        observe_unreachable(state);
        assert_int_equal(status_in(state), expected_of(verdict));
        watch_state_free(state);
    }
}

static void a_watch_not_judged_yet_warns_once_a_question_failed(void **unused)
{
    struct watch_state *state = state_in(VERDICT_NONE);

    (void)unused;
    observe_unreachable(state);
    assert_int_equal(status_in(state), STATUS_WARN);
    watch_state_free(state);
}

static void a_watch_that_was_never_compared_says_so_when_stale(void **unused)
{
    struct watch_state *state = state_in(VERDICT_NONE);
    const char *why;

    (void)unused;
    make_stale(state);
    state->wall_last_compared_ms = 0;
    assert_int_equal(status_of_watch(state, now, &why), STATUS_FAIL);
    assert_string_equal(why, "never compared");
    watch_state_free(state);
}

static void alerts_older_than_a_minute_and_a_failing_store_warn(void **unused)
{
    static const struct {
        struct outlet_view outlet;
        struct daemon_view daemon;
        enum status outbox, store;
    } cases[] = {
        {{.oldest_ms = 0}, {0}, STATUS_PASS, STATUS_PASS},
        {{.oldest_ms = 60000, .depth = 900}, {0}, STATUS_PASS, STATUS_PASS},
        {{.oldest_ms = 60001}, {0}, STATUS_WARN, STATUS_PASS},
        {{0}, {.is_store_failing = true}, STATUS_PASS, STATUS_WARN},
        {{0}, {.store_errors_total = 5}, STATUS_PASS, STATUS_PASS},
    };
    const char *why;

    (void)unused;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_int_equal(status_of_outlet(&cases[i].outlet, &why), cases[i].outbox);
        assert_int_equal(status_of_store(&cases[i].daemon, &why), cases[i].store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verdict_under_every_condition_has_its_status),
        cmocka_unit_test(strict_makes_spelling_warn_and_nothing_else),
        cmocka_unit_test(one_failed_question_does_not_change_a_confirmed_state),
        cmocka_unit_test(a_watch_not_judged_yet_warns_once_a_question_failed),
        cmocka_unit_test(a_watch_that_was_never_compared_says_so_when_stale),
        cmocka_unit_test(alerts_older_than_a_minute_and_a_failing_store_warn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
