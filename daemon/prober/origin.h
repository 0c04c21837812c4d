/* The server that took a change, by what its replication metadata say of it. */
#ifndef DNDRIFT_PROBER_ORIGIN_H
#define DNDRIFT_PROBER_ORIGIN_H

#include "prober/metadata.h"
#include "prober/probe.h"

/* *ret_name: `DC1`; the caller's, NULL if it cannot be told. An invocation id alone is looked up below the
 * configuration naming context, once in a batch. false: the connection is lost. */
bool origin_find(struct probe *probe, const struct metadata *metadata, char **ret_name);
#endif
