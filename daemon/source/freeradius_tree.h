/* The sections of a configuration file of FreeRADIUS and the texts in them, which may refer to each other. */
#ifndef DNDRIFT_SOURCE_FREERADIUS_TREE_H
#define DNDRIFT_SOURCE_FREERADIUS_TREE_H

#include <glib.h>
#include <stdbool.h>

struct freeradius_tree;

struct freeradius_tree *freeradius_tree_new(void); /* the section that is the file itself is open */
void freeradius_tree_free(struct freeradius_tree *tree);

/* False: there are more sections than any file has, or more texts. */
bool freeradius_tree_open(struct freeradius_tree *tree, const char *name);
bool freeradius_tree_add(struct freeradius_tree *tree, const char *name, const char *text, char quote);
void freeradius_tree_close(struct freeradius_tree *tree);

/* The first text of that name in each section that bears one of the names and lies right in a section
 * `above`, with what its references ${.NAME} and ${..NAME} mean put in; those that lead nowhere stay. In the
 * order of the file; NULL when there are none left. *at is 0 at first; g_free() the text. */
char *freeradius_tree_next(const struct freeradius_tree *tree, const char *const *names, const char *above,
                           const char *name, unsigned *at, char *ret_quote);

typedef struct freeradius_tree freeradius_tree_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(freeradius_tree_t, freeradius_tree_free)
#endif
