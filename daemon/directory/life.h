/* The life of one server's prober as a pure state machine: what may happen in which state, and what is to be
 * done then. Every arrow stands in the table of life.c and in its test. */
#ifndef DNDRIFT_DIRECTORY_LIFE_H
#define DNDRIFT_DIRECTORY_LIFE_H

#include <stdbool.h>

enum life {
    LIFE_NONE,        /* no prober */
    LIFE_CONNECTING,  /* started, for a batch of questions: name service, connect, TLS, bind, profile */
    LIFE_ASKED,       /* the batch was sent on that fresh connection, nothing was answered yet */
    LIFE_ANSWERING,   /* some of the batch is answered */
    LIFE_IDLE,        /* connected, has served a batch */
    LIFE_ASKED_AGAIN, /* asked on a connection that served before: it may have ended meanwhile */
    LIFE_COUNT
};

enum life_event {
    LIFE_STARTED,  /* we started the process */
    LIFE_READY,    /* frame: connected and bound */
    LIFE_ASK,      /* we have a batch for it */
    LIFE_PROGRESS, /* frame: what it is at */
    LIFE_ANSWER,   /* frame: an observation */
    LIFE_DONE,     /* frame: the batch is answered */
    LIFE_FAILED,   /* frame: it could not connect, or the server closed the connection */
    LIFE_GONE,     /* the process ended without a word */
    LIFE_LATE,     /* its deadline passed */
    LIFE_JUNK,     /* a frame that no honest prober sends at this point */
    LIFE_LEAVE,    /* we let it go: cancelled, a fresh one wanted, old, other settings */
    LIFE_EVENTS
};

/* What is to be done, in this order. */
enum life_action {
    LIFE_DISARM = 1 << 0,      /* no deadline is left */
    LIFE_ARM_CONNECT = 1 << 1, /* timeout, once, for all from the start to READY */
    LIFE_ARM_SEARCH = 1 << 2,  /* timeout, anew */
    LIFE_PROVEN = 1 << 3,      /* it answers: the back-off is forgotten */
    LIFE_SEND = 1 << 4,        /* send the batch */
    LIFE_DROP = 1 << 5,        /* close the connection and end the process */
    LIFE_BACK_OFF = 1 << 6,    /* leave the server alone for a while */
    LIFE_REPLACE = 1 << 7,     /* start again at once with the same batch: nothing was wrong */
    LIFE_TELL_SERVED = 1 << 8, /* tell who asked that the batch is answered */
    LIFE_TELL_FAILED = 1 << 9  /* tell who asked that it failed */
};

struct life_step {
    enum life next;
    unsigned actions;
};

/* Whether the event can happen in the state. A frame that cannot is LIFE_JUNK; anything else that cannot is
 * our own mistake. */
bool life_allows(enum life life, enum life_event event);

/* Asserts life_allows(). */
struct life_step life_step(enum life life, enum life_event event);
#endif
