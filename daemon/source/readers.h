/* The threads that read sources, and what lies between them and the event loop. Owned by the lookout; a
 * thread whose file hangs may outlive it. */
#ifndef DNDRIFT_SOURCE_READERS_H
#define DNDRIFT_SOURCE_READERS_H

#include "source/reading.h"

#define READERS_MAX 16 /* threads; more than so many hanging files hold up the others */

struct readers;

struct readers *readers_new(void);

/* Waits for no thread. */
void readers_free(struct readers *readers);

/* Takes the reading, which comes back by readers_pop(). */
void readers_start(struct readers *readers, struct reading *reading);

int readers_done_fd(const struct readers *readers);   /* readable when one has come back */
struct reading *readers_pop(struct readers *readers); /* NULL: none; then the fd is no longer readable */

/* The inotify descriptor to which readings add the folders of their files; -1: the system has none left. */
int readers_notifier(const struct readers *readers);
#endif
