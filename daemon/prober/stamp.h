/* When, by whom and on which server an entry was changed, as far as the server tells; what it does not tell
 * stays unknown. */
#ifndef DNDRIFT_PROBER_STAMP_H
#define DNDRIFT_PROBER_STAMP_H

#include "prober/probe.h"

/* What happened to the entry. Where attributes have stamps of their own, only that of the attribute counts
 * which it changed; else the last change of any kind. */
enum stamp_event { STAMP_NAMED, STAMP_DELETED };

/* The entry was read with WISH_STAMP. false: the connection is lost. */
bool stamp_read(struct probe *probe, const struct entry *entry, enum stamp_event event,
                struct stamp *ret_stamp);

/* The same of a change to this attribute. */
bool stamp_read_of(struct probe *probe, const struct entry *entry, const char *attribute,
                   struct stamp *ret_stamp);
#endif
