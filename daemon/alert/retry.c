#include "alert/retry.h"

static int64_t retry_next(int64_t wait_ms, int64_t min_ms, int64_t max_ms)
{
    if (wait_ms == 0)
        return min_ms;
    return wait_ms * 2 < max_ms ? wait_ms * 2 : max_ms;
}

int64_t retry_step(struct retry *retry, enum delivery delivery)
{
    if (delivery != retry->last)
        retry->wait_ms = 0;
    retry->last = delivery;
    if (delivery == DELIVERY_FULL)
        retry->wait_ms = retry_next(retry->wait_ms, RETRY_FULL_MIN_MS, RETRY_FULL_MAX_MS);
    else if (delivery == DELIVERY_ABSENT)
        retry->wait_ms = retry_next(retry->wait_ms, RETRY_ABSENT_MIN_MS, RETRY_ABSENT_MAX_MS);
    return retry->wait_ms;
}
