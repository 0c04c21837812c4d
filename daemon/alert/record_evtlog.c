#include "alert/record_evtlog.h"

#include <evtlog.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* libevtlog writes the `;` after the description even if no tag follows. */
static void drop_last(char *line)
{
    size_t length = strlen(line);

    if (length > 0)
        line[length - 1] = '\0';
}

static char *record_evtlog_format(const struct fields *fields, EVTCONTEXT *context)
{
    EVTREC *event = evt_rec_init(context, EVT_PRI_INFO, fields->description);
    char *line = NULL;
    char *copy;
    bool is_whole = event != NULL;

    /* One at a time: in evt_rec_add_tags() a tag that found no memory would end the list. */
    for (unsigned i = 0; is_whole && i < fields->n_tags; i++) {
        EVTTAG *tag = evt_tag_str(fields->tags[i].name, fields->tags[i].value);

        is_whole = tag != NULL;
        if (tag)
            evt_rec_add_tag(event, tag);
    }
    if (is_whole)
        line = evt_format(event);
    if (event)
        evt_rec_free(event);
    if (line && fields->n_tags == 0)
        drop_last(line);
    copy = g_strdup(line);
    free(line);
    return copy;
}

char *record_evtlog_print(const struct fields *fields)
{
    EVTCONTEXT *context = evt_ctx_init("dndriftd", EVT_FAC_DAEMON);
    char *line;

    if (!context)
        return NULL;
    line = record_evtlog_format(fields, context);
    evt_ctx_free(context);
    return line;
}
