/* The engine's edges: what it asks goes to the directories, what it keeps to the store, what it tells to the
 * outbox. */
#ifndef DNDRIFT_EDGES_H
#define DNDRIFT_EDGES_H

#include "parts.h"

/* For engine_new(). */
struct engine_edges edges_of_engine(struct parts *parts);

/* For outbox_new(). */
extern const struct outlet_listener edges_outlet_listener;

/* The history keeps as much as the configuration says. */
void edges_limit_history(struct parts *parts);

/* Starts the prober side of a directory. */
void edges_add_directory(struct parts *parts, const struct directory_config *config);

/* Lets the engine run, now and whenever it wants to run next. */
void edges_tick(struct parts *parts);

/* Makes the timers. */
void edges_start(struct parts *parts);
void edges_stop(struct parts *parts);
#endif
