/* How new the data of a server is, as text, and which of two is the newer: `contextCSN:CSN CSN...` of
 * OpenLDAP (one CSN a server that takes changes, draft-chu-ldap-csn), `highestCommittedUSN:N@SERVICE` of
 * Active Directory (which counts for one server alone, MS-ADTS 3.1.1.3.2.26). */
#ifndef DNDRIFT_JUDGE_VINTAGE_H
#define DNDRIFT_JUDGE_VINTAGE_H

enum vintage_order {
    VINTAGE_UNKNOWN, /* one is NULL or malformed, or they cannot be compared */
    VINTAGE_OLDER,   /* all that a has seen b has seen, and more */
    VINTAGE_SAME,
    VINTAGE_NEWER, /* the other way round */
    VINTAGE_APART  /* each has seen what the other has not */
};

/* How a stands to b. */
enum vintage_order vintage_compare(const char *a, const char *b);
#endif
