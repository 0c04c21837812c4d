#include "config.h"

#include "alert/record.h"

#include "alert/clip.h"
#include "alert/record_plain.h"
#ifdef HAVE_EVTLOG
#include "alert/record_evtlog.h"
#endif

#include <string.h>

static void record_add_tag(struct record *record, const char *name, const char *value, size_t max_bytes)
{
    if (!value || !*value)
        return;
    record->tags[record->n_tags].name = name;
    record->tags[record->n_tags].value = clip_text(value, '\'', max_bytes);
    record->n_tags++;
}

static void record_fill(struct record *record, const struct alert *alert, const char *id, size_t max_bytes)
{
    const char *word = word_name(alert->word);
    g_autofree char *name = clip_text(alert->name ? alert->name : "dndriftd", ';', max_bytes);
    g_autofree char *sentence = clip_text(alert->sentence ? alert->sentence : "", ';', max_bytes);

    G_STATIC_ASSERT(TAG_COUNT <= G_N_ELEMENTS(record->tags));
    record->description = g_strdup_printf("%s %s: %s", word ? word : "UNKNOWN", name, sentence);
    for (unsigned i = 0; i < TAG_COUNT; i++)
        record_add_tag(record, tag_name((enum tag)i), i == TAG_ALERT ? id : alert->tags[i], max_bytes);
}

static void record_clear(struct record *record)
{
    g_free(record->description);
    for (unsigned i = 0; i < record->n_tags; i++)
        g_free(record->tags[i].value);
}

static char *record_print(const struct record *record)
{
    char *line = NULL;

#ifdef HAVE_EVTLOG
    line = record_evtlog_print(record);
#endif
    return line ? line : record_plain_print(record);
}

/* What the daemon writes fits with whole values of RECORD_MAX_VALUE; should it not, all of them give way
 * alike. */
char *record_format(const struct alert *alert, const char *id)
{
    for (size_t max_bytes = RECORD_MAX_VALUE;; max_bytes /= 2) {
        struct record record = {0};
        char *line;

        record_fill(&record, alert, id, max_bytes);
        line = record_print(&record);
        record_clear(&record);
        if (strlen(line) <= RECORD_MAX_BYTES)
            return line;
        g_free(line);
    }
}
