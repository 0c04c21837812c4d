/* The ancestors of pinned entries, each kept once per directory: chains from a parent up to its naming
 * context. Owned by the engine. */
#ifndef DNDRIFT_LINEAGE_H
#define DNDRIFT_LINEAGE_H

#include "judge/judge.h"
#include "store/store.h"

struct lineage;

/* Takes the table of store_content: "DIRECTORY\nIDENTITY" -> struct ancestor. */
struct lineage *lineage_new(GHashTable *ancestors);
void lineage_free(struct lineage *lineage);

/* The identities (char *) above an entry, its parent's first; NULL if that is NULL. The array is shared by
 * all that have this parent: a new reference for the caller, who does not change it. */
GPtrArray *lineage_path(struct lineage *lineage, const char *directory, const char *parent_identity);

/* The DNs (char *) that the entries of such a path had when they were last read; the caller's array, borrowed
 * until the next lineage_learn(). */
GPtrArray *lineage_dns(const struct lineage *lineage, const char *directory, const GPtrArray *path);

/* Notes the path that was read above an entry. What was new or different is added to batch->ancestors. */
void lineage_learn(struct lineage *lineage, const char *directory, GPtrArray *path,
                   struct store_batch *batch);

/* Adds everything to batch->ancestors. */
void lineage_keep_all(const struct lineage *lineage, struct store_batch *batch);
#endif
