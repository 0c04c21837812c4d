/* Text compared without regard to case, and to nothing else: for values that are no DNs. */
#ifndef DNDRIFT_DN_FOLD_H
#define DNDRIFT_DN_FOLD_H

#include <stdbool.h>
#include <stddef.h>

bool fold_equal(const char *a, const char *b);

/* Whether `text` begins with `beginning`, and `then` comes next. */
bool fold_begins(const char *text, const char *beginning, char then);

/* How many bytes, once folded, both begin with alike. */
size_t fold_common(const char *a, const char *b);
#endif
