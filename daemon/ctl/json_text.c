#include "ctl/json_text.h"

#include <glib.h>
#include <string.h>

#include "dn/text.h"

void json_text_set(json_t *object, const char *key, const char *text)
{
    g_autofree char *clean = text ? text_clean(text, strlen(text)) : NULL;

    if (clean)
        json_object_set_new(object, key, json_string(clean));
}
