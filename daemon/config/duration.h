/* A length of time as the configuration writes it: digits and one unit (ms s m h d), or 0. */
#ifndef DNDRIFT_CONFIG_DURATION_H
#define DNDRIFT_CONFIG_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* false if the text is none, or longer than a few centuries. */
bool duration_parse(const char *text, int64_t *ret_duration_ms);

/* The shortest exact form: 60000 is 1m, 1500 is 1500ms. g_free() it. */
char *duration_print(int64_t duration_ms);
#endif
