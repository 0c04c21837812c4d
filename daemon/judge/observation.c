#include "judge/observation.h"

#include <string.h>

struct path_entry *path_entry_new(const char *dn, const char *identity)
{
    struct path_entry *entry = g_new0(struct path_entry, 1);

    entry->dn = g_strdup(dn);
    entry->identity = g_strdup(identity);
    return entry;
}

void path_entry_free(struct path_entry *entry)
{
    if (!entry)
        return;
    g_free(entry->dn);
    g_free(entry->identity);
    stamp_clear(&entry->stamp);
    g_free(entry);
}

void failure_clear(struct failure *failure)
{
    g_free(failure->text);
    *failure = (struct failure){0};
}

void failure_copy(const struct failure *from, struct failure *to)
{
    failure_clear(to);
    *to = *from;
    to->text = g_strdup(from->text);
}

void stamp_clear(struct stamp *stamp)
{
    g_free(stamp->by);
    g_free(stamp->origin);
    *stamp = (struct stamp){0};
}

void stamp_copy(const struct stamp *from, struct stamp *to)
{
    stamp_clear(to);
    *to = (struct stamp){from->wall_ms, g_strdup(from->by), g_strdup(from->origin)};
}

struct question *question_new(uint32_t id, const char *dn)
{
    struct question *question = g_new0(struct question, 1);

    question->id = id;
    question->dn = g_strdup(dn);
    question->entry_limit = 1;
    return question;
}

void question_free(struct question *question)
{
    if (!question)
        return;
    g_free(question->dn);
    g_free(question->identity);
    g_clear_pointer(&question->ancestors, g_ptr_array_unref);
    g_free(question->object_class);
    g_free(question->entry_filter);
    g_free(question->attribute);
    g_free(question->find);
    g_free(question->near);
    g_free(question->read);
    g_free(question);
}

bool question_equal(const struct question *a, const struct question *b)
{
    return strcmp(a->dn, b->dn) == 0 && g_strcmp0(a->identity, b->identity) == 0 &&
           a->want_path == b->want_path && a->want_details == b->want_details &&
           g_strcmp0(a->object_class, b->object_class) == 0 &&
           g_strcmp0(a->entry_filter, b->entry_filter) == 0 && a->entry_limit == b->entry_limit &&
           g_strcmp0(a->attribute, b->attribute) == 0 && g_strcmp0(a->find, b->find) == 0 &&
           g_strcmp0(a->near, b->near) == 0 && a->want_parent == b->want_parent &&
           g_strcmp0(a->read, b->read) == 0;
}

struct observation *observation_new(uint32_t question)
{
    struct observation *observation = g_new0(struct observation, 1);

    observation->question = question;
    return observation;
}

struct observation *observation_new_failed(uint32_t question, const char *server, enum phase phase,
                                           enum reason reason, int code, const char *text,
                                           bool is_directory_wide)
{
    struct observation *observation = observation_new(question);

    observation->server = g_strdup(server);
    observation->dn_answer = DN_FAILED;
    observation->failure = (struct failure){phase, reason, code, g_strdup(text)};
    observation->is_directory_wide = is_directory_wide;
    return observation;
}

struct observation *observation_new_untold(const struct failure *why)
{
    struct observation *observation = observation_new(0);

    observation->dn_answer = why->reason == REASON_NONE ? DN_UNTOLD : DN_FAILED;
    failure_copy(why, &observation->failure);
    return observation;
}

void observation_free(struct observation *observation)
{
    if (!observation)
        return;
    g_free(observation->server);
    g_free(observation->vintage);
    failure_clear(&observation->failure);
    g_free(observation->found_dn);
    g_free(observation->found_identity);
    g_free(observation->matched_dn);
    g_free(observation->pinned_dn);
    g_clear_pointer(&observation->path, g_ptr_array_unref);
    g_free(observation->lookalike.dn);
    g_free(observation->lookalike.attribute);
    g_free(observation->tombstone.dn);
    g_free(observation->tombstone.last_parent);
    stamp_clear(&observation->tombstone.stamp);
    g_free(observation->object_classes);
    stamp_clear(&observation->stamp);
    g_free(observation->entry_dn);
    g_free(observation->parent_value);
    g_clear_pointer(&observation->values, g_ptr_array_unref);
    g_clear_pointer(&observation->others, g_ptr_array_unref);
    g_free(observation);
}
