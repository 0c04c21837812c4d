/* What stands behind `dndriftctl obtain`. */
#ifndef DNDRIFT_CTL_OBTAIN_ORDER_H
#define DNDRIFT_CTL_OBTAIN_ORDER_H

#include <glib.h>
#include <stdbool.h>

struct obtain_order {
    const char *directory;
    const char *name;         /* NULL: not given */
    const char *entry_filter; /* NULL: not given; its shape is sound */
    bool is_json;
};

/* false and a clause that follows the verb. */
bool obtain_order_parse(char **arguments, struct obtain_order *ret_order, GError **error);
#endif
