/* The name somebody may have meant: the nearest of many to one that is not known. On the stack of its user;
 * borrows the names it is offered. */
#ifndef DNDRIFT_CONFIG_SIMILAR_H
#define DNDRIFT_CONFIG_SIMILAR_H

#include <stddef.h>

struct similar {
    const char *wanted;
    const char *best; /* NULL: none is near enough */
    size_t distance;  /* of best */
};

void similar_init(struct similar *similar, const char *wanted);
void similar_offer(struct similar *similar, const char *name);

/* "did you mean `best`?", or NULL when nothing is near. g_free() it. */
char *similar_suggestion(const struct similar *similar);
#endif
