#include "directory/standing.h"

void standing_note_failure(struct standing *standing, enum phase phase, enum reason reason, int code,
                           char *text)
{
    failure_clear(&standing->failure);
    standing->failure = (struct failure){phase, reason, code, text};
    standing->is_credentials = false;
}

void standing_back_off(struct standing *standing, int64_t now_ms, uint32_t random)
{
    standing->is_up = false;
    standing->backoff = backoff_next(standing->backoff, BACKOFF_SERVER, now_ms, random);
}

void standing_introduce(struct standing *standing, const struct wire_ready *ready)
{
    g_free(standing->kind);
    g_free(standing->limits);
    standing->kind = g_strdup(ready->kind);
    standing->limits = g_strdup(ready->limits);
    standing->wall_certificate_expires_s = ready->wall_certificate_expires_s;
}

void standing_forgive(struct standing *standing)
{
    standing->backoff = (struct backoff){0};
}

void standing_prove(struct standing *standing)
{
    standing->is_up = true;
    standing_forgive(standing);
    failure_clear(&standing->failure);
}

void standing_clear(struct standing *standing)
{
    failure_clear(&standing->failure);
    g_free(standing->kind);
    g_free(standing->limits);
    *standing = (struct standing){0};
}

int64_t standing_until_ms(const struct standing *standing)
{
    return standing->backoff.failures ? standing->backoff.until_ms : 0;
}

uint64_t standing_restarts(const struct standing *standing)
{
    return standing->n_started ? standing->n_started - 1 : 0;
}
