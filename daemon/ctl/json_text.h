/* Text from outside as a value in JSON: made clean on the way. */
#ifndef DNDRIFT_CTL_JSON_TEXT_H
#define DNDRIFT_CTL_JSON_TEXT_H

#include <jansson.h>

/* Sets the key unless text is NULL. */
void json_text_set(json_t *object, const char *key, const char *text);
#endif
