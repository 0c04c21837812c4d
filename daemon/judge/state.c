#include "judge/state.h"

struct watch_state *watch_state_new(const char *watch)
{
    struct watch_state *state = g_new0(struct watch_state, 1);

    state->watch = g_strdup(watch);
    return state;
}

struct watch_state *watch_state_dup(const struct watch_state *state)
{
    struct watch_state *copy = g_memdup2(state, sizeof *state);

    copy->watch = g_strdup(state->watch);
    copy->directory = g_strdup(state->directory);
    copy->attribute = g_strdup(state->attribute);
    copy->consumer = g_strdup(state->consumer);
    copy->fix = g_strdup(state->fix);
    copy->silence = g_strdup(state->silence);
    copy->configured = g_strdup(state->configured);
    copy->pin = (struct pin){0};
    pin_copy(&state->pin, &copy->pin);
    copy->shown = (struct judgement){0};
    judgement_copy(&state->shown, &copy->shown);
    copy->alert = g_strdup(state->alert);
    copy->last_failure = (struct failure){0};
    failure_copy(&state->last_failure, &copy->last_failure);
    return copy;
}

void watch_state_free(struct watch_state *state)
{
    if (!state)
        return;
    g_free(state->watch);
    g_free(state->directory);
    g_free(state->attribute);
    g_free(state->consumer);
    g_free(state->fix);
    g_free(state->silence);
    g_free(state->configured);
    pin_clear(&state->pin);
    judgement_clear(&state->shown);
    g_free(state->alert);
    failure_clear(&state->last_failure);
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
