/* An alert: one event as one line of syslog, one row of the outbox. Fields first, text last. */
#ifndef DNDRIFT_JUDGE_ALERT_H
#define DNDRIFT_JUDGE_ALERT_H

#include <glib.h>
#include <stdint.h>

#include "judge/observation.h"

/* What happened: the first word of the line. */
enum word {
    WORD_NONE,
    WORD_DRIFT,
    WORD_CHANGED,
    WORD_EDITED,
    WORD_REMINDER,
    WORD_RECOVERED,
    WORD_REMOVED,
    WORD_UNVERIFIABLE,
    WORD_VERIFIABLE,
    WORD_SPELLING,
    WORD_PINNED,
    WORD_INVALID,
    WORD_STARTED,
    WORD_STOPPED,
    WORD_RELOADED,
    WORD_REJECTED,
    WORD_STATE, /* the confirmed state changed, and nobody is told: for the history alone */
    WORD_COUNT
};

/* The tags of the line, in its order. */
enum tag {
    TAG_WATCH,
    TAG_VERDICT,
    TAG_CONFIGURED,
    TAG_LIVE,
    TAG_FIRST_MISSING,
    TAG_IDENTITY,
    TAG_DIRECTORY,
    TAG_SERVER,
    TAG_SINCE, /* RFC 3339 UTC */
    TAG_ALERT, /* written by the outlet: STORE-N */
    TAG_FIX,
    TAG_COUNT
};

struct alert {
    uint64_t number; /* n of the alert id; 0 until the outbox gave it one, and where nobody is told */
    uint64_t place;  /* in the history, where members share that of their alert */
    enum word word;
    int severity;          /* syslog: 3 err, 4 warning, 5 notice, 6 info */
    int64_t wall_time_ms;  /* when it happened */
    char *name;            /* the watch, "@DIRECTORY", or "dndriftd" for the daemon itself */
    char *sentence;        /* plain text, not escaped for any sink */
    char *tags[TAG_COUNT]; /* raw values; NULL: absent */
    char *cause; /* what many that happen at once have in common, in a clause; NULL: nothing. Not kept */
    struct stamp changed; /* who changed the entry, and when; for the history, the sentence says it as well */
    bool is_member; /* told by the alert of the same number, which speaks for many: for the history alone */
};

struct alert *alert_new(enum word word, int severity, const char *name, int64_t wall_time_ms);
struct alert *alert_dup(const struct alert *alert);
void alert_clear(struct alert *alert);
void alert_free(struct alert *alert);
void alert_set_tag(struct alert *alert, enum tag tag,
                   const char *value); /* copies; NULL or "" takes the tag away */

const char *word_name(enum word word);
enum word word_from_name(const char *name);
const char *tag_name(enum tag tag);
const char *severity_name(int severity); /* as syslog.conf(5) has it: err, warning ... */
int word_severity(enum word word);       /* the default; DRIFT, CHANGED, REMINDER take the watch's */

/* 2026-11-23T20:15:00Z; g_free() it. NULL for 0. */
char *wall_time_format(int64_t wall_ms);

/* 2026-11-23T20:15:00.250Z, the same with milliseconds. */
char *wall_time_format_exact(int64_t wall_ms);

/* How long something has lasted, for people: 45s, 12m, 2h 10m, 3d 4h; g_free() it. */
char *age_format(int64_t age_ms);

typedef struct alert alert_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(alert_t, alert_free)
#endif
