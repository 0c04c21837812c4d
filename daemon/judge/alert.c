#include "judge/alert.h"

#include <string.h>

enum { SEVERITY_ERR = 3, SEVERITY_WARNING = 4, SEVERITY_NOTICE = 5, SEVERITY_INFO = 6 };

static const struct {
    const char *name;
    int severity;
} words[WORD_COUNT] = {
    [WORD_NONE] = {NULL, SEVERITY_INFO},
    [WORD_DRIFT] = {"DRIFT", SEVERITY_ERR},
    [WORD_CHANGED] = {"CHANGED", SEVERITY_ERR},
    [WORD_EDITED] = {"EDITED", SEVERITY_NOTICE},
    [WORD_REMINDER] = {"REMINDER", SEVERITY_ERR},
    [WORD_RECOVERED] = {"RECOVERED", SEVERITY_NOTICE},
    [WORD_REMOVED] = {"REMOVED", SEVERITY_NOTICE},
    [WORD_UNVERIFIABLE] = {"UNVERIFIABLE", SEVERITY_WARNING},
    [WORD_VERIFIABLE] = {"VERIFIABLE", SEVERITY_NOTICE},
    [WORD_SPELLING] = {"SPELLING", SEVERITY_NOTICE},
    [WORD_PINNED] = {"PINNED", SEVERITY_INFO},
    [WORD_INVALID] = {"INVALID", SEVERITY_ERR},
    [WORD_STARTED] = {"STARTED", SEVERITY_INFO},
    [WORD_STOPPED] = {"STOPPED", SEVERITY_INFO},
    [WORD_RELOADED] = {"RELOADED", SEVERITY_NOTICE},
    [WORD_REJECTED] = {"REJECTED", SEVERITY_WARNING},
    [WORD_STATE] = {"STATE", SEVERITY_INFO},
};

static const char *const tag_names[TAG_COUNT] = {
    [TAG_WATCH] = "watch",
    [TAG_VERDICT] = "verdict",
    [TAG_CONFIGURED] = "configured",
    [TAG_LIVE] = "live",
    [TAG_FIRST_MISSING] = "first_missing",
    [TAG_IDENTITY] = "identity",
    [TAG_DIRECTORY] = "directory",
    [TAG_SERVER] = "server",
    [TAG_SINCE] = "since",
    [TAG_ALERT] = "alert",
    [TAG_FIX] = "fix",
};

struct alert *alert_new(enum word word, int severity, const char *name, int64_t wall_time_ms)
{
    struct alert *alert = g_new0(struct alert, 1);

    alert->word = word;
    alert->severity = severity;
    alert->name = g_strdup(name);
    alert->wall_time_ms = wall_time_ms;
    return alert;
}

struct alert *alert_dup(const struct alert *alert)
{
    struct alert *copy = g_memdup2(alert, sizeof *alert);

    copy->name = g_strdup(alert->name);
    copy->sentence = g_strdup(alert->sentence);
    copy->cause = g_strdup(alert->cause);
    for (unsigned i = 0; i < TAG_COUNT; i++)
        copy->tags[i] = g_strdup(alert->tags[i]);
    copy->changed = (struct stamp){0};
    stamp_copy(&alert->changed, &copy->changed);
    return copy;
}

void alert_clear(struct alert *alert)
{
    g_free(alert->name);
    g_free(alert->sentence);
    g_free(alert->cause);
    for (unsigned i = 0; i < TAG_COUNT; i++)
        g_free(alert->tags[i]);
    stamp_clear(&alert->changed);
    *alert = (struct alert){0};
}

void alert_free(struct alert *alert)
{
    if (!alert)
        return;
    alert_clear(alert);
    g_free(alert);
}

void alert_set_tag(struct alert *alert, enum tag tag, const char *value)
{
    g_free(alert->tags[tag]);
    alert->tags[tag] = value && *value ? g_strdup(value) : NULL;
}

const char *word_name(enum word word)
{
    return (unsigned)word < WORD_COUNT ? words[word].name : NULL;
}

enum word word_from_name(const char *name)
{
    for (unsigned i = 0; name && i < WORD_COUNT; i++)
        if (words[i].name && strcmp(words[i].name, name) == 0)
            return (enum word)i;
    return WORD_NONE;
}

const char *tag_name(enum tag tag)
{
    return (unsigned)tag < TAG_COUNT ? tag_names[tag] : NULL;
}

const char *severity_name(int severity)
{
    static const char *const names[] = {"emerg",   "alert",  "crit", "err",
                                        "warning", "notice", "info", "debug"};

    return names[CLAMP(severity, 0, 7)];
}

int word_severity(enum word word)
{
    return (unsigned)word < WORD_COUNT ? words[word].severity : SEVERITY_INFO;
}

char *wall_time_format(int64_t wall_ms)
{
    g_autoptr(GDateTime) time = wall_ms ? g_date_time_new_from_unix_utc(wall_ms / 1000) : NULL;

    return time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

char *wall_time_format_exact(int64_t wall_ms)
{
    g_autofree char *seconds = wall_time_format(wall_ms);

    return seconds ? g_strdup_printf("%.*s.%03dZ", (int)strlen(seconds) - 1, seconds, (int)(wall_ms % 1000))
                   : NULL;
}

char *age_format(int64_t age_ms)
{
    int64_t s = MAX(age_ms, 0) / 1000, m = s / 60, h = m / 60, d = h / 24;

    if (d > 0)
        return h % 24 ? g_strdup_printf("%" G_GINT64_FORMAT "d %dh", d, (int)(h % 24))
                      : g_strdup_printf("%" G_GINT64_FORMAT "d", d);
    if (h > 0)
        return m % 60 ? g_strdup_printf("%dh %dm", (int)h, (int)(m % 60)) : g_strdup_printf("%dh", (int)h);
    return m > 0 ? g_strdup_printf("%dm", (int)m) : g_strdup_printf("%ds", (int)s);
}
