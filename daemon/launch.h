/* The start of one child process, which lasts until the child has become another program: as long as the
 * machine likes when it is busy. So a thread waits for that where the loop must not. Owned by the process. */
#ifndef DNDRIFT_LAUNCH_H
#define DNDRIFT_LAUNCH_H

#include "process.h"

#include <sys/types.h>

struct launch;

/* Waits. 0, or errno. */
int launch_now(const struct process_order *order, pid_t *ret_pid, int *ret_pidfd);

/* Copies the order and begins. NULL: there are no more threads or descriptors. */
struct launch *launch_new(const struct process_order *order);

int launch_fd(const struct launch *launch); /* readable when it is over */

/* Waits if it is not over, and is gone. As launch_now(). */
int launch_end(struct launch *launch, pid_t *ret_pid, int *ret_pidfd);

#endif
