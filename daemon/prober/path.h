/* The entries above one entry, up to its naming context: DN, identity and stamp of each. */
#ifndef DNDRIFT_PROBER_PATH_H
#define DNDRIFT_PROBER_PATH_H

#include "prober/probe.h"

/* *ret_path: of struct path_entry, parent first; the caller's. An ancestor that this account may not see is
 * in it without identity. NULL with *failure filled if one of them got no complete answer. false: the
 * connection is lost. */
bool path_read(struct probe *probe, const char *dn, bool wants_stamps, GPtrArray **ret_path,
               struct failure *failure);
#endif
