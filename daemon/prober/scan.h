/* A search of all naming contexts whose every entry is looked at: page by page (RFC 2696) where the server
 * has pages, up to a limit, none of them kept. */
#ifndef DNDRIFT_PROBER_SCAN_H
#define DNDRIFT_PROBER_SCAN_H

#include "prober/gathering.h"

struct scan {
    struct gathering *gathering; /* hears what keeps it from being complete */
    const char *filter;
    const char *const *attributes; /* NULL-terminated */
    unsigned limit;                /* entries, in all */
    /* Gets each entry; it may come twice, from two naming contexts. */
    void (*take)(void *user, const struct entry *entry);
    void *user;
    unsigned n_entries; /* that came */
    bool is_cut;        /* by the limit */
};

/* false: the connection is lost. */
bool scan_run(struct scan *scan);
#endif
