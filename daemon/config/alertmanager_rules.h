/* What must hold between the settings of [alertmanager]. */
#ifndef DNDRIFT_CONFIG_ALERTMANAGER_RULES_H
#define DNDRIFT_CONFIG_ALERTMANAGER_RULES_H

#include "config/config.h"
#include "config/document.h"
#include "config/problems.h"

/* As directory_rules_apply(). */
void alertmanager_rules_apply(struct alertmanager_config *config, const struct section *section,
                              bool looks_at_files, struct problems *problems);
#endif
