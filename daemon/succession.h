/* Which watch goes on under another name when a consumer has other DNs than before: one that has the same DN,
 * and the only one that left with the only one that came, for that one was edited. */
#ifndef DNDRIFT_SUCCESSION_H
#define DNDRIFT_SUCCESSION_H

#include "roster.h"

struct succession {
    char *from; /* a watch of the roster that is not in the configuration */
    char *to;   /* one of the same family in the configuration that is not in the roster */
};

/* All of them (struct succession), each name in one alone; g_ptr_array_unref() it. */
GPtrArray *succession_find(const struct roster *roster, const struct config *config);
#endif
