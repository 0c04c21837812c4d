/* How a directory is reached, and whose fault it is when it is not: its own, or one at our own end that takes
 * all directories away at once. Plain facts on the boot clock and one pure decision; the facts of a directory
 * belong to its record. */
#ifndef DNDRIFT_REACH_H
#define DNDRIFT_REACH_H

#include "judge/alarm.h"
#include "judge/observation.h"

#define REACH_RAGGED_MS  2000  /* one fault takes all directories away within so long, not in one instant */
#define REACH_GATHER_MS  5000  /* how long one is waited for that answered after the first had failed */
#define REACH_LONGEST_MS 30000 /* the longest that an announcement waits for rounds under way */

struct reach {
    int64_t boot_answered_ms; /* its latest answer; 0: none yet */
    int64_t boot_failing_ms;  /* it was asked then, or gave its last answer, and has only failed as a whole
                                 since; 0: the latest that was heard of it is an answer */
    int64_t boot_due_ms;      /* when its UNVERIFIABLE became due, which is not told yet; 0: none is */
    int64_t boot_busy_ms;     /* when its rounds under way end at the latest; 0: there are none */
};

/* What the observation of a question asked at boot_asked_ms says about the way to the directory. True: it is
 * an answer, if only an LDAP error about one entry. A connection that broke at one question says nothing. */
bool reach_hear(struct reach *reach, const struct observation *observation, int64_t boot_asked_ms,
                struct now now);

/* As if it had answered just now: whatever it fails from now on is another story. */
void reach_absolve(struct reach *reach, struct now now);

enum reach_scope {
    REACH_OPEN, /* cannot be said yet */
    REACH_OWN,  /* this directory fails by itself */
    REACH_ALL   /* all fail that were asked in that time, two at least */
};

/* Whose fault it is that reaches[due] fails, whose UNVERIFIABLE is due. All that began to fail after the last
 * answer of any directory fail together; one that failed before it fails by itself, and so does one that is
 * alone. Directories that were not asked since it began to fail have no say. For REACH_OPEN, *ret_boot_ms is
 * when to decide again if nothing was heard until then. */
enum reach_scope reach_decide(const struct reach *reaches, unsigned n, unsigned due, struct now now,
                              int64_t *ret_boot_ms);

/* Whether reaches[other] began to fail after the last answer of any of them. */
bool reach_is_together(const struct reach *reaches, unsigned n, unsigned other);
#endif
