#include "ctl/obtain_order.h"

#include <string.h>

#include "config/filter.h"
#include "directory/wire.h"
#include "dn/text.h"

#define FILTER_OPTION "--entry-filter"

G_GNUC_PRINTF(2, 3) static bool refuse(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_propagate_error(error, g_error_new_valist(G_OPTION_ERROR, G_OPTION_ERROR_FAILED, format, arguments));
    va_end(arguments);
    return false;
}

static bool take_filter(struct obtain_order *order, const char *filter, GError **error)
{
    static const struct value_limits no_limits;
    g_autofree char *checked = NULL;

    if (!filter)
        return refuse(error, FILTER_OPTION " needs a filter, expected (ATTRIBUTE=VALUE)");
    if (!text_is_clean(filter, strlen(filter)))
        return refuse(error,
                      FILTER_OPTION " holds what a terminal does not show, expected \\XX for such bytes");
    order->entry_filter = filter;
    if (value_filter.parse(filter, &no_limits, &checked, error))
        return true;
    g_prefix_error(error, FILTER_OPTION ": ");
    return false;
}

static bool take_word(struct obtain_order *order, const char *word, GError **error)
{
    if (!*word)
        return refuse(error, "is given an empty name of a %s", order->directory ? "container" : "directory");
    if (strlen(word) > WIRE_MAX_TEXT)
        return refuse(error, "takes no name of %zu bytes, expected at most %d", strlen(word), WIRE_MAX_TEXT);
    if (order->name)
        return refuse(error, "takes a directory and a name, not `%s' as well; quote a name that has spaces",
                      word);
    *(order->directory ? &order->name : &order->directory) = word;
    return true;
}

/* Goes on to the next argument. */
static bool take(struct obtain_order *order, char ***arguments, bool *is_literal, GError **error)
{
    const char *argument = *(*arguments)++;

    if (*is_literal || *argument != '-')
        return take_word(order, argument, error);
    if (g_str_equal(argument, "--"))
        *is_literal = true;
    else if (g_str_equal(argument, "--json"))
        order->is_json = true;
    else if (g_str_has_prefix(argument, FILTER_OPTION "="))
        return take_filter(order, argument + strlen(FILTER_OPTION "="), error);
    else if (g_str_equal(argument, FILTER_OPTION))
        return take_filter(order, **arguments ? *(*arguments)++ : NULL, error);
    else
        return refuse(error, "has no option `%s'", argument);
    return true;
}

bool obtain_order_parse(char **arguments, struct obtain_order *order, GError **error)
{
    bool is_literal = false;

    while (*arguments)
        if (!take(order, &arguments, &is_literal, error))
            return false;
    return order->directory || refuse(error, "needs the name of a [directory] section");
}
