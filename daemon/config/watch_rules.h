/* What depends on other settings in a watch: defaults worked out from them, and what must hold between them.
 */
#ifndef DNDRIFT_CONFIG_WATCH_RULES_H
#define DNDRIFT_CONFIG_WATCH_RULES_H

#include "config/config.h"
#include "config/document.h"
#include "config/problems.h"

/* Fills the fields that the file leaves open; interval_ms is that of [daemon]. */
void watch_rules_apply(struct watch_config *watch, const struct section *section, int64_t interval_ms,
                       struct problems *problems);
#endif
