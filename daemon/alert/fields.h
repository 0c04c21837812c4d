/* The fields of a record: an alert's texts, escaped and cut, before they are one line. Owned by whoever
 * formats. */
#ifndef DNDRIFT_ALERT_FIELDS_H
#define DNDRIFT_ALERT_FIELDS_H

#include <stddef.h>

#include "judge/alert.h"

/* In the description `;` and in the values `'` are still bare: the formatter quotes them, and nothing else.
 */
struct fields {
    char *description; /* WORD NAME: sentence */
    unsigned n_tags;
    struct {
        const char *name;
        char *value;
    } tags[TAG_COUNT]; /* only those that are there */
};

/* Name, sentence and each value take at most max_bytes in the line. id: value of the tag `alert`, NULL: none.
 */
void fields_fill(struct fields *fields, const struct alert *alert, const char *id, size_t max_bytes);
void fields_clear(struct fields *fields);

#endif
