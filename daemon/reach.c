#include "reach.h"

/* A server that refuses a question with an LDAP result code was reached. */
static bool is_refusal(const struct failure *failure)
{
    switch (failure->reason) {
    case REASON_REFERRAL:
    case REASON_BUSY:
    case REASON_LIMIT:
    case REASON_ACL:
    case REASON_SERVER:
        return failure->code > 0;
    default:
        return false;
    }
}

bool reach_hear(struct reach *reach, const struct observation *observation, int64_t boot_asked_ms,
                struct now now)
{
    bool is_failed = observation->dn_answer == DN_FAILED;

    if (is_failed && observation->is_directory_wide) {
        if (!reach->boot_failing_ms)
            reach->boot_failing_ms = MAX(boot_asked_ms, reach->boot_answered_ms);
        return false;
    }
    if (is_failed && !is_refusal(&observation->failure))
        return false;
    reach->boot_answered_ms = now.boot_ms;
    reach->boot_failing_ms = 0;
    return true;
}

void reach_absolve(struct reach *reach, struct now now)
{
    *reach = (struct reach){.boot_answered_ms = now.boot_ms};
}

static int64_t last_answer(const struct reach *reaches, unsigned n)
{
    int64_t boot_ms = 0;

    for (unsigned i = 0; i < n; i++)
        boot_ms = MAX(boot_ms, reaches[i].boot_answered_ms);
    return boot_ms;
}

bool reach_is_together(const struct reach *reaches, unsigned n, unsigned other)
{
    int64_t failing_ms = reaches[other].boot_failing_ms;

    return failing_ms && failing_ms + REACH_RAGGED_MS > last_answer(reaches, n);
}

static bool has_company(const struct reach *reaches, unsigned n, unsigned due)
{
    for (unsigned i = 0; i < n; i++)
        if (i != due && reach_is_together(reaches, n, i))
            return true;
    return false;
}

/* Whether it answered since the other began to fail. Within REACH_RAGGED_MS that may have been its last. */
static bool contradicts(const struct reach *reach, const struct reach *due)
{
    return !reach->boot_failing_ms && reach->boot_answered_ms >= due->boot_failing_ms;
}

/* How long it is worth waiting to hear of this one, which does not fail so far. */
static int64_t wait_for(const struct reach *reach, const struct reach *due, bool is_company)
{
    int64_t boot_ms = MIN(reach->boot_busy_ms, due->boot_due_ms + REACH_LONGEST_MS);

    if (is_company && contradicts(reach, due))
        boot_ms = MAX(boot_ms, due->boot_due_ms + REACH_GATHER_MS);
    return boot_ms;
}

enum reach_scope reach_decide(const struct reach *reaches, unsigned n, unsigned due, struct now now,
                              int64_t *ret_boot_ms)
{
    bool is_company = has_company(reaches, n, due), is_contradicted = false;
    int64_t wait_ms = 0;

    if (!reach_is_together(reaches, n, due))
        return REACH_OWN;
    for (unsigned i = 0; i < n; i++) {
        if (i == due || reaches[i].boot_failing_ms)
            continue;
        is_contradicted |= contradicts(&reaches[i], &reaches[due]);
        wait_ms = MAX(wait_ms, wait_for(&reaches[i], &reaches[due], is_company));
    }
    if (wait_ms > now.boot_ms) {
        *ret_boot_ms = wait_ms;
        return REACH_OPEN;
    }
    return is_company && !is_contradicted ? REACH_ALL : REACH_OWN;
}
