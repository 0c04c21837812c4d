/* What must hold between the settings of one [silence] section. */
#ifndef DNDRIFT_CONFIG_SILENCE_RULES_H
#define DNDRIFT_CONFIG_SILENCE_RULES_H

#include "config/config.h"
#include "config/document.h"
#include "config/problems.h"

/* Patterns of names, separated by spaces, in which * stands for any characters and ? for one. */
extern const struct value_type value_patterns; /* char ** */

void silence_rules_apply(const struct silence_config *silence, const struct section *section,
                         struct problems *problems);
#endif
