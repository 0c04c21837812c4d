/* What a text complains about: one complaint, however often it is repeated. */
#ifndef DNDRIFT_CTL_COMPLAINT_H
#define DNDRIFT_CTL_COMPLAINT_H

#include <glib.h>

#include "ctl/line_kind.h"
#include "ctl/dapi.h"

struct complaint {
    const struct line_kind *kind;
    const struct dapi_code *dapi; /* NULL: none is named */
    char *dn;      /* the name that was refused, as it is written there; NULL: it is not told */
    char *matched; /* the nearest entry that exists, by what the server says; NULL */
    guint64 first_line, last_line;
    guint64 count;
};

struct complaint *complaint_new(const struct line_kind *kind, const struct dapi_code *dapi, guint64 line);
void complaint_free(struct complaint *complaint);

/* "0xC000011E BERR_CREATE_PATH_NOT_FOUND", "noSuchObject (32)"; g_free() it. */
char *complaint_title(const struct complaint *complaint);
const struct meaning *complaint_meaning(const struct complaint *complaint);

/* The same for two that differ in their lines alone; g_free() it. */
char *complaint_key(const struct complaint *complaint);

/* The first name of `dn`, from the top, that is below `matched`; NULL: it is not told, or `matched` (as
 * Active Directory does it) is all of `dn`. g_free() it. */
char *complaint_first_missing(const struct complaint *complaint);

typedef struct complaint complaint_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(complaint_t, complaint_free)
#endif
