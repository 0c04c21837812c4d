/* What must hold for a setting that names a file. */
#ifndef DNDRIFT_CONFIG_FILE_RULES_H
#define DNDRIFT_CONFIG_FILE_RULES_H

#include "config/document.h"
#include "config/problems.h"

/* A certificate and its key go together; cert and key name the settings. */
void file_rules_pair(const struct section *section, const char *cert, const char *key,
                     struct problems *problems);

/* Authorities and certificates are no secrets; a slip in their names would only show at the first connection.
 */
void file_rules_public(const struct section *section, const char *key, struct problems *problems);

/* path: the program's, absolute; NULL: none. */
void file_rules_program(const struct section *section, const char *key, const char *path,
                        struct problems *problems);

/* path: the secret's, absolute; NULL: none. */
void file_rules_secret(const struct section *section, const char *key, const char *path,
                       struct problems *problems);

/* Makes the path of a secret absolute; NULL if that cannot be. */
void file_rules_resolve(char **path, const struct section *section, const char *key,
                        struct problems *problems);
#endif
