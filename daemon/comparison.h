/* One comparison without the daemon: every watch is asked about and judged as the engine does it, a drift is
 * looked at again before it counts, and nothing of it is kept. Owned by whoever wants to know. */
#ifndef DNDRIFT_COMPARISON_H
#define DNDRIFT_COMPARISON_H

#include "config/config.h"
#include "judge/state.h"

/* There is no later at which replicas may agree again (split_after), and nobody waits for as long as the
 * daemon may take. */
#define COMPARISON_MAX_LOOKS    3     /* `confirm` in a watch may say more */
#define COMPARISON_MAX_PAUSE_MS 5000  /* between two looks, whatever confirm_interval says */
#define COMPARISON_MAX_ROUND_MS 60000 /* of one look, or twice `timeout` if that is longer */

struct comparison;

/* only: one watch of the configuration, or all that a dn_from of this name makes; NULL: all there are. pins:
 * array of struct watch_state, what is known of watches by name, their configured value and pin; it is taken.
 * Reads what the consumers tell. NULL and a sentence if there is no such watch, or no prober. */
struct comparison *comparison_new(struct config *config, const char *only, GPtrArray *pins, GError **error);
void comparison_free(struct comparison *comparison);

/* Asks, and returns when each watch has its verdict. */
void comparison_run(struct comparison *comparison);

/* The watches asked about, in the order of the configuration. A state has a pin only if it had one before:
 * what this comparison found first is nobody's pin. */
unsigned comparison_n(const struct comparison *comparison);
const struct watch_state *comparison_at(const struct comparison *comparison, unsigned index);

typedef struct comparison comparison_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(comparison_t, comparison_free)
#endif
