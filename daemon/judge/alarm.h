/* When a verdict becomes an alert: the confirmed state of one watch as a pure function of the history of
 * verdicts and now. */
#ifndef DNDRIFT_JUDGE_ALARM_H
#define DNDRIFT_JUDGE_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/alert.h"
#include "judge/quiet.h"
#include "judge/verdict.h"

/* Both clocks of one moment: ages and deadlines run on boot_ms (CLOCK_BOOTTIME), wall_ms (Unix time) is for
 * people. */
struct now {
    int64_t boot_ms;
    int64_t wall_ms;
};

struct alarm_policy {
    unsigned confirm;
    unsigned confirm_recovery;
    unsigned confirm_unverifiable;
    int64_t unverifiable_after_ms; /* besides: so long at least */
    int64_t remind_ms;             /* 0: never */
    unsigned flap_count;           /* more changes between drift and ok than this ... 0: any number */
    int64_t flap_window_ms;        /* ... in this time are flapping, and none in this time ends it */
};

struct alarm {
    /* kept over a restart */
    enum verdict verdict;      /* the confirmed state; VERDICT_NONE before the first */
    int64_t wall_since_ms;     /* of the first observation that led to it */
    bool is_drift_open;        /* a drift was announced and not yet recovered */
    bool is_invalid_open;      /* INVALID was announced and not yet closed */
    bool is_spelling_noted;    /* SPELLING was announced, and it was not spelled right since */
    bool is_unverifiable_open; /* UNVERIFIABLE was announced and not yet VERIFIABLE */
    bool is_unverifiable_wide; /* ... for the directory as a whole, not for this watch */
    int64_t wall_reminded_ms;  /* of the last DRIFT, CHANGED or REMINDER */
    struct quiet quiet;
    /* since the start of the daemon */
    enum verdict observed;    /* the latest observation */
    int64_t wall_observed_ms; /* since when it is that verdict */
    unsigned observed_count;  /* how often in a row it was that verdict */
    unsigned
        drift_count;   /* consecutive drift observations not yet announced; unverifiable ones do not count */
    unsigned ok_count; /* the same for ok */
    unsigned unverifiable_count; /* consecutive unverifiable observations */
    unsigned invalid_count;
    int64_t wall_run_ms;          /* start of the run being confirmed */
    int64_t wall_unverifiable_ms; /* start of the unverifiable run, on both clocks */
    int64_t boot_unverifiable_ms;
    int64_t boot_reminded_ms; /* wall_reminded_ms on this boot's clock, clamped to now; 0: not set yet */
};

struct alarm_input {
    enum verdict verdict;
    bool is_live_changed;   /* drift: the live value or identity differs from what was announced */
    bool is_directory_wide; /* unverifiable for a reason of the directory */
    bool is_grace;          /* just started: nothing is announced as unverifiable yet */
    bool is_held;           /* ok, drift: of a server that may be behind: it neither counts nor resets */
    bool is_untold;         /* invalid: not the directory says so, which was not asked */
};

struct alarm_result {
    bool is_confirmed;      /* the confirmed state is now this verdict, with this judgement's values */
    bool is_directory_wide; /* UNVERIFIABLE, VERIFIABLE: of the directory, to be told once for all its watches
                             */
    bool needs_confirming;  /* ask again soon, on a new connection */
    bool is_recovered;      /* an open drift, or invalid, was closed, told or not */
    bool is_held_back;      /* something to announce waits */
    bool is_flapping;       /* what is announced is the last for now: it changes too often */
    struct quiet ended; /* alerts wait no longer: what was kept meanwhile; wall_since_ms 0: that is not so */
    enum word words[5]; /* what to announce, in order; WORD_NONE ends */
};

/* One word more. */
void alarm_announce(struct alarm_result *result, enum word word);

/* One observation. */
void alarm_step(const struct alarm_policy *policy, struct alarm *alarm, const struct alarm_input *input,
                struct now now, struct alarm_result *ret_result);

/* Whether something is open that is told of the watch by itself: so it is, or it is what was told last, as
 * its end waits. */
bool alarm_is_open(const struct alarm *alarm);

/* Nothing that was announced of the whole directory stands any more: if it goes on to fail, that is confirmed
 * and announced anew. */
void alarm_take_back_wide(struct alarm *alarm);

/* The next reminder is due one time of `remind` from now on. */
void alarm_note_reminder(struct alarm *alarm, struct now now);

/* Time passes: whether a REMINDER is due, of an open drift or of flapping. It is taken as sent. */
bool alarm_remind(const struct alarm_policy *policy, struct alarm *alarm, struct now now);

/* boot_ms at which alarm_remind() is next worth asking; INT64_MAX: never. */
int64_t alarm_next_reminder(const struct alarm_policy *policy, struct alarm *alarm, struct now now);
#endif
