/* The strings that a JSON Pointer (RFC 6901) leads to, in which `*` stands for every element of an array or
 * object. */
#ifndef DNDRIFT_SOURCE_JSON_FILE_H
#define DNDRIFT_SOURCE_JSON_FILE_H

#include <glib.h>

/* The strings (char *) there; an array of strings counts as its elements. realm (may be NULL): the object, or
 * that of an array of objects, whose member `realm` says so. NULL and a clause that follows the file's name.
 */
GPtrArray *json_file_values(GBytes *content, const char *pointer, const char *realm, GError **error);
#endif
