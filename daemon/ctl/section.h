/* A [watch NAME] section of dndriftd.conf for an entry that was found: to be pasted, whatever the entry is
 * called. */
#ifndef DNDRIFT_CTL_SECTION_H
#define DNDRIFT_CTL_SECTION_H

#include <glib.h>

/* A name for the watch, made of the entry's directory name, that is not among those taken; from then on it
 * is. taken: a set of char *. The set owns it. */
const char *section_name(const char *directory_name, GHashTable *taken);

/* The lines, each with its end. dn: of the entry, as RFC 4514 has it, clean. identity, entry_filter: NULL:
 * none; the identity is a comment, for the daemon pins one by itself. NULL where the file cannot hold the DN;
 * g_free() it. */
char *section_print(const char *name, const char *directory, const char *dn, const char *identity,
                    const char *entry_filter);
#endif
