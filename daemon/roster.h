/* The watches there are: follows the configuration from reload to reload, and keeps what is known of those
 * taken out. Owned by the engine. */
#ifndef DNDRIFT_ROSTER_H
#define DNDRIFT_ROSTER_H

#include "watch.h"

#define ROSTER_KEEP_REMOVED_MS (30 * G_TIME_SPAN_DAY / 1000) /* pin and history of a watch taken out */

struct roster;

struct roster_listener {
    void (*on_edited)(
        void *user, struct watch *watch,
        const char *before); /* the configured value, or the pin by hand (before NULL), is another */
    void (*on_renamed)(void *user, const char *before,
                       struct watch *watch); /* goes on under another name, see succession.h */
    void (*on_removed)(void *user,
                       struct watch *watch); /* taken out of the configuration; its config is gone */
    void (*on_forgotten)(void *user, const char *name); /* taken out too long ago */
};

/* Takes the states: what the store knew. They are no watches until a configuration names them. */
struct roster *roster_new(GPtrArray *states);
void roster_free(struct roster *roster);

/* Makes the watches those of the configuration. old may be NULL. New and changed ones are to be asked at
 * once. */
void roster_apply(struct roster *roster, const struct config *old, const struct config *config,
                  struct now now, const struct roster_listener *listener, void *user);

unsigned roster_n(const struct roster *roster);
struct watch *roster_at(const struct roster *roster, unsigned index); /* in order of name */
struct watch *roster_find(const struct roster *roster, const char *name);
unsigned roster_n_of(const struct roster *roster, const char *directory);

/* Adds the states of those taken out to the batch. */
void roster_keep_removed(const struct roster *roster, struct store_batch *batch);

/* Answers to what was asked before do not count any more. */
void roster_renew_epoch(struct roster *roster, struct watch *watch);
#endif
