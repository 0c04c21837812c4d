/* What the outside sees: /livez /readyz /health /metrics /watches /history over HTTP, and the control socket.
 * Renders what the view tells it; changes nothing but through the control callbacks. Owned by main.c. */
#ifndef DNDRIFT_HEALTH_HEALTH_H
#define DNDRIFT_HEALTH_HEALTH_H

#include <event2/event.h>

#include "config/config.h"
#include "judge/history.h"
#include "judge/state.h"

struct health;

/* One directory, for /metrics and /health. */
struct directory_view {
    const char *name;
    uint64_t comparisons_total;
    uint64_t failures_total[REASON_COUNT];
    uint64_t restarts_total;
    int64_t certificate_warning_ms; /* before a certificate expires; 0: none */
    unsigned n_servers;
    struct {
        const char *server;
        bool is_up;
        int64_t wall_certificate_expires_s; /* 0: it showed none */
    } servers[16];                          /* a directory has at most 16 */
    unsigned n_domains;
    struct {
        const char *uri;
        bool is_up;
    } domains[16];              /* whose servers DNS names */
    uint64_t round_buckets[10]; /* cumulative counts of health_round_bounds */
    uint64_t round_count;
    double round_sum_s;
};
#define HEALTH_ROUND_BUCKETS 10
extern const double health_round_bounds_s[HEALTH_ROUND_BUCKETS];

/* One way that alerts go. */
struct outlet_view {
    const char *name;
    unsigned depth;
    int64_t oldest_ms;
    uint64_t sent_total;
    uint64_t failures_total;
};

/* The daemon as a whole. */
struct daemon_view {
    bool is_ready;       /* configured, each watch judged once or its directory unverifiable */
    const char *unready; /* why not, one clause */
    uint64_t store_errors_total;
    bool is_store_failing; /* the last commit failed */
    double loop_lag_s;     /* greatest since the last call of this view for /metrics */
    bool is_last_reload_successful;
    int64_t wall_last_reload_ms; /* of the last success */
    int64_t wall_start_ms;
};

/* How the endpoint asks what is known: filled in by main.c from the engine and the edges. */
struct health_view {
    void *user;
    struct now (*now)(void *user);
    void (*daemon)(void *user, bool is_scrape, struct daemon_view *ret_view);
    unsigned (*n_watches)(void *user);
    const struct watch_state *(*watch)(void *user, unsigned index);        /* in order of name */
    const struct watch_state *(*find_watch)(void *user, const char *name); /* NULL: none */
    unsigned (*n_directories)(void *user);
    void (*directory)(void *user, unsigned index, struct directory_view *ret_view);
    void (*history)(void *user, const struct history_query *query, history_answer_fn *on_answer,
                    void *asking); /* does not wait: the answer comes later, even after health_free() */
    unsigned (*n_outlets)(void *user);
    void (*outlet)(void *user, unsigned index, struct outlet_view *ret_view);
    /* control socket only */
    bool (*adopt)(void *user, const char *watch,
                  char **ret_sentence); /* false: could not, the sentence says why */
    bool (*compare)(void *user, const char *watch, char **ret_sentence); /* NULL: all */
    bool (*reload)(void *user, char **ret_sentence);
};

/* Binds the listeners and the control socket. NULL and a sentence if one cannot be bound. */
struct health *health_new(struct event_base *base, const struct config *config,
                          const struct health_view *view, GError **error);

/* Binds what is new, then closes what is gone; on failure nothing changed. */
bool health_reload(struct health *health, const struct config *config, GError **error);
void health_free(struct health *health);

/* For event_set_log_callback(), which is the whole process's: libevent's warnings are of clients' making and
 * would flood the log; its errors go to stderr. */
void health_event_log(int severity, const char *message);
#endif
