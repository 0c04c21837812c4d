/* What a database holds at the start of the daemon, read once. store_open() makes it, the engine takes it. */
#ifndef DNDRIFT_STORE_CONTENT_H
#define DNDRIFT_STORE_CONTENT_H

#include <glib.h>
#include <stdint.h>

#include "judge/alert.h"
#include "judge/state.h"
#include "store/batch.h"

/* What store_open() found; the caller owns it. */
struct store_content {
    char *id;              /* of this store: first half of every alert id */
    uint64_t last_number;  /* the highest number an alert ever had */
    uint64_t last_place;   /* of the newest entry of the history */
    int64_t lived_ms;      /* how long daemons had run on it by its newest entry of the history */
    GPtrArray *states;     /* of struct watch_state */
    GHashTable *ancestors; /* "DIRECTORY\nIDENTITY" (char *) -> struct ancestor * */
    GPtrArray *notices;    /* of struct directory_notice */
    GPtrArray *servers;    /* of struct server_notice */
    GPtrArray *outbox;     /* of struct alert, oldest first */
    GHashTable *outlets; /* number (int64_t *) -> GPtrArray of const char *: who is still to be told of it */
    GHashTable *members; /* number (int64_t *) -> GPtrArray of struct alert: those it speaks for */
    char *rejected;      /* NULL, or one sentence: what was set aside, under which name, what was lost */
};

struct store_content *store_content_new(void);
/* The outlets that have not taken the alert of that number; never NULL, the content's. */
const GPtrArray *store_content_outlets(const struct store_content *content, uint64_t number);

/* Those that the alert of that number speaks for, as far as the history still has them; the caller owns them.
 * NULL: none. */
GPtrArray *store_content_take_members(struct store_content *content, uint64_t number);

void store_content_free(struct store_content *content);

#endif
