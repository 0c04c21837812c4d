#include "judge/state.h"

#include <string.h>

#define MEMBER(member) offsetof(struct watch_state, member)
#define TEXT(state, i) G_STRUCT_MEMBER(char *, state, texts[i])

/* Those that a state owns, which is all that it owns. */
static const size_t texts[] = {
    MEMBER(watch),
    MEMBER(directory),
    MEMBER(attribute),
    MEMBER(consumer),
    MEMBER(fix),
    MEMBER(silence),
    MEMBER(configured),
    MEMBER(pin.identity),
    MEMBER(pin.dn),
    MEMBER(pin.configured),
    MEMBER(pin.parent_identity),
    MEMBER(shown.live),
    MEMBER(shown.first_missing),
    MEMBER(shown.identity),
    MEMBER(shown.pinned_live),
    MEMBER(shown.replacement),
    MEMBER(shown.certainty),
    MEMBER(shown.cause.was),
    MEMBER(shown.cause.is),
    MEMBER(shown.failure.text),
    MEMBER(shown.server),
    MEMBER(shown.vintage),
    MEMBER(shown.changed.by),
    MEMBER(shown.changed.origin),
    MEMBER(shown.sentence),
    MEMBER(shown.remedy),
    MEMBER(alert),
    MEMBER(last_failure.text),
};

struct watch_state *watch_state_new(const char *watch)
{
    struct watch_state *state = g_new0(struct watch_state, 1);

    state->watch = g_strdup(watch);
    return state;
}

/* A copy in which the texts are still those of the other. */
static struct watch_state *copy_bare(const struct watch_state *state, size_t size)
{
    struct watch_state *copy = g_malloc(size);

    *copy = *state;
    return copy;
}

struct watch_state *watch_state_dup(const struct watch_state *state)
{
    struct watch_state *copy = copy_bare(state, sizeof *copy);

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        TEXT(copy, i) = g_strdup(TEXT(state, i));
    return copy;
}

struct watch_state *watch_state_pack(const struct watch_state *state)
{
    size_t size = sizeof *state;

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        size += TEXT(state, i) ? strlen(TEXT(state, i)) + 1 : 0;
    struct watch_state *packed = copy_bare(state, size);
    char *end = (char *)(packed + 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (!TEXT(state, i))
            continue;
        TEXT(packed, i) = end;
        end = stpcpy(end, TEXT(state, i)) + 1;
    }
    return packed;
}

void watch_state_free(struct watch_state *state)
{
    if (!state)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(TEXT(state, i));
    g_free(state);
}

void state_set_text(char **text, const char *value)
{
    if (g_strcmp0(*text, value) == 0)
        return;
    g_free(*text);
    *text = g_strdup(value);
}

bool watch_state_is_stale(const struct watch_state *state, struct now now)
{
    int64_t last_ms = MAX(state->boot_last_compared_ms, state->boot_known_ms);

    return now.boot_ms - last_ms > state->stale_after_ms;
}
