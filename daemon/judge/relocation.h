/* How an entry that is no longer at its configured DN got where it is: renamed, moved, or carried along by an
 * ancestor. */
#ifndef DNDRIFT_JUDGE_RELOCATION_H
#define DNDRIFT_JUDGE_RELOCATION_H

#include "dn/dn.h"
#include "judge/judge.h"

struct relocation {
    enum verdict verdict;            /* renamed, moved or ancestor-renamed */
    bool is_parent_identity_unknown; /* moved: only the text says that the parent is another one */
    bool is_rdn_changed;
    struct cause cause;      /* ancestor-renamed */
    unsigned ancestor_level; /* its place in the path, 0: the parent */
};

/* The pinned entry was found by its identity at `live`, elsewhere than `configured`. Clear the result. */
void relocation_find(const struct expectation *expectation, const struct observation *observation,
                     const struct dn *configured, const struct dn *live, struct relocation *ret_relocation);
void relocation_clear(struct relocation *relocation);
#endif
