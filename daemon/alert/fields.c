#include "alert/fields.h"

#include "alert/clip.h"

static void fields_add(struct fields *fields, const char *name, const char *value, size_t max_bytes)
{
    if (!value || !*value)
        return;
    fields->tags[fields->n_tags].name = name;
    fields->tags[fields->n_tags].value = clip_text(value, '\'', max_bytes);
    fields->n_tags++;
}

void fields_fill(struct fields *fields, const struct alert *alert, const char *id, size_t max_bytes)
{
    const char *word = word_name(alert->word);
    g_autofree char *name = clip_text(alert->name ? alert->name : "dndriftd", ';', max_bytes);
    g_autofree char *sentence = clip_text(alert->sentence ? alert->sentence : "", ';', max_bytes);

    fields->description = g_strdup_printf("%s %s: %s", word ? word : "UNKNOWN", name, sentence);
    fields->n_tags = 0;
    for (unsigned i = 0; i < TAG_COUNT; i++)
        fields_add(fields, tag_name((enum tag)i), i == TAG_ALERT ? id : alert->tags[i], max_bytes);
}

void fields_clear(struct fields *fields)
{
    g_free(fields->description);
    for (unsigned i = 0; i < fields->n_tags; i++)
        g_free(fields->tags[i].value);
}
