#include "directory/backoff.h"

static int64_t doubled(int64_t least_ms, int64_t most_ms, unsigned times)
{
    int64_t ceiling_ms = least_ms;

    while (times-- && ceiling_ms < most_ms)
        ceiling_ms *= 2;
    return ceiling_ms < most_ms ? ceiling_ms : most_ms;
}

/* A random place in floor..ceiling. */
static int64_t jittered(int64_t floor_ms, int64_t ceiling_ms, uint32_t random)
{
    return floor_ms + (int64_t)(((uint64_t)(ceiling_ms - floor_ms) * random) / UINT32_MAX);
}

struct backoff backoff_next(struct backoff backoff, enum backoff_kind kind, int64_t now_ms, uint32_t random)
{
    unsigned failures = backoff.failures < UINT16_MAX ? backoff.failures + 1 : backoff.failures;
    int64_t delay_ms;

    if (kind == BACKOFF_CREDENTIALS) {
        int64_t ceiling_ms = doubled(BACKOFF_CREDENTIALS_LEAST_MS, BACKOFF_CREDENTIALS_MOST_MS, failures);
        delay_ms = jittered(ceiling_ms / 2, ceiling_ms, random);
    } else {
        int64_t ceiling_ms = doubled(BACKOFF_LEAST_MS, BACKOFF_MOST_MS, failures);
        delay_ms = jittered(BACKOFF_LEAST_MS, ceiling_ms, random);
    }
    return (struct backoff){.until_ms = now_ms + delay_ms, .failures = failures};
}

bool backoff_is_over(struct backoff backoff, int64_t now_ms)
{
    return backoff.failures == 0 || now_ms >= backoff.until_ms;
}
