/* The alerts of one round on their way to the store: composed from what is known about a watch, and many
 * alike put into one line. Owned by the engine. */
#ifndef DNDRIFT_BULLETIN_H
#define DNDRIFT_BULLETIN_H

#include "judge/alert.h"
#include "watch.h"

#define BULLETIN_MANY  20 /* more lines alike, of one round and directory, become one */
#define BULLETIN_NAMES 5  /* names listed in such a line */

struct bulletin;

struct bulletin *bulletin_new(void);
void bulletin_free(struct bulletin *bulletin);
bool bulletin_is_empty(const struct bulletin *bulletin);

/* One event of a watch, told from its state and the outcome of the observation (NULL for REMINDER, EDITED,
 * REMOVED). before: the old configured value of EDITED. */
void bulletin_add(struct bulletin *bulletin, enum word word, const struct watch *watch,
                  const struct watch_outcome *outcome, const char *before, struct now now);

/* What the event has in common with others, which becomes one line with theirs: above the entry; NULL:
 * nothing. Borrowed. */
const struct cause *bulletin_cause(enum word word, const struct watch_state *state,
                                   const struct watch_outcome *outcome);

/* Gives the alert the tags of the watch: what was judged, and since when. */
void bulletin_tag(struct alert *alert, const struct watch_state *state, const struct judgement *judgement,
                  int64_t wall_since_ms);

/* An event of a whole directory, or with directory NULL of the daemon. */
void bulletin_add_wide(struct bulletin *bulletin, enum word word, const char *directory, const char *server,
                       const char *sentence, struct now now);

/* The last that were given. */
struct bulletin_numbers {
    uint64_t alert;
    uint64_t place; /* in the history */
};

/* Hands over each alert in order, numbered upwards, the many alike as one, and then empties the bulletin.
 * on_watch tells which alert speaks for which watch; on_untold takes what is for the history alone: a STATE,
 * and of each of the many that are told as one what that alone would have said; on_alert takes the alert. */
struct bulletin_listener {
    void (*on_watch)(void *user, const char *watch, enum word word, uint64_t number);
    void (*on_untold)(void *user, struct alert *untold);
    void (*on_alert)(void *user, struct alert *alert);
};
void bulletin_flush(struct bulletin *bulletin, struct bulletin_numbers *numbers,
                    const struct bulletin_listener *listener, void *user);
#endif
