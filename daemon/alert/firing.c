#include "alert/firing.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "alert/clip.h"

static const char *const names[FIRING_COUNT] = {"DndriftDrift", "DndriftInvalid", "DndriftUnverifiable"};

static const enum firing_effect effects[WORD_COUNT][FIRING_COUNT] = {
    [WORD_DRIFT] = {FIRING_BEGINS, FIRING_ENDS, FIRING_STAYS}, /* it can be read again */
    [WORD_CHANGED] = {FIRING_BEGINS, FIRING_ENDS, FIRING_STAYS},
    [WORD_REMINDER] = {FIRING_BEGINS, FIRING_STAYS, FIRING_STAYS},
    [WORD_INVALID] = {FIRING_STAYS, FIRING_BEGINS, FIRING_STAYS},
    [WORD_UNVERIFIABLE] = {FIRING_STAYS, FIRING_STAYS, FIRING_BEGINS},
    [WORD_RECOVERED] = {FIRING_ENDS_SURELY, FIRING_ENDS, FIRING_STAYS},
    [WORD_VERIFIABLE] = {FIRING_STAYS, FIRING_STAYS, FIRING_ENDS_SURELY},
    [WORD_REMOVED] = {FIRING_ENDS, FIRING_ENDS, FIRING_ENDS},
};

enum firing_effect firing_effect(enum word word, enum firing firing)
{
    return effects[word][firing];
}

bool firing_is_concerned(enum word word)
{
    for (unsigned i = 0; i < FIRING_COUNT; i++)
        if (effects[word][i] != FIRING_STAYS)
            return true;
    return false;
}

/* As conf/dndriftd-prometheus.yml has it. */
const char *firing_severity(enum firing firing, int severity)
{
    int own = firing == FIRING_DRIFT ? severity : firing == FIRING_INVALID ? LOG_ERR : LOG_WARNING;

    if (own <= LOG_ERR)
        return "critical";
    return own == LOG_WARNING ? "warning" : "info";
}

static void set_text(json_t *object, const char *key, const char *text)
{
    g_autofree char *clean = text && *text ? clip_clean(text, FIRING_MAX_TEXT) : NULL;

    if (clean)
        json_object_set_new(object, key, json_string(clean));
}

static json_t *labels_json(const struct firing_post *post, const struct alertmanager_config *config)
{
    json_t *labels = json_object();

    for (char **label = config->labels; label && *label; label++) {
        const char *equals = strchr(*label, '=');
        g_autofree char *name = g_strndup(*label, (gsize)(equals - *label));

        set_text(labels, name, equals + 1);
    }
    set_text(labels, "alertname", names[post->firing]);
    set_text(labels, "severity", firing_severity(post->firing, post->severity));
    set_text(labels, "watch", post->alert->tags[TAG_WATCH]);
    set_text(labels, "directory", post->alert->tags[TAG_DIRECTORY]);
    return labels;
}

static char *summary_print(const struct firing_post *post)
{
    const char *watch = post->alert->tags[TAG_WATCH], *directory = post->alert->tags[TAG_DIRECTORY];

    if (!directory)
        return g_strdup("No directory can be compared, the fault is probably at the end of dndriftd");
    if (!watch)
        return g_strdup_printf("The watches of the directory %s cannot be compared", directory);
    if (post->firing == FIRING_DRIFT)
        return g_strdup_printf("%s is configured with a DN that the directory %s no longer has there", watch,
                               directory);
    if (post->firing == FIRING_INVALID)
        return g_strdup_printf("What %s is configured with is no DN, or cannot be read", watch);
    return g_strdup_printf("%s cannot be compared with the directory %s", watch, directory);
}

static json_t *annotations_json(const struct firing_post *post)
{
    const struct alert *alert = post->alert;
    bool has_age = post->wall_now_ms && post->wall_starts_ms;
    g_autofree char *age = has_age ? age_format(post->wall_now_ms - post->wall_starts_ms) : NULL;
    g_autofree char *summary = summary_print(post);
    json_t *annotations = json_object();

    set_text(annotations, "summary", summary);
    set_text(annotations, "description", alert->sentence);
    set_text(annotations, "cause", alert->cause);
    set_text(annotations, "age", age);
    for (unsigned i = 0; i < TAG_COUNT; i++)
        if (i != TAG_WATCH && i != TAG_DIRECTORY)
            set_text(annotations, tag_name((enum tag)i), alert->tags[i]);
    return annotations;
}

static char *link_print(const struct firing_post *post, const struct alertmanager_config *config)
{
    const char *watch = post->alert->tags[TAG_WATCH];

    if (!config->link)
        return NULL;
    return watch ? g_strdup_printf("%s/watches/%s", config->link, watch)
                 : g_strconcat(config->link, "/", NULL);
}

void firing_print(GString *out, const struct firing_post *post, const struct alertmanager_config *config)
{
    g_autofree char *starts = wall_time_format_exact(post->wall_starts_ms);
    g_autofree char *ends = wall_time_format_exact(post->wall_ends_ms);
    g_autofree char *link = link_print(post, config);
    json_t *object = json_object();
    char *dumped;

    json_object_set_new(object, "labels", labels_json(post, config));
    json_object_set_new(object, "annotations", annotations_json(post));
    set_text(object, "startsAt", starts);
    set_text(object, "endsAt", ends);
    set_text(object, "generatorURL", link);
    dumped = json_dumps(object, JSON_COMPACT);
    g_string_append(out, dumped);
    free(dumped);
    json_decref(object);
}
