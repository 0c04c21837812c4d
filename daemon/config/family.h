/* The names of the watches that one section makes where its dn_from leads to several DNs. They are
 * SECTION.XXXXXXXX, the X being digits of a hash of the DN, so that one DN more or less changes no other
 * name.
 */
#ifndef DNDRIFT_CONFIG_FAMILY_H
#define DNDRIFT_CONFIG_FAMILY_H

#include <stdbool.h>

/* The name for one DN, in whatever spelling. g_free() it. */
char *family_name(const char *section, const char *dn);

/* The name of the section, if this one has the shape of a name that a section makes; else NULL. g_free() it.
 */
char *family_of(const char *name);

/* Whether it is the name of the section, or one that the section makes. */
bool family_has(const char *section, const char *name);
#endif
