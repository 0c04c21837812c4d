/* What one directory is asked in a comparison: about all its watches at once, and again about those whose
 * answer has to be confirmed. Owned by the comparison. */
#ifndef DNDRIFT_INTERVIEW_H
#define DNDRIFT_INTERVIEW_H

#include <event2/event.h>

#include "lineage.h"
#include "watch.h"

struct interview;

/* Who asks, and hears. All is borrowed. */
struct interviewer {
    struct event_base *base;
    const char *prober; /* path of dndrift-prober */
    struct roster *roster;
    struct lineage *lineage;
    void *user;
    bool (*on_answer)(void *user, struct watch *watch,
                      const struct observation *observation); /* whether it is to be asked about again */
    void (*on_end)(void *user);                               /* there is nothing more to ask */
};

/* The settings are copied. */
struct interview *interview_new(const struct interviewer *interviewer,
                                const struct directory_config *settings);
void interview_free(struct interview *interview);

const char *interview_directory(const struct interview *interview);

/* One more watch to ask about, of the roster. */
void interview_add(struct interview *interview, struct watch *watch);

/* The answers come from the event loop, or at once where the secret to log in with cannot be found. */
void interview_start(struct interview *interview);
#endif
