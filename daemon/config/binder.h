/* Fills a struct from one section of the file, by the table of settings. */
#ifndef DNDRIFT_CONFIG_BINDER_H
#define DNDRIFT_CONFIG_BINDER_H

#include "config/document.h"
#include "config/problems.h"
#include "config/settings.h"

/* target: the struct config, directory_config or watch_config that the section kind's rows point into. What
 * is not given gets its default; what cannot be read stays as it is and is a problem. */
void binder_fill(void *target, enum section_kind kind, const struct section *section,
                 struct problems *problems);

/* A section that the file leaves out. */
void binder_fill_defaults(void *target, enum section_kind kind);
#endif
