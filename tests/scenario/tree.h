/* A fake directory: a tree of entries that can be renamed, moved, deleted, hidden and cut off, answering
 * questions as slapd and a prober would. Owned by the world. */
#ifndef DNDRIFT_TESTS_TREE_H
#define DNDRIFT_TESTS_TREE_H

#include "judge/observation.h"

struct tree;

/* How the directory is reached. */
enum weather {
    FAIR,
    DOWN,      /* no connection: directory-wide */
    CUT,       /* the connection breaks during the DN question */
    CUT_LATE,  /* it breaks during the id question */
    ID_DENIED, /* the id question is refused */
    BUSY
};

struct tree *tree_new(void);
void tree_free(struct tree *tree);
void tree_add(struct tree *tree, const char *dn);                      /* a new identity each time */
void tree_rename(struct tree *tree, const char *from, const char *to); /* with all below; also moves */
void tree_delete(struct tree *tree, const char *dn);                   /* with all below */
void tree_hide(struct tree *tree, const char *dn, bool is_hidden);     /* with all below */
bool tree_has(const struct tree *tree, const char *dn);
char *tree_identity(const struct tree *tree, const char *dn);                        /* NULL: no such entry */
char *tree_find(const struct tree *tree, const char *identity, bool *ret_is_hidden); /* its DN; NULL: gone */
void tree_set_weather(struct tree *tree, enum weather weather);
enum weather tree_weather(const struct tree *tree);

/* The caller owns the observation. */
/* Which server it is, scheme://host:port, and how new its data is; both are borrowed. */
void tree_set_server(struct tree *tree, const char *server, const char *vintage);

struct observation *tree_answer(const struct tree *tree, const struct question *question);
#endif
