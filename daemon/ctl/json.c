#include "ctl/json.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dn/text.h"

json_t *json_clean(const char *text)
{
    g_autofree char *clean = text ? text_clean(text, strlen(text)) : NULL;

    return clean ? json_string(clean) : json_null();
}

void json_set_clean(json_t *object, const char *key, const char *text)
{
    if (text)
        json_object_set_new(object, key, json_clean(text));
}

void json_print(json_t *json)
{
    char *text = json_dumps(json, JSON_INDENT(2));

    g_assert(text); /* all of it is clean text */
    puts(text);
    free(text);
    json_decref(json);
}
