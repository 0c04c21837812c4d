#include "config/similar.h"

#include <glib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64 }; /* longer names are not compared */

/* One edit in three characters still looks like a slip of the finger; a name made anew does not. */
static size_t farthest(const char *name)
{
    size_t length = strlen(name);

    return length > 2 ? MAX(1, length / 3) : 0;
}

/* Optimal string alignment in ASCII case-blind: an edit is a character added, dropped, replaced, or swapped
 * with its neighbour. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][NAME_MAX_BYTES + 1];
    size_t *above_two = rows[0], *above = rows[1], *row = rows[2];
    size_t n_b = strlen(b);

    for (size_t j = 0; j <= n_b; j++)
        above[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            char one = g_ascii_tolower(a[i - 1]), other = g_ascii_tolower(b[j - 1]);

            row[j] = MIN(MIN(above[j], row[j - 1]) + 1, above[j - 1] + (one != other));
            if (i > 1 && j > 1 && one == g_ascii_tolower(b[j - 2]) && other == g_ascii_tolower(a[i - 2]))
                row[j] = MIN(row[j], above_two[j - 2] + 1);
        }
        size_t *spare = above_two;

        above_two = above;
        above = row;
        row = spare;
    }
    return above[n_b];
}

void similar_init(struct similar *similar, const char *wanted)
{
    *similar = (struct similar){.wanted = wanted, .distance = farthest(wanted) + 1};
}

void similar_offer(struct similar *similar, const char *name)
{
    if (strlen(similar->wanted) > NAME_MAX_BYTES || strlen(name) > NAME_MAX_BYTES)
        return;
    size_t found = distance(similar->wanted, name);

    if (found < similar->distance) {
        similar->best = name;
        similar->distance = found;
    }
}

char *similar_suggestion(const struct similar *similar)
{
    return similar->best ? g_strdup_printf("did you mean `%s`?", similar->best) : NULL;
}
