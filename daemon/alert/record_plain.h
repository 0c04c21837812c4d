/* A record: the fields of an alert, escaped and cut, before they are one line; and the line by our own rules.
 */
#ifndef DNDRIFT_ALERT_RECORD_PLAIN_H
#define DNDRIFT_ALERT_RECORD_PLAIN_H

/* In the description `;` and in the values `'` are still bare: the formatter quotes them, nothing else. */
struct record {
    char *description; /* WORD NAME: sentence */
    unsigned n_tags;
    struct {
        const char *name;
        char *value;
    } tags[16];
};

/* DESCRIPTION; name='value', name='value' - the description alone if there are no tags. g_free() it. */
char *record_plain_print(const struct record *record);

#endif
