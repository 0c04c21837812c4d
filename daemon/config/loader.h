/* A document judged section by section into a configuration. Lives for one load. */
#ifndef DNDRIFT_CONFIG_LOADER_H
#define DNDRIFT_CONFIG_LOADER_H

#include "config/config.h"
#include "config/document.h"
#include "config/problems.h"

/* Fills config from the document; whatever is wrong goes to the problems, and config is then good for nothing
 * but config_free(). `looks_at_files`: also at the files that the configuration names, as whoever
 * compares must; then there has to be a watch. */
void loader_fill(struct config *config, const struct document *document, bool looks_at_files,
                 config_check_source *check_source, struct problems *problems);
#endif
