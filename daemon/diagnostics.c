#include "diagnostics.h"

#include <stdio.h>
#include <string.h>

#include "dn/text.h"

struct diagnostics {
    GHashTable *said; /* key -> boot_ms of the last time (int64_t *) */
};

struct diagnostics *diagnostics_new(void)
{
    struct diagnostics *diagnostics = g_new0(struct diagnostics, 1);

    diagnostics->said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return diagnostics;
}

void diagnostics_free(struct diagnostics *diagnostics)
{
    if (!diagnostics)
        return;
    g_hash_table_unref(diagnostics->said);
    g_free(diagnostics);
}

static void G_GNUC_PRINTF(2, 0) say(int severity, const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    g_autofree char *safe = NULL;

    /* What quotes something quotes it clean. */
    if (!text_is_clean(text, strlen(text)))
        safe = text_clean(text, strlen(text));
    fprintf(stderr, "<%d>%s\n", severity, safe ? safe : text);
}

void diagnostics_say(int severity, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(severity, format, arguments);
    va_end(arguments);
}

void diagnostics_say_problems(const GPtrArray *problems)
{
    for (unsigned i = 0; i < problems->len; i++)
        diagnostics_say(LOG_ERR, "%s", (const char *)problems->pdata[i]);
}

static bool is_due(struct diagnostics *diagnostics, int64_t boot_ms, const char *key)
{
    int64_t *last_ms = g_hash_table_lookup(diagnostics->said, key);

    if (last_ms && boot_ms - *last_ms < DIAGNOSTICS_SELDOM_MS)
        return false;
    if (g_hash_table_size(diagnostics->said) >= DIAGNOSTICS_KEYS)
        g_hash_table_remove_all(diagnostics->said);
    last_ms = g_new(int64_t, 1);
    *last_ms = boot_ms;
    g_hash_table_replace(diagnostics->said, g_strdup(key), last_ms);
    return true;
}

void diagnostics_say_seldom(struct diagnostics *diagnostics, int64_t boot_ms, const char *key, int severity,
                            const char *format, ...)
{
    va_list arguments;

    if (!is_due(diagnostics, boot_ms, key))
        return;
    va_start(arguments, format);
    say(severity, format, arguments);
    va_end(arguments);
}
