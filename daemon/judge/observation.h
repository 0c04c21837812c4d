/* What is asked about one configured DN, and what one server answered: plain data between engine, prober and
 * judge. Strings and arrays belong to the struct that holds them; free with question_free() and
 * observation_free(). Texts from a server are raw: whoever shows them escapes them.
 *
 * An identity is text, `ATTRIBUTE:VALUE`, as in `entryUUID:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11`; GUIDs are
 * written dashed. */
#ifndef DNDRIFT_JUDGE_OBSERVATION_H
#define DNDRIFT_JUDGE_OBSERVATION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "judge/verdict.h"

#define PATH_MAX_ENTRIES 128 /* ancestors in a path */
#define VALUES_MAX       200 /* of question.read */

struct question {
    uint32_t id;          /* the asker's number, echoed in the observation */
    char *dn;             /* the configured value as it stands: the server is the judge of equality */
    char *identity;       /* the pinned identity; NULL while nothing is pinned */
    GPtrArray *ancestors; /* of char *: identities above the pinned entry, parent first; may be NULL; may be
                             shared, so not to be changed */
    bool want_path;    /* pin time: read the ancestors' identities, prove that the id question can be asked */
    bool want_details; /* of a drift: when and by whom it was changed, how many entries hang below */
    /* what is expected of the entry besides being there */
    char *object_class;   /* that it is of; NULL: any */
    char *entry_filter;   /* RFC 4515: entries right below it that match are counted; NULL: they are not */
    uint32_t entry_limit; /* counting ends there; at least 1 */
    /* instead of the DN */
    char *attribute; /* `dn` is a value of this attribute, and the DN question is: which entry bears it? Then
                        found_dn, pinned_dn and the look-alike are values; NULL: they are DNs */
    char *find; /* RFC 4515, with `attribute`: only entries that match it may bear the value; NULL: any */
    char *near; /* with `attribute`: where the pinned entry was last seen; NULL: unknown */
    bool want_parent; /* with `attribute`: read the value of the entry above as well */
    /* instead of all that but the DN */
    char *read; /* an attribute: what are its values? For a consumer that keeps its DN in a directory */
};

/* Answers to the DN question: a base search of the configured DN, or a search for who bears the value. */
enum dn_answer {
    DN_FAILED,     /* no complete answer: `failure` says where it stopped */
    DN_ENTRY,      /* one entry, its identity readable */
    DN_ENTRY_BARE, /* one entry without a readable identity */
    DN_ABSENT,     /* noSuchObject, and matched_dn tells the deepest existing ancestor */
    DN_OUTSIDE,    /* noSuchObject: the DN lies in none of the server's naming contexts */
    DN_UNMATCHED,  /* noSuchObject without matchedDN inside a naming context of a server that gives matchedDN
                    */
    DN_EMPTY,      /* success with no entry */
    DN_REFUSED,    /* insufficientAccessRights */
    DN_SYNTAX,     /* invalidDNSyntax */
    DN_NOBODY,     /* no entry that this account can see bears the value */
    DN_ANSWERS,
    DN_UNTOLD = DN_ANSWERS /* none of a server's: the consumer does not tell the DN, `failure` says why */
};

/* Answers to the id question: where is the pinned entry? Asked when the DN question did not lead to it. */
enum id_answer {
    ID_NOT_ASKED,
    ID_FOUND,   /* exactly one entry: pinned_dn, path */
    ID_GONE,    /* complete, and no entry */
    ID_REFUSED, /* complete, and the server does not let this account ask */
    ID_FAILED,  /* no complete answer */
    /* question.attribute: exactly one entry, but no pinned_dn */
    ID_VALUELESS,    /* it has no value */
    ID_VALUE_HIDDEN, /* it shows none: it has none, or this account may not read it */
    ID_ANSWERS
};

/* Whether the nearest pinned ancestor that still exists was found by its id, on the same connection. */
enum ancestor_answer {
    ANCESTOR_NOT_ASKED, /* nothing to ask, or no need */
    ANCESTOR_FOUND,
    ANCESTOR_GONE, /* none of the pinned ancestors is visible */
    ANCESTOR_FAILED,
    ANCESTOR_ANSWERS
};

struct failure {
    enum phase phase;
    enum reason reason;
    int code;   /* LDAP result code, errno or signal, as `reason` implies; 0 if none */
    char *text; /* one clause; raw if it came from the server */
};

/* When, by whom and where an entry was last changed, as far as the server tells. A rename of an ancestor does
 * not touch it. */
struct stamp {
    int64_t wall_ms; /* 0: unknown */
    char *by;        /* modifiersName; NULL: the server does not tell */
    char *origin;    /* the server that took the change; NULL: it does not tell */
};

/* One entry above the live one. */
struct path_entry {
    char *dn;           /* as the directory spells it */
    char *identity;     /* NULL if not readable */
    struct stamp stamp; /* if details were wanted */
};

/* Entries right below a container. */
enum count_answer {
    COUNT_NOT_ASKED,
    COUNT_COMPLETE,
    COUNT_AT_LEAST, /* there may be more */
    COUNT_HIDDEN,   /* the container has children, and none of them can be seen */
    COUNT_FAILED,   /* no complete answer */
    COUNT_ANSWERS
};

struct count {
    enum count_answer answer;
    uint32_t number; /* COUNT_COMPLETE, COUNT_AT_LEAST */
};

/* Whether the entry that the DN led to is of the wanted object class. */
enum object_class_answer {
    OBJECT_CLASS_NOT_ASKED,
    OBJECT_CLASS_FITS,
    OBJECT_CLASS_OTHER,
    OBJECT_CLASS_UNREADABLE,
    OBJECT_CLASS_FAILED, /* no complete answer */
    OBJECT_CLASS_ANSWERS
};

/* What a directory keeps of a deleted entry (MS-ADTS 3.1.1.1.5). */
struct tombstone {
    char *dn;          /* NULL: none was found, or it may not be read */
    char *last_parent; /* lastKnownParent; NULL: not told */
    struct stamp stamp;
};

/* The Q260907 diagnosis of an absent DN: an entry below matched_dn that the operator may have meant. Of a
 * value that nobody bears: that of the entry which `find` leads to. */
struct lookalike {
    char *dn;        /* NULL: none found */
    char *attribute; /* which attribute holds the configured RDN value: displayName, description, cn, ...;
                        "type" if the RDN has the same value under another type */
    bool is_unique;  /* false: several were found, this is the first */
};

struct observation {
    uint32_t question;
    char *server; /* scheme://host:port as configured */
    char *
        vintage; /* how new the server's data was before it was asked, for vintage_compare(); NULL: unknown */
    enum dn_answer dn_answer;
    enum id_answer id_answer;
    enum ancestor_answer ancestor_answer;
    struct failure failure; /* when an answer is *_FAILED, or *_REFUSED (code and text) */
    bool is_directory_wide; /* the failure is the server's, not this DN's: dns, connect, tls, bind, a dead
                               prober before any search */
    char *found_dn;         /* DN_ENTRY, DN_ENTRY_BARE: the entry's DN as the directory spells it */
    char *found_identity;   /* DN_ENTRY */
    char *matched_dn;       /* DN_ABSENT: "" is the root DSE */
    char *pinned_dn;        /* ID_FOUND: where the pinned entry is now */
    GPtrArray *path; /* of struct path_entry: above found_dn if want_path, else above pinned_dn if the DN led
                        to no entry; parent first, up to the naming context; NULL if not read */
    struct lookalike lookalike;
    bool is_conflict;                             /* ID_FOUND: it bears the name of a replication conflict */
    struct tombstone tombstone;                   /* ID_GONE */
    enum object_class_answer object_class_answer; /* DN_ENTRY, DN_ENTRY_BARE */
    char *object_classes;  /* OBJECT_CLASS_OTHER: those it is of, separated by spaces */
    struct count entries;  /* of the entry that the DN led to, else of the pinned one */
    struct count matching; /* those of them that match entry_filter */
    struct stamp stamp;    /* of that same entry, if details were wanted */
    char *entry_dn; /* question.attribute: DN of the entry whose value it is: the bearer, else the pinned one,
                       else what `find` leads to; NULL: none */
    bool is_parent_read; /* want_parent, and it was to be told */
    char *parent_value;  /* of the nearest entry above entry_dn that has one; NULL: none has */
    GPtrArray
        *values; /* of char *, question.read: as the server tells them; with DN_ENTRY and DN_ENTRY_BARE */
    GPtrArray *others; /* of struct observation: what the other replicas answered; NULL: none was asked */
};

struct question *question_new(uint32_t id, const char *dn);
void question_free(struct question *question);

struct observation *observation_new(uint32_t question);
/* A DN_FAILED observation; text is copied. */
struct observation *observation_new_failed(uint32_t question, const char *server, enum phase phase,
                                           enum reason reason, int code, const char *text,
                                           bool is_directory_wide);
/* Of a consumer that does not tell its DN: DN_UNTOLD, or DN_FAILED where a directory keeps it that gave no
 * complete answer. */
struct observation *observation_new_untold(const struct failure *why);
void observation_free(struct observation *observation);

struct path_entry *path_entry_new(const char *dn, const char *identity);
void path_entry_free(struct path_entry *entry);
void failure_clear(struct failure *failure);
void failure_copy(const struct failure *from, struct failure *to); /* clears `to` first */
void stamp_clear(struct stamp *stamp);
void stamp_copy(const struct stamp *from, struct stamp *to); /* clears `to` first */

/* Whether both ask the same: one answer will do. */
bool question_equal(const struct question *a, const struct question *b);

typedef struct question question_t;
typedef struct observation observation_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(question_t, question_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(observation_t, observation_free)
#endif
