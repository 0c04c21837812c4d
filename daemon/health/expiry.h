/* How soon the certificate of a server expires, and the sentence about it. Pure. */
#ifndef DNDRIFT_HEALTH_EXPIRY_H
#define DNDRIFT_HEALTH_EXPIRY_H

#include <stdbool.h>
#include <stdint.h>

/* Whether that is less than warning_ms away, or past. Never of a certificate that is not known
 * (wall_expires_s 0), nor if warning_ms is 0. */
bool expiry_is_near(int64_t wall_expires_s, int64_t warning_ms, int64_t wall_ms);

/* "the certificate of ldaps://dc1:636 expires in 6 days, on 2026-11-29T21:30:23Z"; g_free() it. */
char *expiry_sentence(const char *server, int64_t wall_expires_s, int64_t wall_ms);
#endif
