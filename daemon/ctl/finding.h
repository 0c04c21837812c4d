/* What a comparison means for a plugin: the status and the words of one watch. */
#ifndef DNDRIFT_CTL_FINDING_H
#define DNDRIFT_CTL_FINDING_H

#include "ctl/plugin.h"
#include "judge/state.h"

/* needs_pin: a right answer about an entry that nothing is pinned to is a warning. */
enum plugin_status finding_status(const struct watch_state *state, bool needs_pin);

/* "NAME VERDICT: what is so, and what to do about it"; g_free() it. */
char *finding_text(const struct watch_state *state);
#endif
