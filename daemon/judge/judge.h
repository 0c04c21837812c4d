/* The verdict on one watch: a pure function of what was expected and what was observed. Identity decides; an
 * incomplete answer decides nothing. */
#ifndef DNDRIFT_JUDGE_JUDGE_H
#define DNDRIFT_JUDGE_JUDGE_H

#include "judge/observation.h"

/* The identity that a watch is held to. */
struct pin {
    char *identity; /* NULL: nothing pinned */
    char *dn; /* of the pinned entry when it was last seen at the configured DN, or bearing the configured
                 value; NULL if pinned by hand and not seen yet */
    char *configured;      /* the configured value that led to it; NULL as for dn */
    char *parent_identity; /* NULL: unknown */
    int64_t wall_pinned_ms;
    bool is_lookup_refused; /* the id question was refused when it was first asked */
};

/* One ancestor of pinned entries: kept once per directory, a chain by parent_identity. */
struct ancestor {
    char *identity;
    char *dn;
    char *parent_identity; /* NULL at the naming context, or where it is unknown */
};

struct expectation {
    const char *configured; /* the value the consumer was told; NULL: it never told */
    const struct pin *pin;
    GPtrArray *ancestors;    /* of char *: identities above the pinned entry, parent first; NULL if unknown */
    GPtrArray *ancestor_dns; /* of char *: the DNs they had when last read; only needed if the entry was found
                                elsewhere */
    bool is_edited;          /* the configured value changed since the last complete answer */
    bool is_pinned_by_hand;  /* by `identity` or adopt: another entry at the DN is `replaced` even after an
                                edit */
    const char *bound_as;    /* who asks, for the sentence: a bind DN, "anonymous", ... */
    const char *attribute;   /* configured is a value of this attribute; NULL: it is a DN */
    const char *find;        /* of `attribute`: only entries that match it may bear the value; NULL: any */
    const char
        *parent_value; /* of the entry above, while the observation does not tell; NULL: none is known */
    const char *object_class; /* NULL: any */
    const char *entry_filter; /* NULL: what the container holds does not matter */
    unsigned min_entries;     /* that match entry_filter; 0: any number */
    struct count previous;    /* how many there were when they last were enough */
};

/* What becomes of the pin. */
enum pin_action {
    PIN_KEEP,
    PIN_NEW,    /* first complete answer, or another entry after an edit: pin what was found */
    PIN_REFRESH /* the pinned entry, at the configured DN: note its DN, parent and path if they were read */
};

/* What took an entry elsewhere without touching it: one above it was renamed or moved. */
struct cause {
    char *was; /* the DN it had; NULL: there is none, or it cannot be told which */
    char *is;  /* the DN it has; what one cause has in common with no other */
    bool is_moved;
};

struct judgement {
    enum verdict verdict;
    enum pin_action pin_action;
    char *live;          /* the value to put back, as the directory spells it; NULL if unknown */
    char *first_missing; /* the first component (RDN, as configured) that does not exist */
    char *identity;      /* of the entry this is about: pinned, else found */
    char *pinned_live;   /* replaced, missing after an edit: where the pinned entry is now, if anywhere */
    char *replacement;   /* replaced: identity of the entry that is there now; NULL if not readable */
    char *certainty;     /* deleted: "absent" or "tombstone" */
    struct cause cause;  /* ancestor-renamed */
    bool is_parent_identity_unknown;
    bool is_lookup_refused; /* the id question was refused */
    bool is_identity_unreadable;
    bool is_directory_wide; /* unreachable: the failure is the directory's, not this DN's */
    struct failure failure; /* unreachable, hidden, invalid: why */
    char *server;
    char *vintage; /* how new its data was, see judge/vintage.h; NULL: unknown */
    struct stamp
        changed; /* of the entry whose change this is: its own, the renamed ancestor's, the tombstone's */
    struct count entries;  /* right below the entry */
    struct count matching; /* those of them that match entry_filter */
    struct count previous; /* emptied: those that matched before */
    char *sentence;        /* one for a tired operator, without a final full stop; NULL for a match */
    char *remedy;          /* what to do, one sentence; NULL if nothing */
};

/* Fills *ret_judgement, which the caller clears with judgement_clear(). Looks at one server's answer, not at
 * observation->others: replicas_judge() does. */
void judge(const struct expectation *expectation, const struct observation *observation,
           struct judgement *ret_judgement);

void judgement_clear(struct judgement *judgement);
void judgement_copy(const struct judgement *from, struct judgement *to); /* clears `to` first */
void cause_clear(struct cause *cause);
void cause_copy(const struct cause *from, struct cause *to); /* clears `to` first */
void pin_clear(struct pin *pin);
struct ancestor *ancestor_new(const char *identity, const char *dn, const char *parent_identity);
void ancestor_free(struct ancestor *ancestor);
#endif
