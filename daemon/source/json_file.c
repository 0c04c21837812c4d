#include "source/json_file.h"

#include <jansson.h>
#include <string.h>

#include "source/source.h"

#define MAX_NODES 2000000

/* `~1` is a slash and `~0` a tilde, in this order (RFC 6901 section 4). */
static char *unescape(const char *token, size_t length)
{
    GString *text = g_string_new_len(token, (gssize)length);

    g_string_replace(text, "~1", "/", 0);
    g_string_replace(text, "~0", "~", 0);
    return g_string_free(text, FALSE);
}

static void follow(json_t *node, const char *pointer, GPtrArray *values);

static void follow_all(json_t *node, const char *rest, GPtrArray *values)
{
    const char *key;
    json_t *child;
    size_t i;

    json_array_foreach(node, i, child) follow(child, rest, values);
    json_object_foreach(node, key, child) follow(child, rest, values);
}

static void take(json_t *node, GPtrArray *values)
{
    json_t *element;
    size_t i;

    if (json_is_string(node) && values->len <= SOURCE_MAX_FOUND)
        g_ptr_array_add(values, g_strdup(json_string_value(node)));
    json_array_foreach(node, i, element) if (json_is_string(element) && values->len <= SOURCE_MAX_FOUND)
        g_ptr_array_add(values, g_strdup(json_string_value(element)));
}

/* As deep as the pointer is long, not as the file. */
static void follow(json_t *node, const char *pointer, GPtrArray *values)
{
    size_t length = *pointer ? strcspn(pointer + 1, "/") : 0;
    const char *rest = *pointer ? pointer + 1 + length : pointer;
    g_autofree char *token = NULL;
    guint64 index;

    if (!*pointer) {
        take(node, values);
        return;
    }
    token = unescape(pointer + 1, length);
    if (strcmp(token, "*") == 0)
        follow_all(node, rest, values);
    else if (json_is_object(node) && json_object_get(node, token))
        follow(json_object_get(node, token), rest, values);
    else if (json_is_array(node) && g_ascii_string_to_unsigned(token, 10, 0, G_MAXUINT32, &index, NULL) &&
             json_array_get(node, index))
        follow(json_array_get(node, index), rest, values);
}

/* More than any export holds; each costs many times the bytes that it takes in the file. */
static bool holds_too_much(const char *bytes, size_t size)
{
    bool is_inside = false; /* a string */
    size_t n_values = 0;

    for (size_t i = 0; i < size && n_values <= MAX_NODES; i++) {
        if (is_inside && bytes[i] == '\\')
            i++;
        else if (bytes[i] == '"')
            is_inside = !is_inside;
        else if (!is_inside)
            n_values += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
    }
    return n_values > MAX_NODES;
}

static bool is_realm(json_t *object, const char *realm)
{
    const char *name = json_string_value(json_object_get(object, "realm"));

    return name && strcmp(name, realm) == 0;
}

static json_t *find_realm(json_t *root, const char *realm)
{
    json_t *element;
    size_t i;

    if (!realm || is_realm(root, realm))
        return root;
    json_array_foreach(root, i, element) if (is_realm(element, realm)) return element;
    return NULL;
}

static bool fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool fail(GError **error, const char *format, ...)
{
    va_list arguments;
    g_autofree char *text = NULL;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, text);
    return false;
}

static bool search(json_t *root, const char *pointer, const char *realm, GPtrArray *values, GError **error)
{
    json_t *start = find_realm(root, realm);

    if (!start)
        return fail(error, "has no realm `%s`", realm);
    follow(start, pointer, values);
    return values->len > 0 || fail(error, "has no text at %s", pointer);
}

GPtrArray *json_file_values(GBytes *content, const char *pointer, const char *realm, GError **error)
{
    gsize size;
    const char *bytes = g_bytes_get_data(content, &size);
    json_error_t problem; /* its text quotes the file */
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    json_t *root;

    if (holds_too_much(bytes, size)) {
        fail(error, "holds more than %d values", MAX_NODES);
        return NULL;
    }
    root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &problem);

    if (!root) {
        fail(error, "is no well-formed JSON (line %d)", problem.line);
        return NULL;
    }
    bool is_found = search(root, pointer, realm, values, error);
    json_decref(root);
    return is_found ? g_steal_pointer(&values) : NULL;
}
