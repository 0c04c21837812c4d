/* JSON for programs: whatever came from outside is made clean on the way. */
#ifndef DNDRIFT_CTL_JSON_H
#define DNDRIFT_CTL_JSON_H

#include <jansson.h>

/* A new reference to the text, cleaned; null for NULL. */
json_t *json_clean(const char *text);

/* Sets the key to the text, cleaned, unless it is NULL. */
void json_set_clean(json_t *object, const char *key, const char *text);

/* Prints it to stdout and drops the reference. */
void json_print(json_t *json);
#endif
