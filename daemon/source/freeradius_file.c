#include "source/freeradius_file.h"

#include <stdbool.h>
#include <string.h>

#include "source/freeradius_tree.h"
#include "source/lines.h"
#include "source/source.h"
#include "source/variable.h"

/* What searches by a base, of the module. */
static const char *const searching[] = {"user", "group", "client", NULL};

static bool fail(GError **error, const char *why)
{
    g_set_error_literal(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, why);
    return false;
}

/* Double quotes: \\ \t \n \r, and \NNN in octal. */
static char *unescape(const char *value)
{
    static const char letters[] = "\\tnr";
    GString *text = g_string_new(NULL);

    for (const char *at = value; *at; at++) {
        const char *letter = *at == '\\' && at[1] ? strchr(letters, at[1]) : NULL;

        if (letter) {
            g_string_append_c(text, "\\\t\n\r"[letter - letters]);
            at++;
        } else if (*at == '\\' && strspn(at + 1, "01234567") >= 3) {
            g_string_append_c(text, (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + at[3] - '0'));
            at += 3;
        } else {
            g_string_append_c(text, *at);
        }
    }
    return g_string_free(text, FALSE);
}

/* In quotes up to the next of the kind that has no backslash before it, which goes; else up to a blank or
 * comma. False: the quotes are left open, or more than a comma or comment follows. */
static bool read_text(const char **at, GString *text)
{
    char quote = **at && strchr("'\"`", **at) ? *(*at)++ : '\0';

    for (; **at && (quote ? **at != quote : !strchr(" \t,", **at)); (*at)++) {
        *at += quote && **at == '\\' && (*at)[1] == quote;
        g_string_append_c(text, **at);
    }
    if (quote && *(*at)++ != quote)
        return false;
    *at += strspn(*at, " \t");
    return !**at || strchr("#,", **at);
}

/* The base as it is searched by. */
static char *finish(const char *text, char quote, GError **error)
{
    g_autofree char *plain = NULL;

    if (quote == '\'')
        return g_strdup(text);
    if (strstr(text, "${"))
        return variable_fail(text, error);
    if (quote != '"')
        return g_strdup(text);
    plain = unescape(text);
    return variable_expand(plain, error);
}

/* `NAME = VALUE` or `NAME := VALUE`, and more of them behind commas. */
static bool read_pairs(struct freeradius_tree *tree, const char *at, GError **error)
{
    while (*at && *at != '#') {
        size_t length = strcspn(at, " \t=:");
        g_autofree char *name = g_strndup(at, length);
        g_autoptr(GString) text = g_string_new(NULL);
        char quote;

        at += length + strspn(at + length, " \t:");
        at += *at == '=';
        at += strspn(at, " \t");
        quote = *at;
        if (!read_text(&at, text))
            return fail(error, "has a value that FreeRADIUS cannot read");
        if (!freeradius_tree_add(tree, name, text->str, quote))
            return fail(error, "holds too many settings");
        at += strspn(at, " \t,");
    }
    return true;
}

static bool read_line(struct freeradius_tree *tree, const char *line, GError **error)
{
    const char *word = line + strspn(line, " \t"), *end = word + strcspn(word, " \t=:{#");
    const char *behind = end + strspn(end, " \t");
    g_autofree char *name = g_strndup(word, (gsize)(end - word));

    if (*word == '}')
        freeradius_tree_close(tree);
    else if (*behind == '=' || g_str_has_prefix(behind, ":="))
        return read_pairs(tree, word, error);
    else if (*word != '#' && behind[strcspn(behind, "{#")] == '{' && !freeradius_tree_open(tree, name))
        return fail(error, "holds too many sections");
    return true;
}

/* A line and those behind it as long as each ends with a backslash. NULL: there is none. */
static GString *next_line(struct lines *lines)
{
    GString *whole = NULL;
    char *line;

    while (lines_next(lines, &line)) {
        whole = whole ? g_string_append(whole, line) : g_string_new(line);
        g_free(line);
        if (whole->len == 0 || whole->str[whole->len - 1] != '\\')
            return whole;
        g_string_truncate(whole, whole->len - 1);
    }
    return whole;
}

static bool read_file(struct freeradius_tree *tree, GBytes *content, GError **error)
{
    bool is_fine = true;
    struct lines lines;
    GString *line;

    lines_init(&lines, content);
    while (is_fine && (line = next_line(&lines))) {
        is_fine = read_line(tree, line->str, error);
        g_string_free(line, TRUE);
    }
    return is_fine;
}

GPtrArray *freeradius_file_bases(GBytes *content, const char *name, GError **error)
{
    g_autoptr(freeradius_tree_t) tree = freeradius_tree_new();
    g_autoptr(GPtrArray) bases = g_ptr_array_new_with_free_func(g_free);
    unsigned at = 0;
    char *text, quote;

    if (!read_file(tree, content, error))
        return NULL;
    while ((text = freeradius_tree_next(tree, searching, "ldap", name, &at, &quote))) {
        char *base = finish(text, quote, error);

        g_free(text);
        if (!base)
            return NULL;
        g_ptr_array_add(bases, base);
    }
    if (bases->len > 0)
        return g_steal_pointer(&bases);
    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT,
                "has no `%s` in a section user, group or client of ldap", name);
    return NULL;
}
