/* All that is known about one watch: what the engine keeps, the store persists and the health endpoint shows.
 * The engine owns it; others read it inside one call. */
#ifndef DNDRIFT_JUDGE_STATE_H
#define DNDRIFT_JUDGE_STATE_H

#include "judge/alarm.h"
#include "judge/judge.h"

struct watch_state {
    /* from the configuration, fresh at each reload */
    char *watch;
    char *directory;
    char *attribute; /* the configured value is one of it; NULL: it is a DN */
    char *consumer;  /* NULL: not given */
    char *fix;       /* NULL: not given */
    bool is_strict;
    int severity; /* syslog number, of drift alerts */
    int64_t stale_after_ms;
    char *silence; /* the [silence] that its alerts wait for; NULL: none */
    /* kept over a restart */
    char *configured; /* the configured value */
    bool is_edited;   /* it changed, or the operator adopts: the next entry at the DN is the deliberate one */
    struct pin pin;
    struct alarm alarm;
    struct count matching;         /* entries that match, when they last were enough */
    struct judgement shown;        /* the judgement that led to the confirmed state */
    char *alert;                   /* id of the alert that announced the open drift: STORE-N */
    int64_t wall_last_compared_ms; /* last ok or drift observation; 0: never */
    int64_t wall_removed_ms;       /* taken out of the configuration then; 0: it is in it */
    /* since the start of the daemon */
    int64_t wall_last_attempt_ms;
    int64_t boot_last_compared_ms; /* when loaded: placed by the wall clock, clamped to now */
    int64_t boot_known_ms;         /* since when this daemon has asked for it */
    struct failure last_failure;   /* of the latest observation, if it failed */
};

struct watch_state *watch_state_new(const char *watch);
struct watch_state *watch_state_dup(const struct watch_state *state);
/* A copy in one piece, to be read: g_free() it. Cheap, for there may be 100 000 of them. */
struct watch_state *watch_state_pack(const struct watch_state *state);
void watch_state_free(struct watch_state *state);

/* Makes a text of the state a copy of the value, which may be NULL; one that says so already stays where it
 * is. */
void state_set_text(char **text, const char *value);

/* Nothing conclusive for stale_after: /health fails. */
bool watch_state_is_stale(const struct watch_state *state, struct now now);
#endif
