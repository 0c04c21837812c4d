#include "judge/vintage.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define CSN_PREFIX "contextCSN:"
#define USN_PREFIX "highestCommittedUSN:"
#define MAX_CSNS   128 /* more servers than that take no changes side by side */

/* `20261125135500.123456Z#000000#001#000000`: time, count, server, modification. */
static bool csn_server(const char *csn, const char **ret_server, size_t *ret_length)
{
    const char *count = strchr(csn, '#');
    const char *server = count ? strchr(count + 1, '#') : NULL;
    const char *end = server ? strchr(server + 1, '#') : NULL;

    if (!end)
        return false;
    *ret_server = server + 1;
    *ret_length = (size_t)(end - server - 1);
    return true;
}

static const char *find_csn_of(char **csns, const char *server, size_t length)
{
    for (; *csns; csns++) {
        const char *found;
        size_t found_length;

        if (csn_server(*csns, &found, &found_length) && found_length == length &&
            memcmp(found, server, length) == 0)
            return *csns;
    }
    return NULL;
}

/* Whether b lacks something that a has seen. The parts of a CSN have fixed widths: text order is its order.
 */
static bool is_ahead(char **a, char **b)
{
    for (; *a; a++) {
        const char *server, *other;
        size_t length;

        if (!csn_server(*a, &server, &length))
            continue;
        other = find_csn_of(b, server, length);
        if (!other || strcmp(*a, other) > 0)
            return true;
    }
    return false;
}

static bool are_csns(char **csns)
{
    const char *server;
    size_t length;
    unsigned n = 0;

    for (; csns[n]; n++)
        if (n >= MAX_CSNS || !csn_server(csns[n], &server, &length))
            return false;
    return n > 0;
}

static enum vintage_order order_of(bool is_a_ahead, bool is_b_ahead)
{
    if (is_a_ahead && is_b_ahead)
        return VINTAGE_APART;
    if (is_a_ahead)
        return VINTAGE_NEWER;
    return is_b_ahead ? VINTAGE_OLDER : VINTAGE_SAME;
}

static enum vintage_order compare_csns(const char *text_a, const char *text_b)
{
    g_auto(GStrv) a = g_strsplit(text_a, " ", -1), b = g_strsplit(text_b, " ", -1);

    if (!are_csns(a) || !are_csns(b))
        return VINTAGE_UNKNOWN;
    return order_of(is_ahead(a, b), is_ahead(b, a));
}

static enum vintage_order compare_usns(const char *a, const char *b)
{
    char *end_a, *end_b;
    guint64 number_a = g_ascii_strtoull(a, &end_a, 10), number_b = g_ascii_strtoull(b, &end_b, 10);

    if (end_a == a || end_b == b || *end_a != '@' || strcmp(end_a, end_b) != 0)
        return VINTAGE_UNKNOWN;
    return order_of(number_a > number_b, number_b > number_a);
}

enum vintage_order vintage_compare(const char *a, const char *b)
{
    if (!a || !b)
        return VINTAGE_UNKNOWN;
    if (g_str_has_prefix(a, CSN_PREFIX) && g_str_has_prefix(b, CSN_PREFIX))
        return compare_csns(a + strlen(CSN_PREFIX), b + strlen(CSN_PREFIX));
    if (g_str_has_prefix(a, USN_PREFIX) && g_str_has_prefix(b, USN_PREFIX))
        return compare_usns(a + strlen(USN_PREFIX), b + strlen(USN_PREFIX));
    return VINTAGE_UNKNOWN;
}
