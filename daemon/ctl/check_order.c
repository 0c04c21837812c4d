#include "ctl/check_order.h"

static bool refuse(GError **error, const char *what, const char *word)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "check takes %s, not `%s' as well", what, word);
    return false;
}

/* The options of `check` itself; NULL: it is none. */
static bool *flag_of(struct check_order *order, const char *argument)
{
    if (g_str_equal(argument, "--json"))
        return &order->is_json;
    if (g_str_equal(argument, "--strict"))
        return &order->is_strict;
    return g_str_equal(argument, "--require-pin") ? &order->needs_pin : NULL;
}

static bool take(struct check_order *order, char ***arguments, GError **error)
{
    bool *flag = flag_of(order, **arguments);

    if (!flag && ***arguments == '-')
        return options_take(&order->options, arguments, error);
    if (flag)
        *flag = true;
    else if (order->watch)
        return refuse(error, "one watch", **arguments);
    else
        order->watch = **arguments;
    (*arguments)++;
    return true;
}

bool check_order_parse(char **arguments, struct check_order *ret_order, GError **error)
{
    while (*arguments)
        if (!take(ret_order, &arguments, error))
            return false;
    if (ret_order->watch && ret_order->options.n)
        return refuse(error, "--uri and --dn in place of a watch of the configuration file",
                      ret_order->watch);
    return true;
}
