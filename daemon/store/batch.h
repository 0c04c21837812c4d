/* What one transaction writes: states, ancestors, notices and alerts of one turn of the engine. The engine
 * fills it, store_commit() takes it. */
#ifndef DNDRIFT_STORE_BATCH_H
#define DNDRIFT_STORE_BATCH_H

#include <glib.h>
#include <stdbool.h>

#include "judge/alert.h"
#include "judge/state.h"

/* What one directory's wide alarm has announced, or with directory "" that of all at once. */
struct directory_notice {
    char *directory;
    bool is_unverifiable; /* UNVERIFIABLE @DIRECTORY (dndriftd) is open */
    int64_t wall_since_ms;
    char *reason; /* one clause */
};

/* What the operator was told about one server. */
struct server_notice {
    char *directory;
    char *server;                /* scheme://host:port as configured */
    int64_t wall_certificate_ms; /* when: that its certificate expires soon */
};

struct stored_ancestor {
    char *directory;
    struct ancestor *ancestor;
};

/* An outlet took an alert, or is done with it. */
struct receipt {
    uint64_t number;
    const char *outlet;   /* g_intern_string() */
    int64_t wall_told_ms; /* when it took it; 0: nothing to note of that */
    bool is_doubtful;     /* it may have to be sent again: the row stays */
};

/* One transaction. Take and fill it, hand it to store_commit(). */
struct store_batch {
    GPtrArray *states;    /* of struct watch_state, packed: written whole */
    bool is_whole;        /* those are all there are: any other state is dropped */
    GPtrArray *forgotten; /* of char *: watches whose state is dropped, before `states` are kept */
    GPtrArray *ancestors; /* of struct stored_ancestor */
    GPtrArray *notices;   /* of struct directory_notice */
    GPtrArray *servers;   /* of struct server_notice */
    GPtrArray
        *alerts; /* of struct alert: each goes to history and outbox, numbers given by the caller, rising */
    GPtrArray *outlets; /* of const char *, g_intern_string(): who is to be told of them */
    GPtrArray *history; /* of struct alert: to the history alone, in place of what it has of them: members,
                           and what an earlier commit failed to keep */
};

struct store_batch *store_batch_new(void);
void store_batch_free(struct store_batch *batch);
bool store_batch_is_empty(const struct store_batch *batch);
void store_batch_keep(struct store_batch *batch, const struct watch_state *state); /* as it is now */
/* Out of its history the members that this alert speaks for, which the caller owns; NULL: none, it is of one
 * watch or of something else. */
GPtrArray *store_batch_take_members(struct store_batch *batch, const struct alert *alert);

struct directory_notice *directory_notice_new(const char *directory);
struct directory_notice *directory_notice_dup(const struct directory_notice *notice);
void directory_notice_free(struct directory_notice *notice);
struct server_notice *server_notice_new(const char *directory, const char *server,
                                        int64_t wall_certificate_ms);
void server_notice_free(struct server_notice *notice);
struct stored_ancestor *stored_ancestor_new(const char *directory,
                                            const struct ancestor *ancestor); /* copies */
void stored_ancestor_free(struct stored_ancestor *ancestor);

#endif
