/* Where two DNs part: the first RDN, from the top, that differs, and how. */
#ifndef DNDRIFT_DN_DIFF_H
#define DNDRIFT_DN_DIFF_H

#include "dn/dn.h"

enum dn_difference {
    DN_SAME,           /* equal, and spelled alike */
    DN_SPELLED_CASE,   /* equal: only the case of a value or type differs */
    DN_SPELLED_SPACE,  /* equal: spaces differ */
    DN_SPELLED_TYPE,   /* equal: an alias or OID stands for the type */
    DN_SPELLED_ORDER,  /* equal: values of a multi-valued RDN in another order */
    DN_SPELLED_ESCAPE, /* equal: escapes, hex or Unicode form differ */
    DN_OTHER_TYPE,     /* same value under another type: OU=Sales, CN=Sales */
    DN_OTHER_VALUE,    /* same type, another value */
    DN_OTHER_RDN,      /* type and value differ */
    DN_SHORTER,        /* a ends above this RDN of b */
    DN_LONGER          /* a goes on below the end of b */
};

struct dn_diff {
    enum dn_difference difference;
    int index_a, index_b; /* the RDN, counted as in dn->rdns; -1 where that side has none, and on both sides
                             when no RDN differs (DN_SAME, or separators and escapes alone) */
    char *rdn_a, *rdn_b;  /* that RDN printed; NULL where there is none */
};

/* The two texts are those the DNs were parsed from: escapes and case are only visible in them. Clear the
 * result with dn_diff_clear(). */
void dn_diff(const struct dn *a, const char *text_a, const struct dn *b, const char *text_b,
             struct dn_diff *ret_diff);
void dn_diff_clear(struct dn_diff *diff);

/* "differs only in case", "value `x` where the other has `y`", ...: a clause for a sentence. g_free() it. */
char *dn_diff_explain(const struct dn_diff *diff);
#endif
