/* What must hold between the settings of one [directory] section. */
#ifndef DNDRIFT_CONFIG_DIRECTORY_RULES_H
#define DNDRIFT_CONFIG_DIRECTORY_RULES_H

#include "config/config.h"
#include "config/document.h"
#include "config/problems.h"

/* `directory` holds what could be read of the section; fields of settings with problems are unset. With
 * `looks_at_files`, makes the paths of the secrets absolute and looks at the files that the section names. */
void directory_rules_apply(struct directory_config *directory, const struct section *section,
                           bool looks_at_files, struct problems *problems);
#endif
