/* One child process and the socket to it: started, killed and reaped without ever waiting. Held through a
 * pidfd, so that a kill can never hit a recycled process number. Owned by whoever speaks to it. */
#ifndef DNDRIFT_PROCESS_H
#define DNDRIFT_PROCESS_H

#include <event2/event.h>
#include <glib.h>
#include <stdbool.h>

struct process;

struct process_exit {
    int signal;  /* that ended it; 0: it left by itself */
    int status;  /* its exit status then */
    int problem; /* errno: why it could not be started; 0: it was */
};

struct process_order {
    const char *const *arguments;   /* the first is the path of the program */
    const char *const *environment; /* NULL: ours, less what a child must not inherit */
    const int *fds;                 /* what is to be its descriptors 0, 1, ...; -1: that of ours */
    int n_fds;                      /* it gets no other, but for our stdin, stdout, stderr */
    bool is_leader;                 /* of a session of its own: a kill takes all that it has started */
};

/* on_exit runs in the loop once the child has ended and was reaped. NULL and a sentence if it cannot be
 * started. */
struct process *process_start(struct event_base *base, const struct process_order *order,
                              void (*on_exit)(void *user, struct process_exit how), void *user,
                              GError **error);

/* The same beside the loop, which does not wait until a busy machine has made the child another program. That
 * the program cannot be started is how it ends. */
struct process *process_launch(struct event_base *base, const struct process_order *order,
                               void (*on_exit)(void *user, struct process_exit how), void *user,
                               GError **error);

/* As process_start(), with one end of a socket pair as descriptor fd. *ret_socket is the other end,
 * non-blocking, owned by the caller. */
struct process *process_start_with_socket(struct event_base *base, const char *const *arguments, int fd,
                                          void (*on_exit)(void *user, struct process_exit how), void *user,
                                          int *ret_socket, GError **error);

void process_kill(struct process *process); /* SIGKILL; on_exit follows */

/* Gives it away: no more calls. It gets grace_ms to end by itself (its owner has closed the socket), then
 * SIGKILL; the loop reaps it. NULL is fine. */
void process_release(struct process *process, int64_t grace_ms);
#endif
