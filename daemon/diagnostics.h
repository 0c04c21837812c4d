/* Lines for the operator on stderr, `<N>` before each as systemd reads it. What may repeat is said seldom.
 * Owned by main.c. */
#ifndef DNDRIFT_DIAGNOSTICS_H
#define DNDRIFT_DIAGNOSTICS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

#define DIAGNOSTICS_SELDOM_MS (5 * 60 * 1000)
#define DIAGNOSTICS_KEYS      4096 /* what is remembered of repeated ones; then all is forgotten */

struct diagnostics;

struct diagnostics *diagnostics_new(void);
void diagnostics_free(struct diagnostics *diagnostics);

/* The text may hold anything: it is escaped. */
void diagnostics_say(int severity, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Each problem (char *) of a configuration. */
void diagnostics_say_problems(const GPtrArray *problems);

/* At most once in DIAGNOSTICS_SELDOM_MS for each key. */
void diagnostics_say_seldom(struct diagnostics *diagnostics, int64_t boot_ms, const char *key, int severity,
                            const char *format, ...) G_GNUC_PRINTF(5, 6);
#endif
