#include "judge/observation.h"

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

struct question *question_new(uint32_t id, const char *dn)
{
    struct question *question = g_new0(struct question, 1);

    question->id = id;
    question->dn = g_strdup(dn);
    return question;
}

static void *string_dup(const void *text, void *user)
{
    (void)user;
    return g_strdup(text);
}

static void *path_entry_dup(const void *pointer, void *user)
{
    const struct path_entry *entry = pointer;

    (void)user;
    return path_entry_new(entry->dn, entry->identity);
}

static GPtrArray *array_dup(GPtrArray *array, GCopyFunc dup, GDestroyNotify free_item)
{
    if (!array)
        return NULL;
    GPtrArray *copy = g_ptr_array_copy(array, dup, NULL);
    g_ptr_array_set_free_func(copy, free_item);
    return copy;
}

struct question *question_dup(const struct question *question)
{
    struct question *copy = question_new(question->id, question->dn);

    copy->identity = g_strdup(question->identity);
    copy->ancestors = array_dup(question->ancestors, string_dup, g_free);
    copy->want_path = question->want_path;
    return copy;
}

void question_free(struct question *question)
{
    if (!question)
        return;
    g_free(question->dn);
    g_free(question->identity);
    g_clear_pointer(&question->ancestors, g_ptr_array_unref);
    g_free(question);
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

struct observation *observation_dup(const struct observation *observation)
{
    struct observation *copy = g_memdup2(observation, sizeof *observation);

    copy->server = g_strdup(observation->server);
    copy->failure.text = g_strdup(observation->failure.text);
    copy->found_dn = g_strdup(observation->found_dn);
    copy->found_identity = g_strdup(observation->found_identity);
    copy->matched_dn = g_strdup(observation->matched_dn);
    copy->pinned_dn = g_strdup(observation->pinned_dn);
    copy->path = array_dup(observation->path, path_entry_dup, (GDestroyNotify)path_entry_free);
    copy->lookalike.dn = g_strdup(observation->lookalike.dn);
    copy->lookalike.attribute = g_strdup(observation->lookalike.attribute);
    return copy;
}

void observation_free(struct observation *observation)
{
    if (!observation)
        return;
    g_free(observation->server);
    failure_clear(&observation->failure);
    g_free(observation->found_dn);
    g_free(observation->found_identity);
    g_free(observation->matched_dn);
    g_free(observation->pinned_dn);
    g_clear_pointer(&observation->path, g_ptr_array_unref);
    g_free(observation->lookalike.dn);
    g_free(observation->lookalike.attribute);
    g_free(observation);
}
