/* A search that is put to one naming context after the other. */
#ifndef DNDRIFT_PROBER_SWEEP_H
#define DNDRIFT_PROBER_SWEEP_H

#include "prober/probe.h"

struct sweep {
    struct probe *probe;
    struct search search;    /* but for its base; with the server's size limit it would not be complete */
    enum id_answer answer;   /* of the latest naming context, and in the end of all */
    bool is_absent_base;     /* ... which does not exist, or is hidden as a whole */
    struct failure *failure; /* of use for ID_REFUSED and ID_FAILED alone */
    /* What it means that entries were found: ID_FOUND ends the sweep, ID_FAILED needs *failure. The reply's
     * entries may be taken. */
    enum id_answer (*take)(struct sweep *sweep, struct reply *reply);
};

/* Subtree searches: of the naming context that holds `near` first (NULL: none is known), then of the others.
 * That first one decides: an entry does not move between databases, so another that keeps itself closed
 * proves nothing. When no context holds `near`, ID_GONE takes a complete answer from every one of them.
 * false: the connection is lost. */
bool sweep_run(struct sweep *sweep, const struct dn *near);

/* What a reply to such a search means. */
enum id_answer sweep_read(struct sweep *sweep, struct reply *reply);

/* Answers ID_FAILED, with the reason. */
enum id_answer sweep_fail(struct sweep *sweep, enum reason reason, const char *text);
#endif
