/* The time of an attribute value: GeneralizedTime (RFC 4517 3.3.13), as modifyTimestamp and whenChanged are.
 */
#ifndef DNDRIFT_PROBER_GENERALIZED_TIME_H
#define DNDRIFT_PROBER_GENERALIZED_TIME_H

#include <stdint.h>

/* Milliseconds since 1970. 0: it is none, it is none after 1970, or text is NULL. */
int64_t generalized_time_parse(const char *text);
#endif
