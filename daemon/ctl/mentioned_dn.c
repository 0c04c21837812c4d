#include "ctl/mentioned_dn.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "dn/dn.h"
#include "dn/read.h"
#include "dn/write.h"

#define MIN_RDNS  2  /* `c=1` in a line of a log is no name */
#define MAX_TRIES 64 /* beginnings of names that are looked at in one line */

/* The types that a name in a sentence begins with, at the leaf or at the top. */
static const char *const types[] = {"cn=", "ou=", "o=", "dc=", "uid=", "c=", "l=", "st="};
/* Where a name that nothing encloses ends. */
static const char *const ends[] = {
    " do not exist", " does not exist", " was not found", " not found", " because ", " failed",
    " could not",    " cannot",         " with error",    ": ",         "; ",        " ("};
/* What encloses names, opening and closing. */
static const char *const quotes[] = {"''", "\"\"", "``", "`'", "<>", "[]", "()"};

static bool begins_with_type(const char *text, size_t length)
{
    size_t slash = *text == '/' || *text == '\\';

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (length - slash >= strlen(types[i]) &&
            g_ascii_strncasecmp(text + slash, types[i], strlen(types[i])) == 0)
            return true;
    return false;
}

/* The closing quote for one of type `opening`; NULL: it opens nothing, or is not closed. */
static const char *closing_quote(const char *name, char opening)
{
    const char *closing = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(quotes) && !closing; i++)
        if (opening == quotes[i][0])
            closing = strchr(name, quotes[i][1]);
    return closing;
}

/* The length of the name that begins here, behind the character `before`. */
static size_t name_length(const char *name, char before)
{
    const char *end = closing_quote(name, before);

    if (end)
        return (size_t)(end - name);
    end = name + strlen(name);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        const char *found = strstr(name, ends[i]);

        if (found && found < end)
            end = found;
    }
    return (size_t)(end - name);
}

static bool is_name(const char *text)
{
    g_autoptr(dn_t) dn = dn_read(text, NULL, NULL);

    return dn && dn->n_rdns >= MIN_RDNS;
}

char *mentioned_name(const char *text, size_t length)
{
    g_autofree char *copy = g_strndup(text, MIN(length, DN_MAX_BYTES + 1));
    char *name = g_strstrip(copy);
    size_t n = strlen(name);

    for (size_t i = 0; i < G_N_ELEMENTS(quotes) && n >= 2; i++)
        if (name[0] == quotes[i][0] && name[n - 1] == quotes[i][1])
            return mentioned_name(name + 1, n - 2);
    while (n > 0 && strchr(".,;:", name[n - 1]))
        name[--n] = '\0';
    return n > 0 ? g_strdup(name) : NULL;
}

char *mentioned_container(const char *text, size_t length)
{
    g_autofree char *name = mentioned_name(text, length);
    enum dn_form form = DN_FORM_LDAP;
    g_autoptr(dn_t) dn = name ? dn_read(name, &form, NULL) : NULL;
    g_autoptr(dn_t) parent = dn && dn->n_rdns > 1 ? dn_parent(dn) : NULL;

    return parent ? dn_write(parent, form, NULL) : NULL;
}

/* The name that begins at `at`; NULL: it is none. */
static char *name_at(const char *text, size_t length, size_t at)
{
    g_autofree char *window = g_strndup(text + at, MIN(length - at, DN_MAX_BYTES + 1));
    g_autofree char *name = mentioned_name(window, name_length(window, at > 0 ? text[at - 1] : ' '));

    return name && is_name(name) ? g_steal_pointer(&name) : NULL;
}

char *mentioned_dn(const char *text, size_t length)
{
    unsigned n_tried = 0;

    for (size_t at = 0; at < length && n_tried < MAX_TRIES; at++) {
        char *name;

        if ((at > 0 && g_ascii_isalnum(text[at - 1])) || !begins_with_type(text + at, length - at))
            continue;
        n_tried++;
        name = name_at(text, length, at);
        if (name)
            return name;
    }
    return NULL;
}
