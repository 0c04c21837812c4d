#include "health/expiry.h"

#include "judge/alert.h"

#define MINUTE_S INT64_C(60)
#define HOUR_S   (60 * MINUTE_S)
#define DAY_S    (24 * HOUR_S)

bool expiry_is_near(int64_t wall_expires_s, int64_t warning_ms, int64_t wall_ms)
{
    return wall_expires_s > 0 && warning_ms > 0 && wall_expires_s * 1000 - wall_ms < warning_ms;
}

/* Whole units, of the largest of which there are two at least. */
static char *say_length(int64_t length_s)
{
    if (length_s >= 2 * DAY_S)
        return g_strdup_printf("%" G_GINT64_FORMAT " days", length_s / DAY_S);
    if (length_s >= 2 * HOUR_S)
        return g_strdup_printf("%" G_GINT64_FORMAT " hours", length_s / HOUR_S);
    if (length_s >= 2 * MINUTE_S)
        return g_strdup_printf("%" G_GINT64_FORMAT " minutes", length_s / MINUTE_S);
    return g_strdup_printf("%" G_GINT64_FORMAT " second%s", length_s, length_s == 1 ? "" : "s");
}

char *expiry_sentence(const char *server, int64_t wall_expires_s, int64_t wall_ms)
{
    int64_t left_s = wall_expires_s - wall_ms / 1000;
    g_autofree char *length = say_length(ABS(left_s));
    g_autofree char *date = wall_time_format(wall_expires_s * 1000);

    return left_s >= 0 ? g_strdup_printf("the certificate of %s expires in %s, on %s", server, length, date)
                       : g_strdup_printf("the certificate of %s expired %s ago, on %s", server, length, date);
}
