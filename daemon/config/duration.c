#include "config/duration.h"

#include <glib.h>
#include <string.h>

enum { MAX_DIGITS = 12 }; /* times a day in ms stays within 64 bits */

static const struct {
    const char *name;
    int64_t ms;
} units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

bool duration_parse(const char *text, int64_t *ret_duration_ms)
{
    size_t n_digits = strspn(text, "0123456789");
    int64_t number = g_ascii_strtoll(text, NULL, 10);

    if (n_digits == 0 || n_digits > MAX_DIGITS)
        return false;
    if (number == 0 && text[n_digits] == '\0') {
        *ret_duration_ms = 0;
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (!g_str_equal(text + n_digits, units[i].name))
            continue;
        *ret_duration_ms = number * units[i].ms;
        return true;
    }
    return false;
}

char *duration_print(int64_t duration_ms)
{
    size_t unit = 0;

    if (duration_ms == 0)
        return g_strdup("0");
    while (duration_ms % units[unit].ms != 0)
        unit++;
    return g_strdup_printf("%" G_GINT64_FORMAT "%s", duration_ms / units[unit].ms, units[unit].name);
}
