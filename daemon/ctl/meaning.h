/* What an error means for the name it is about, and what to do: words that are written down once. */
#ifndef DNDRIFT_CTL_MEANING_H
#define DNDRIFT_CTL_MEANING_H

enum blame {
    BLAME_NAME,   /* no such entry, or not under this name: worth comparing */
    BLAME_SYNTAX, /* no DN at all */
    BLAME_LOGIN   /* the account, whatever the words say: no DN is to blame */
};

struct meaning {
    const char *name; /* as the field calls it, with its number where it has one */
    enum blame blame;
    const char *means;  /* a sentence */
    const char *advice; /* a sentence: what to do */
};
#endif
