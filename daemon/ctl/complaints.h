/* The complaints in a text: lines in, one after the other, complaints out, each once. Pure. */
#ifndef DNDRIFT_CTL_COMPLAINTS_H
#define DNDRIFT_CTL_COMPLAINTS_H

#include <glib.h>

#include "ctl/complaint.h"

#define COMPLAINTS_MAX 200 /* different ones that are kept; further ones are counted */

struct complaints;

struct complaints *complaints_new(void);
void complaints_free(struct complaints *complaints);

/* The next line, without its end; any bytes. */
void complaints_add_line(struct complaints *complaints, const char *line, size_t length);

/* All so far, in the order of their first lines (struct complaint *); theirs. The last line was read. */
const GPtrArray *complaints_finish(struct complaints *complaints);

/* Lines of complaints that did not fit into COMPLAINTS_MAX. */
guint64 complaints_left_out(const struct complaints *complaints);

typedef struct complaints complaints_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(complaints_t, complaints_free)
#endif
