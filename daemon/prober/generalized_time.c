#include "prober/generalized_time.h"

#include <glib.h>
#include <stdbool.h>

/* What a fraction behind hours, minutes or seconds is a fraction of. */
#define HOUR_MS   3600000
#define MINUTE_MS 60000
#define SECOND_MS 1000

/* Two digits at *at, which moves on. */
static bool take_two(const char **at, int *ret_number)
{
    const char *digits = *at;

    if (!g_ascii_isdigit(digits[0]) || !g_ascii_isdigit(digits[1]))
        return false;
    *ret_number = (digits[0] - '0') * 10 + digits[1] - '0';
    *at += 2;
    return true;
}

/* `.5` or `,5` of the unit; none is 0. What lies below a millisecond is not looked at. */
static bool take_fraction(const char **at, int64_t unit_ms, int64_t *ret_ms)
{
    int64_t left_ms = unit_ms, ms = 0;

    *ret_ms = 0;
    if (**at != '.' && **at != ',')
        return true;
    ++*at;
    if (!g_ascii_isdigit(**at))
        return false;
    for (; g_ascii_isdigit(**at); ++*at) {
        ms += (**at - '0') * left_ms / 10;
        left_ms /= 10;
    }
    *ret_ms = ms;
    return true;
}

/* `Z`, `+hh` or `-hhmm`, and nothing behind it: what is to be taken away from the local time. */
static bool take_zone(const char **at, int64_t *ret_ms)
{
    char sign = *(*at)++;
    int hours = 0, minutes = 0;

    if (sign != 'Z' && (((sign != '+' && sign != '-') || !take_two(at, &hours)) || hours > 23 ||
                        (**at && (!take_two(at, &minutes) || minutes > 59))))
        return false;
    *ret_ms = (hours * HOUR_MS + minutes * MINUTE_MS) * (sign == '-' ? -1 : 1);
    return **at == '\0';
}

int64_t generalized_time_parse(const char *text)
{
    int century, year, month, day, hour, minute = 0, second = 0;
    int64_t unit_ms = HOUR_MS, fraction_ms, zone_ms;

    if (!text || !take_two(&text, &century) || !take_two(&text, &year) || !take_two(&text, &month) ||
        !take_two(&text, &day) || !take_two(&text, &hour))
        return 0;
    if (take_two(&text, &minute))
        unit_ms = take_two(&text, &second) ? SECOND_MS : MINUTE_MS;
    if (second > 60 || !take_fraction(&text, unit_ms, &fraction_ms) || !take_zone(&text, &zone_ms))
        return 0;
    /* 60 is a leap second. */
    g_autoptr(GDateTime) time = g_date_time_new_utc(century * 100 + year, month, day, hour, minute, 0);
    int64_t wall_ms = time ? (g_date_time_to_unix(time) + second) * SECOND_MS + fraction_ms - zone_ms : 0;
    return MAX(wall_ms, 0);
}
