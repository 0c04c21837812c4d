/* send_alerts SOCKET PATIENCE_S: reads lines of two values in base64, sentence and live, with a tab between,
 * and sends an alert for each to the log on SOCKET as the daemon would, numbered from 1. Ends with 0 when the
 * socket took them all, 1 when it did not in time. It lets tests/live send through a real syslog-ng what no
 * directory would say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "alert/outbox.h"

#define WALL_TIME_MS INT64_C(1764000000000)

static void on_sent(void *user, const char *outlet, uint64_t number)
{
    (void)user;
    (void)outlet;
    printf("%llu\n", (unsigned long long)number);
    fflush(stdout);
}

static void on_given_up(void *user, const char *outlet, uint64_t number, const char *why)
{
    (void)user;
    fprintf(stderr, "%s: alert %llu is given up: %s\n", outlet, (unsigned long long)number, why);
}

static void on_failure(void *user, const char *outlet, const char *problem)
{
    (void)user;
    fprintf(stderr, "%s: %s\n", outlet, problem);
}

static char *decode(const char *base64)
{
    gsize length = 0;
    g_autofree guchar *bytes = g_base64_decode(base64, &length);

    return g_strndup((const char *)bytes, length);
}

static struct alert *read_alert(const char *line, uint64_t number)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", 2);
    struct alert *alert = alert_new(WORD_DRIFT, LOG_ERR, "custom-recipients", WALL_TIME_MS);
    g_autofree char *live = fields[0] && fields[1] ? decode(fields[1]) : NULL;

    alert->number = number;
    alert->sentence = decode(fields[0] ? fields[0] : "");
    alert_set_tag(alert, TAG_LIVE, live);
    return alert;
}

static void read_alerts(struct outbox *outbox)
{
    g_autoptr(GPtrArray) outlets = g_ptr_array_new();
    char *line = NULL;
    size_t capacity = 0;
    uint64_t number = 0;

    outbox_list(outbox, outlets);
    while (getline(&line, &capacity, stdin) > 0)
        outbox_add(outbox, read_alert(g_strchomp(line), ++number), true, outlets);
    free(line);
}

int main(int argc, char **argv)
{
    static const struct outlet_listener listener = {on_sent, on_given_up, on_failure};
    struct config config = {.syslog_socket = argv[1], .syslog_facility = LOG_LOCAL3};
    struct event_base *base = event_base_new();
    struct timeval patience = {0};
    struct outbox *outbox;
    unsigned n_left;

    if (argc != 3)
        return 2;
    patience.tv_sec = strtol(argv[2], NULL, 10);
    outbox = outbox_new(base, &config, "ab12cd34", &listener, NULL);
    read_alerts(outbox);
    event_base_loopexit(base, &patience);
    while (outbox_depth(outbox) > 0 && !event_base_got_exit(base))
        event_base_loop(base, EVLOOP_ONCE);
    n_left = outbox_depth(outbox);
    outbox_free(outbox);
    event_base_free(base);
    return n_left > 0;
}
