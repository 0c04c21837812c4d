/* The kinds of a dn_from, and the presets: where well-known consumers keep their DNs. */
#ifndef DNDRIFT_SOURCE_PRESET_H
#define DNDRIFT_SOURCE_PRESET_H

#include "source/source.h"

struct preset {
    const char *name;
    struct source model;   /* its texts are constant; file NULL: the first argument */
    const char *arguments; /* for people: "FILE SECTION KEY" */
    unsigned n_least, n_most;
    const char *about; /* whose file that is */
};

/* NULL: no such kind. */
const struct preset *preset_find(const char *name);

/* "ini, keyvalue, ..."; g_free() it. */
char *preset_list(void);
#endif
