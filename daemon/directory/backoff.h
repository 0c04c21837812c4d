/* How long a server is left alone after a failure: pure, a value that its owner replaces by the next one. The
 * zero value means "not in back-off". */
#ifndef DNDRIFT_DIRECTORY_BACKOFF_H
#define DNDRIFT_DIRECTORY_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_LEAST_MS             1000 /* never tighter, not even for a prober that was killed */
#define BACKOFF_MOST_MS              60000
#define BACKOFF_CREDENTIALS_LEAST_MS (5 * 60 * 1000)
#define BACKOFF_CREDENTIALS_MOST_MS  (60 * 60 * 1000)

enum backoff_kind {
    BACKOFF_SERVER,     /* it did not answer */
    BACKOFF_CREDENTIALS /* it refused the password: asking often would lock the account out */
};

struct backoff {
    int64_t until_ms; /* on the caller's monotonic clock */
    unsigned failures;
};

/* After one more failure. random: 32 random bits. The delay has full jitter between the least and a ceiling
 * that doubles with each failure; the one for credentials stays above half its ceiling. */
struct backoff backoff_next(struct backoff backoff, enum backoff_kind kind, int64_t now_ms, uint32_t random);

bool backoff_is_over(struct backoff backoff, int64_t now_ms);
#endif
