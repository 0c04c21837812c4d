/* What kinds of server there are and in what they differ: one row a kind, all quirks of servers stand there.
 */
#ifndef DNDRIFT_PROBER_KIND_H
#define DNDRIFT_PROBER_KIND_H

#include <stdint.h>

#include "prober/entry.h"

#define KIND_MAX_MARKS 2
#define KIND_MAX_IDS   2
#define KIND_N_STAMP   2
#define KIND_MAX_NAMES 16

/* How an identity is written, and how its entry is found. */
enum id_form {
    ID_FORM_TEXT, /* as it stands; the filter (attribute=value) */
    ID_FORM_GUID  /* 16 octets, written dashed; a base search of <GUID=...>, in whatever naming context */
};

/* Where the server says when and by whom an entry was changed. */
enum stamp_form {
    STAMP_OPERATIONAL, /* modifyTimestamp and modifiersName (RFC 4512 3.4) */
    STAMP_REPLICATION  /* the replication metadata of one attribute: a rename or move changes `name` */
};

/* What the attribute tells of the entries right below. */
enum children_form {
    CHILDREN_PRESENCE, /* TRUE or FALSE: whether there are any */
    CHILDREN_ESTIMATE, /* a number near theirs; 0: none */
    CHILDREN_NUMBER    /* how many, seen or not */
};

/* What tells how new the data of a server is. */
enum vintage_form {
    VINTAGE_UNKNOWN,
    VINTAGE_CONTEXT_CSN,          /* contextCSN of the entry at the top of a naming context */
    VINTAGE_HIGHEST_COMMITTED_USN /* of the root DSE, counted by each server for itself */
};

/* Where deleted entries are kept. */
enum tombstone_form {
    TOMBSTONE_NONE,
    TOMBSTONE_SHOWN, /* by the control that shows deleted ones (MS-ADTS 3.1.1.3.4.1.14), under the same GUID
                      */
    TOMBSTONE_FILTER /* of class nsTombstone, which the filter must name */
};

struct kind {
    const char *name;
    struct {
        const char *attribute, *beginning; /* of one of its values in the root DSE; case does not matter */
    } marks[KIND_MAX_MARKS];               /* all of them */
    const char *ids[KIND_MAX_IDS];         /* attributes; the first is what entries are pinned by */
    enum id_form id_form;
    const char *any_entry; /* the filter that hides no entry; NULL: (objectClass=*) */
    bool gives_matched_dn;
    const char *hidden_text; /* in what it says with noSuchObject of an entry that an access rule hides; NULL:
                                it says the same as of one that is not there */
    enum stamp_form stamp_form;
    const char *stamp[KIND_N_STAMP]; /* attributes */
    const char *children;            /* attribute */
    enum children_form children_form;
    enum vintage_form vintage_form;
    enum tombstone_form tombstone_form;
    const char *conflict;   /* attribute of an entry that lost a replication conflict */
    bool mangles_names;     /* or its RDN goes on behind a line feed: `\nCNF:GUID` (MS-ADTS 3.1.1.5.1.2.1) */
    const char *containers; /* the filter of entries that are made to hold others, or do hold some */
    const char *people;     /* the filter of what is mostly synchronised: accounts and contacts */
    const char *limits;     /* one sentence: what it cannot do for us; NULL: nothing to say */
    const char *names[KIND_MAX_NAMES]; /* attributes where people read a name that is not the directory name;
                                          what says most comes first; NULL-terminated */
};

/* The first kind whose marks the root DSE bears; NULL: a server that shows none. Static. */
const struct kind *kind_of(const struct entry *root);
#endif
