/* The kinds of lines that are about a DN that a directory refuses: one row a kind. */
#ifndef DNDRIFT_CTL_LINE_KIND_H
#define DNDRIFT_CTL_LINE_KIND_H

#include "ctl/meaning.h"

enum line_role {
    LINE_COMPLAINT, /* says that something failed */
    LINE_CODE,      /* is a DAPI code and nothing else */
    LINE_SUBJECT,   /* names the DN that a complaint below it is about; without {dn}: that one was none */
    LINE_DETAIL     /* belongs to the complaint in the same line or above: more of it */
};

struct line_kind {
    enum line_role role;
    const char *speaker; /* who says it; NULL for a detail */
    const char *looks;   /* as in pattern.h */
    const struct meaning
        *meaning;   /* of a complaint; NULL: that of the DAPI code that has to be in the line */
    unsigned reach; /* of a subject: so many lines below may the complaint be, if it tells no {key} */
};

/* The rows, ended by one without `looks`: special ones before general ones. */
const struct line_kind *line_kinds(void);
#endif
