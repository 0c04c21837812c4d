/* When which watches are asked: groups of one directory and interval, each with at most one round under way,
 * and watches out of turn. Owned by the engine. */
#ifndef DNDRIFT_SCHEDULE_H
#define DNDRIFT_SCHEDULE_H

#include "roster.h"

struct schedule;

/* Watches to be asked together, now. */
struct due {
    const char *directory;
    GPtrArray *watches; /* of struct watch; borrowed, until the next schedule_follow() */
    int64_t interval_ms;
    bool is_fresh;
};

/* Starts the round that answers it and tells the round's id; 0: there is nothing to ask. */
typedef uint64_t (*schedule_start_fn)(void *user, const struct due *due, struct now now);

struct schedule *schedule_new(void);
void schedule_free(struct schedule *schedule);

/* Groups the watches of the roster anew; groups that stay keep their turn. New ones are due at once. */
void schedule_follow(struct schedule *schedule, const struct roster *roster, struct now now);

/* Starts what is due. Answers boot_ms at which to call again. */
int64_t schedule_run(struct schedule *schedule, const struct roster *roster, struct now now,
                     schedule_start_fn start, void *user);

void schedule_round_ended(struct schedule *schedule, uint64_t round);

/* Everything is due now. */
void schedule_hurry(struct schedule *schedule, struct now now);
#endif
