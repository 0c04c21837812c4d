#include "health/accept.h"

#include <glib.h>
#include <string.h>

#define QUALITY_MAX 1000

/* The wish for a media type, in order of what counts. */
struct wish {
    unsigned quality;   /* in thousandths; 0: not wanted */
    unsigned closeness; /* of the range that speaks of it; 0: none does */
};

/* What stands before the next separator that is not quoted, in lower case and without quotes; NULL at the
 * end. */
static char *take_piece(const char **rest, char separator)
{
    GString *piece;
    bool is_quoted = false;

    if (!**rest)
        return NULL;
    piece = g_string_new(NULL);
    for (; **rest && (is_quoted || **rest != separator); (*rest)++)
        if (**rest == '"')
            is_quoted = !is_quoted;
        else
            g_string_append_c(piece, g_ascii_tolower(**rest));
    *rest += **rest == separator;
    return g_strstrip(g_string_free(piece, FALSE));
}

/* 0, 0.75, 1.000: at most three decimals, at most 1. */
static bool parse_quality(const char *text, unsigned *ret_quality)
{
    unsigned digit = QUALITY_MAX;
    unsigned quality = 0;

    for (unsigned i = 0; text[i]; i++) {
        if (i == 1 && text[i] == '.')
            continue;
        if (!g_ascii_isdigit(text[i]) || i == 1 || digit == 0)
            return false;
        quality += (unsigned)g_ascii_digit_value(text[i]) * digit;
        digit /= 10;
    }
    *ret_quality = quality;
    return digit < QUALITY_MAX && quality <= QUALITY_MAX;
}

/* How closely the range names the type: any, any of its kind, itself; 0: it does not. */
static unsigned closeness_of(const char *range, const char *type)
{
    size_t kind = strcspn(type, "/") + 1;

    if (strcmp(range, "*/*") == 0)
        return 1;
    if (strncmp(range, type, kind) == 0 && strcmp(range + kind, "*") == 0)
        return 2;
    return strcmp(range, type) == 0 ? 3 : 0;
}

static bool has_parameter(const char *parameters, const char *wanted)
{
    char *next;

    while ((next = take_piece(&parameters, ';'))) {
        g_autofree char *parameter = next;
        if (strcmp(parameter, wanted) == 0)
            return true;
    }
    return false;
}

/* What one range of the header says of the type. */
static struct wish wish_of_range(const char *range, const char *type)
{
    g_autofree char *name = take_piece(&type, ';');
    g_autofree char *named = take_piece(&range, ';');
    struct wish wish = {.quality = QUALITY_MAX, .closeness = named ? closeness_of(named, name) : 0};
    char *next;

    while (wish.closeness && (next = take_piece(&range, ';'))) {
        g_autofree char *parameter = next;
        if (g_str_has_prefix(parameter, "q="))
            return parse_quality(parameter + 2, &wish.quality) ? wish : (struct wish){0};
        if (!has_parameter(type, parameter))
            return (struct wish){0};
        wish.closeness++;
    }
    return wish.closeness ? wish : (struct wish){0};
}

/* The range that is closest decides. */
static struct wish wish_of(const char *accept, const char *type)
{
    struct wish best = {0};
    char *next;

    while ((next = take_piece(&accept, ','))) {
        g_autofree char *range = next;
        struct wish wish = wish_of_range(range, type);

        if (wish.closeness > best.closeness)
            best = wish;
    }
    return best;
}

bool accept_prefers(const char *accept, const char *type, const char *other)
{
    struct wish wish = wish_of(accept ? accept : "", type);
    struct wish other_wish = wish_of(accept ? accept : "", other);

    if (wish.quality != other_wish.quality)
        return wish.quality > other_wish.quality;
    return wish.quality > 0 && wish.closeness > other_wish.closeness;
}
