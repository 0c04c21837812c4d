/* What stands behind `dndriftctl check`. */
#ifndef DNDRIFT_CTL_CHECK_ORDER_H
#define DNDRIFT_CTL_CHECK_ORDER_H

#include "config/options.h"

struct check_order {
    const char *watch; /* NULL: all, or that of the options */
    bool is_json;
    bool is_strict;
    bool needs_pin;
    struct options options; /* given in place of a configuration file */
};

/* false and a sentence; what stood before the mistake is in the order then. */
bool check_order_parse(char **arguments, struct check_order *ret_order, GError **error);
#endif
