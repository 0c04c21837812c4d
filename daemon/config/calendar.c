#include "config/calendar.h"

#include <string.h>

#include "config/value_error.h"

#define DAY_MS         ((int64_t)24 * 60 * 60 * 1000)
#define DAYS_AHEAD     8 /* the next one is nearer */
#define CALENDAR_WANTS "expected [WEEKDAYS] HH:MM, such as 02:00, Sat 22:00 or Mon..Fri,Sun 03:30"
#define MOMENT_WANTS   "expected 2026-12-24 18:00, in local time, or 2026-12-24T17:00:00Z"

static int weekday_find(const char *text)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    const char *found = strlen(text) == 3 ? strstr(days, text) : NULL;

    return found && (found - days) % 3 == 0 ? (int)(found - days) / 3 : -1;
}

/* One day or a range of them, which may go over the end of the week. */
static bool parse_days(const char *text, unsigned *weekdays)
{
    g_auto(GStrv) ends = g_strsplit(text, "..", 2);
    int first = weekday_find(ends[0] ? ends[0] : "");
    int last = ends[0] && ends[1] ? weekday_find(ends[1]) : first;

    if (first < 0 || last < 0)
        return false;
    for (int day = first;; day = (day + 1) % 7) {
        *weekdays |= 1U << day;
        if (day == last)
            return true;
    }
}

static bool parse_weekdays(const char *text, unsigned *ret_weekdays)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", 0);

    *ret_weekdays = 0;
    for (char **part = parts; *part; part++)
        if (!parse_days(*part, ret_weekdays))
            return false;
    return *ret_weekdays != 0;
}

static bool parse_minute(const char *text, int *ret_minute)
{
    bool is_shaped = g_regex_match_simple("^([01][0-9]|2[0-3]):[0-5][0-9]$", text, G_REGEX_DOLLAR_ENDONLY, 0);

    if (is_shaped)
        *ret_minute = atoi(text) * 60 + atoi(text + 3);
    return is_shaped;
}

static bool parse_calendar(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    g_auto(GStrv) words = value_split_words(text);
    unsigned n = g_strv_length(words);
    struct calendar calendar = {.weekdays = 0x7f};

    (void)limits;
    if ((n != 1 && n != 2) || !parse_minute(words[n - 1], &calendar.minute) ||
        (n == 2 && !parse_weekdays(words[0], &calendar.weekdays)))
        return value_fail(error, text, "is no calendar, " CALENDAR_WANTS);
    *(struct calendar *)target = calendar;
    return true;
}

static bool parse_moment(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    static const char shape[] =
        "^\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)?)?$";
    g_autoptr(GTimeZone) zone = g_time_zone_new_local();
    g_autofree char *whole = g_strdup_printf("%s%s", text, strlen(text) == 16 ? ":00" : "");
    bool is_shaped = g_regex_match_simple(shape, text, G_REGEX_DOLLAR_ENDONLY, 0);
    g_autoptr(GDateTime) time = is_shaped ? g_date_time_new_from_iso8601(whole, zone) : NULL;

    (void)limits;
    if (!time)
        return value_fail(error, text, "is no time, " MOMENT_WANTS);
    *(int64_t *)target = g_date_time_to_unix(time) * 1000;
    return true;
}

/* Of that day; 0: it is another weekday, or no day that the clock knows. */
static int64_t beginning(const struct calendar *calendar, const GDate *day)
{
    bool is_one = calendar->weekdays & 1U << (g_date_get_weekday(day) - 1);
    g_autoptr(GDateTime) time =
        is_one ? g_date_time_new_local(g_date_get_year(day), (int)g_date_get_month(day), g_date_get_day(day),
                                       calendar->minute / 60, calendar->minute % 60, 0)
               : NULL;

    return time ? g_date_time_to_unix(time) * 1000 : 0;
}

bool calendar_is_on(const struct calendar *calendar, int64_t duration_ms, int64_t wall_ms,
                    int64_t *ret_wall_next_ms)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(wall_ms / 1000);
    int days_back = (int)(duration_ms / DAY_MS) + 1;
    bool is_on = false;
    GDate day;

    *ret_wall_next_ms = INT64_MAX;
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, (GDateDay)g_date_time_get_day_of_month(now), (GDateMonth)g_date_time_get_month(now),
                   (GDateYear)g_date_time_get_year(now));
    g_date_subtract_days(&day, (unsigned)days_back);
    for (int i = 0; i <= days_back + DAYS_AHEAD; i++, g_date_add_days(&day, 1)) {
        int64_t begin_ms = beginning(calendar, &day), end_ms = begin_ms + duration_ms;
        if (!begin_ms)
            continue;
        is_on |= begin_ms <= wall_ms && wall_ms < end_ms;
        if (begin_ms > wall_ms)
            *ret_wall_next_ms = MIN(*ret_wall_next_ms, begin_ms);
        else if (end_ms > wall_ms)
            *ret_wall_next_ms = MIN(*ret_wall_next_ms, end_ms);
    }
    return is_on;
}

const struct value_type value_calendar = {"calendar", parse_calendar};
const struct value_type value_moment = {"time", parse_moment};
