/* The history of transitions: what is asked of it and what it answers. The store answers, the health endpoint
 * asks. */
#ifndef DNDRIFT_JUDGE_HISTORY_H
#define DNDRIFT_JUDGE_HISTORY_H

#include <stdbool.h>

#include "judge/alert.h"

#define HISTORY_DEFAULT_LIMIT 100
#define HISTORY_MAX_LIMIT     1000 /* entries of a page */

/* How much of it is kept. */
struct history_limits {
    int64_t age_ms; /* older entries go; 0: none is too old */
    unsigned n_entries;
};

struct history_query {
    const char *name; /* of a watch, "@DIRECTORY" or "dndriftd"; a section that makes several watches stands
                         for all of them; NULL: every one, members aside */
    uint64_t before;  /* entries of earlier places; 0: from the newest on */
    unsigned limit;   /* that many, and what shares the place of the last one */
};

/* That an outlet took an alert. */
struct history_told {
    char *outlet;
    int64_t wall_time_ms;
};

/* One transition. Its name is the one that the watch had at the time. */
struct history_entry {
    struct alert alert; /* TAG_ALERT is set, unless nobody is told */
    int64_t lived_ms;   /* how long daemons had run on this database, when it was written */
    GPtrArray *told;    /* of struct history_told, by outlet; empty: nobody yet */
};

struct history_page {
    GPtrArray *entries; /* of struct history_entry, newest first */
    uint64_t next;      /* what to ask `before` for the next page; 0: this was the last */
    bool is_known;      /* there is an entry of that name, on this page or another */
};

/* The answer to a query: the page, which is the callee's, or NULL and a sentence. Each query gets exactly
 * one. */
typedef void history_answer_fn(void *user, struct history_page *page, const char *problem);

struct history_told *history_told_new(const char *outlet, int64_t wall_time_ms);
void history_told_free(struct history_told *told);
struct history_entry *history_entry_new(void);
void history_entry_free(struct history_entry *entry);
struct history_page *history_page_new(void);
void history_page_free(struct history_page *page);

typedef struct history_page history_page_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(history_page_t, history_page_free)
#endif
