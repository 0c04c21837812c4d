/* send_alerts OUTLET PATIENCE_S [LINGER_S [CA [CERTIFICATE KEY]]]: reads lines of two values in base64,
 * sentence and live, with a tab between, and sends an alert for each as the daemon would, numbered from 1: to
 * the log whose socket OUTLET is, to the server whose URI it is - one of Alertmanager is told each of another
 * watch - or to the program behind `exec:`. Tells the number of each that was taken. Ends with 0 when all
 * were, LINGER_S later; with 1 when they were not in time. It lets tests/live send through a real server what
 * no directory would say. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "alert/outbox.h"

#define EXEC         "exec:"
#define WALL_TIME_MS INT64_C(1764000000000)

static void on_told(void *user, const char *outlet, uint64_t number)
{
    (void)user;
    (void)outlet;
    printf("%llu\n", (unsigned long long)number);
    fflush(stdout);
}

static void on_sent(void *user, const char *outlet, uint64_t number)
{
    (void)user;
    (void)outlet;
    (void)number;
}

static void on_given_up(void *user, const char *outlet, uint64_t number, const char *why)
{
    (void)user;
    fprintf(stderr, "%s: alert %llu is given up: %s\n", outlet, (unsigned long long)number, why);
}

static void on_failure(void *user, const char *outlet, bool do_alerts_wait, const char *problem)
{
    (void)do_alerts_wait;
    (void)user;
    fprintf(stderr, "%s: %s\n", outlet, problem);
}

static char *decode(const char *base64)
{
    gsize length = 0;
    g_autofree guchar *bytes = g_base64_decode(base64, &length);

    return g_strndup((const char *)bytes, length);
}

/* What was read is all open; user: an array of it. */
static bool list_open(void *user, unsigned index, GPtrArray *alerts)
{
    const GPtrArray *open = user;

    if (index >= open->len)
        return false;
    g_ptr_array_add(alerts, alert_dup(open->pdata[index]));
    return true;
}

static int find_open(void *user, const char *name, GPtrArray *alerts)
{
    const GPtrArray *open = user;

    for (unsigned i = 0; i < open->len; i++)
        if (g_str_equal(((const struct alert *)open->pdata[i])->name, name))
            list_open(user, i, alerts);
    return LOG_ERR;
}

static struct alert *read_alert(const char *line, const char *name, uint64_t number)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", 2);
    struct alert *alert = alert_new(WORD_DRIFT, LOG_ERR, name, WALL_TIME_MS);
    g_autofree char *live = fields[0] && fields[1] ? decode(fields[1]) : NULL;

    alert->number = number;
    alert->sentence = decode(fields[0] ? fields[0] : "");
    alert_set_tag(alert, TAG_LIVE, live);
    return alert;
}

static void read_alerts(struct outbox *outbox, const char *outlet, GPtrArray *open)
{
    g_autoptr(GPtrArray) outlets = g_ptr_array_new();
    bool is_http = g_str_has_prefix(outlet, "http");
    char *line = NULL;
    size_t capacity = 0;
    uint64_t number = 0;

    g_ptr_array_add(outlets, (void *)g_intern_string(outlet));
    while (getline(&line, &capacity, stdin) > 0) {
        g_autofree char *watch = g_strdup_printf("w%" G_GUINT64_FORMAT, ++number);
        const char *name = is_http ? watch : "custom-recipients";
        struct alert *alert = read_alert(g_strchomp(line), name, number);

        alert_set_tag(alert, TAG_WATCH, is_http ? watch : NULL);
        g_ptr_array_add(open, alert_dup(alert));
        outbox_add(outbox, alert, NULL, true, outlets);
    }
    free(line);
}

static bool send_all(struct event_base *base, const struct outbox *outbox, long patience_s)
{
    struct timeval patience = {.tv_sec = patience_s};

    event_base_loopexit(base, &patience);
    while (outbox_depth(outbox) > 0 && !event_base_got_exit(base))
        event_base_loop(base, EVLOOP_ONCE);
    return outbox_depth(outbox) == 0;
}

static void linger(struct event_base *base, long linger_s)
{
    struct timeval end = {.tv_sec = linger_s};

    event_base_loopexit(base, &end);
    event_base_dispatch(base);
}

int main(int argc, char **argv)
{
    static const struct outlet_listener listener = {on_told,    on_sent,   on_given_up,
                                                    on_failure, list_open, find_open};
    char *remote[] = {argv[1], NULL};
    bool is_remote = argc > 1 && strstr(argv[1], "://");
    bool is_http = argc > 1 && g_str_has_prefix(argv[1], "http");
    bool is_program = argc > 1 && g_str_has_prefix(argv[1], EXEC);
    struct config config = {.syslog_socket = argv[1],
                            .syslog_facility = LOG_LOCAL3,
                            .syslog_remote = is_remote && !is_http ? remote : NULL,
                            .alertmanager = {.uris = is_http ? remote : NULL, .interval_ms = 60000},
                            .exec_program = is_program ? argv[1] + strlen(EXEC) : NULL,
                            .exec_timeout_ms = 60 * 1000,
                            .exec_concurrency = 1,
                            .syslog_enterprise_number = 32473,
                            .syslog_hostname = (char *)"mail1.example.com",
                            .syslog_ca_file = argc > 4 ? argv[4] : NULL,
                            .syslog_cert_file = argc > 6 ? argv[5] : NULL,
                            .syslog_key_file = argc > 6 ? argv[6] : NULL};
    struct event_base *base = event_base_new();
    g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    struct outbox *outbox;
    bool is_sent;

    if (argc < 3)
        return 2;
    signal(SIGPIPE, SIG_IGN); /* as the daemon does */
    outbox = outbox_new(base, &config, "ab12cd34", &listener, open);
    read_alerts(outbox, is_remote ? argv[1] : is_program ? "exec" : "syslog", open);
    is_sent = send_all(base, outbox, strtol(argv[2], NULL, 10));
    if (is_sent && argc > 3)
        linger(base, strtol(argv[3], NULL, 10));
    outbox_free(outbox);
    event_base_free(base);
    return !is_sent;
}
