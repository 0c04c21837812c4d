#include "prober/last_words.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct last_words {
    int fd;
    GByteArray *frame; /* encoded before: a signal handler may do little */
    timer_t timer;
};

static void on_late(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    if (info->si_code != SI_TIMER) /* somebody's SIGALRM, which knows no words */
        return;
    const struct last_words *words = info->si_value.sival_ptr;
    if (send(words->fd, words->frame->data, words->frame->len, MSG_NOSIGNAL) < 0)
        _exit(EXIT_FAILURE);
    _exit(EXIT_SUCCESS);
}

struct last_words *last_words_arm(struct parent *parent, const struct failure *failure, int64_t deadline_ms)
{
    struct last_words *words = g_new0(struct last_words, 1);
    struct sigaction action = {.sa_sigaction = on_late, .sa_flags = SA_SIGINFO | SA_RESTART};
    struct sigevent event = {
        .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM, .sigev_value.sival_ptr = words};
    struct itimerspec end = {
        .it_value = {.tv_sec = deadline_ms / 1000, .tv_nsec = (deadline_ms % 1000) * 1000000}};

    words->fd = parent_fd(parent);
    words->frame = g_byte_array_new();
    wire_put_failed(words->frame, &(struct wire_failed){.failure = *failure});
    sigaction(SIGALRM, &action, NULL);
    if (timer_create(CLOCK_MONOTONIC, &event, &words->timer) < 0) {
        g_byte_array_unref(words->frame);
        g_free(words);
        return NULL; /* the daemon holds a deadline as well, and knows less about what was late */
    }
    timer_settime(words->timer, TIMER_ABSTIME, &end, NULL);
    return words;
}

void last_words_disarm(struct last_words *words)
{
    if (!words)
        return;
    timer_delete(words->timer);
    g_byte_array_unref(words->frame);
    g_free(words);
}
