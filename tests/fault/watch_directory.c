/* Many directories in one event loop, led by lines on stdin; tells on stdout, as one JSON object a line, what
 * came back and how late the loop ever was. For the tests of this folder:
 *
 *   add NAME KEY=VALUE...            uri= (repeat) replicas= prober= timeout_ms= start_tls= ca= bind_dn=
 *                                    password_file=
 *   ask NAME ROUND LIMIT_MS fresh|kept N PREFIX   questions 1..N: "cn=PREFIX1,o=mms" and so on
 *   askdn NAME ROUND LIMIT_MS fresh|kept DN       question 1
 *   cancel NAME ROUND | reload NAME KEY=VALUE... | retry NAME | free NAME | health NAME | servers NAME |
 *   known NAME | lag | mark WORD */
#include <errno.h>
#include <inttypes.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "directory/directory.h"

#define LAG_PERIOD_MS 10

struct shell {
    struct event_base *base;
    GHashTable *directories; /* name -> struct directory */
    struct event *tick;
    int64_t expected_us; /* of the next tick */
    int64_t lag_us;      /* the greatest so far */
    int64_t start_us;
    unsigned n_fds;
    bool is_over;
};

static int64_t ms_since_start(const struct shell *shell)
{
    return (g_get_monotonic_time() - shell->start_us) / 1000;
}

static void on_tick(evutil_socket_t fd, short what, void *user)
{
    struct shell *shell = user;
    struct timeval period = {.tv_usec = LAG_PERIOD_MS * 1000};
    int64_t now_us = g_get_monotonic_time();

    (void)fd, (void)what;
    shell->lag_us = MAX(shell->lag_us, now_us - shell->expected_us);
    shell->expected_us = now_us + period.tv_usec;
    event_add(shell->tick, &period);
}

/* Enough of JSON for a test: bytes that are not plain ASCII become '?'. */
static char *quoted(const char *text)
{
    if (!text)
        return g_strdup("null");
    GString *json = g_string_new("\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(json, '\\');
        g_string_append_c(json, g_ascii_isprint(*text) ? *text : '?');
    }
    g_string_append_c(json, '"');
    return g_string_free(json, FALSE);
}

static void print_answer(const struct observation *observation)
{
    static const char *const dn_answers[DN_ANSWERS] = {
        "FAILED", "ENTRY", "ENTRY_BARE", "ABSENT", "OUTSIDE", "UNMATCHED", "EMPTY", "REFUSED", "SYNTAX"};
    static const char *const id_answers[ID_ANSWERS] = {"NOT_ASKED", "FOUND",     "GONE",        "REFUSED",
                                                       "FAILED",    "VALUELESS", "VALUE_HIDDEN"};
    const char *phase = phase_name(observation->failure.phase);
    const char *reason = reason_name(observation->failure.reason);
    g_autofree char *text = quoted(observation->failure.text);
    g_autofree char *server = quoted(observation->server);

    printf("\"question\":%" PRIu32 ",\"dn_answer\":\"%s\",\"id_answer\":\"%s\",\"phase\":\"%s\","
           "\"reason\":\"%s\",\"code\":%d,\"text\":%s,\"wide\":%s,\"server\":%s",
           observation->question, dn_answers[observation->dn_answer], id_answers[observation->id_answer],
           phase ? phase : "", reason ? reason : "", observation->failure.code, text,
           observation->is_directory_wide ? "true" : "false", server);
}

static void on_observation(void *user, const char *directory, uint64_t round, struct observation *observation)
{
    printf("{\"event\":\"observation\",\"directory\":\"%s\",\"round\":%" PRIu64 ",", directory, round);
    print_answer(observation);
    printf(",\"others\":[");
    for (unsigned i = 0; observation->others && i < observation->others->len; i++) {
        printf(i ? ",{" : "{");
        print_answer(observation->others->pdata[i]);
        printf("}");
    }
    printf("],\"ms\":%" PRId64 "}\n", ms_since_start(user));
    observation_free(observation);
}

static void on_round_end(void *user, const char *directory, uint64_t round)
{
    printf("{\"event\":\"end\",\"directory\":\"%s\",\"round\":%" PRIu64 ",\"ms\":%" PRId64 "}\n", directory,
           round, ms_since_start(user));
}

static void on_lookup_failure(void *user, const char *directory, const char *uri,
                              const struct failure *failure)
{
    const char *reason = reason_name(failure->reason);
    g_autofree char *text = quoted(failure->text);

    printf("{\"event\":\"lookup\",\"directory\":\"%s\",\"uri\":\"%s\",\"reason\":\"%s\",\"text\":%s,"
           "\"ms\":%" PRId64 "}\n",
           directory, uri, reason ? reason : "", text, ms_since_start(user));
}

static void set_key(struct directory_config *settings, char **prober, GPtrArray *uris, const char *pair)
{
    const char *value = strchr(pair, '=');

    g_assert(value);
    value++;
    if (g_str_has_prefix(pair, "uri="))
        g_ptr_array_add(uris, g_strdup(value));
    else if (g_str_has_prefix(pair, "prober="))
        *prober = g_strdup(value);
    else if (g_str_has_prefix(pair, "timeout_ms="))
        settings->timeout_ms = atoi(value);
    else if (g_str_has_prefix(pair, "replicas="))
        settings->asks_all = strcmp(value, "all") == 0;
    else if (g_str_has_prefix(pair, "start_tls="))
        settings->start_tls = atoi(value);
    else if (g_str_has_prefix(pair, "ca="))
        settings->tls_ca_file = g_strdup(value);
    else if (g_str_has_prefix(pair, "bind_dn=")) {
        settings->bind = BIND_SIMPLE;
        settings->bind_dn = g_strdup(value);
        settings->allow_cleartext = true;
    } else if (g_str_has_prefix(pair, "password_file="))
        settings->password_file = g_strdup(value);
    else
        g_error("unknown key in %s", pair);
}

static struct directory_config *settings_of(char **words, char **ret_prober)
{
    struct directory_config *settings = g_new0(struct directory_config, 1);
    GPtrArray *uris = g_ptr_array_new();

    settings->name = g_strdup(words[1]);
    settings->timeout_ms = 1000;
    for (char **pair = words + 2; *pair; pair++)
        set_key(settings, ret_prober, uris, *pair);
    g_ptr_array_add(uris, NULL);
    settings->uris = (char **)g_ptr_array_free(uris, FALSE);
    return settings;
}

static void add_directory(struct shell *shell, char **words)
{
    static const struct directory_listener listener = {on_observation, on_round_end, on_lookup_failure};
    g_autofree char *prober = NULL;
    struct directory_config *settings = settings_of(words, &prober);

    g_hash_table_insert(shell->directories, g_strdup(words[1]),
                        directory_new(shell->base, settings, prober, &listener, shell));
    directory_config_free(settings);
}

static void reload_directory(struct directory *directory, char **words)
{
    g_autofree char *prober = NULL;
    struct directory_config *settings = settings_of(words, &prober);

    directory_reload(directory, settings);
    directory_config_free(settings);
}

static void ask(struct directory *directory, char **words)
{
    struct round *round =
        round_new(strtoull(words[2], NULL, 10), strcmp(words[4], "fresh") == 0, atoi(words[3]));

    if (strcmp(words[0], "askdn") == 0)
        g_ptr_array_add(round->questions, question_new(1, words[5]));
    else
        for (int i = 1; i <= atoi(words[5]); i++) {
            g_autofree char *dn = g_strdup_printf("cn=%s%d,o=mms", words[6], i);
            g_ptr_array_add(round->questions, question_new((uint32_t)i, dn));
        }
    directory_ask(directory, round);
}

static void print_health(const struct directory *directory)
{
    printf("{\"event\":\"health\",\"restarts\":%" PRIu64 ",\"up\":[", directory_restarts(directory));
    for (unsigned i = 0; i < directory_n_servers(directory); i++)
        printf("%s%s", i ? "," : "", directory_server(directory, i).is_up ? "true" : "false");
    printf("],\"asked\":[");
    for (unsigned i = 0; i < directory_n_servers(directory); i++)
        printf("%s%s", i ? "," : "", directory_server(directory, i).is_asked ? "true" : "false");
    printf("]}\n");
}

static void print_servers(const struct directory *directory)
{
    printf("{\"event\":\"servers\",\"uris\":[");
    for (unsigned i = 0; i < directory_n_servers(directory); i++)
        printf("%s\"%s\"", i ? "," : "", directory_server(directory, i).server);
    printf("],\"domains_up\":[");
    for (unsigned i = 0; i < directory_n_domains(directory); i++)
        printf("%s%s", i ? "," : "", directory_domain(directory, i).is_up ? "true" : "false");
    printf("]}\n");
}

static void print_known(const struct directory *directory)
{
    for (unsigned i = 0; i < directory_n_servers(directory); i++) {
        struct server_health server = directory_server(directory, i);
        g_autofree char *kind = quoted(server.kind), *limits = quoted(server.limits);

        printf("%s{\"kind\":%s,\"limits\":%s,\"certificate_expires_s\":%" PRId64 "}",
               i ? "," : "{\"event\":\"known\",\"servers\":[", kind, limits,
               server.wall_certificate_expires_s);
    }
    printf("]}\n");
}

static void obey(struct shell *shell, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    struct directory *directory = words[1] ? g_hash_table_lookup(shell->directories, words[1]) : NULL;

    if (strcmp(words[0], "add") == 0)
        add_directory(shell, words);
    else if (strcmp(words[0], "mark") == 0)
        printf("{\"event\":\"mark\",\"word\":\"%s\"}\n", words[1]);
    else if (strcmp(words[0], "lag") == 0) {
        printf("{\"event\":\"lag\",\"ms\":%.3f}\n", (double)shell->lag_us / 1000);
        shell->lag_us = 0;
    } else if (!directory)
        g_error("no such command or directory: %s", line);
    else if (g_str_has_prefix(words[0], "ask"))
        ask(directory, words);
    else if (strcmp(words[0], "cancel") == 0)
        directory_cancel(directory, strtoull(words[2], NULL, 10));
    else if (strcmp(words[0], "reload") == 0)
        reload_directory(directory, words);
    else if (strcmp(words[0], "retry") == 0)
        directory_retry(directory);
    else if (strcmp(words[0], "free") == 0)
        g_hash_table_remove(shell->directories, words[1]);
    else if (strcmp(words[0], "health") == 0)
        print_health(directory);
    else if (strcmp(words[0], "servers") == 0)
        print_servers(directory);
    else if (strcmp(words[0], "known") == 0)
        print_known(directory);
    else
        g_error("unknown command: %s", line);
}

static void on_input(struct bufferevent *input, void *user)
{
    char *line;

    while ((line = evbuffer_readln(bufferevent_get_input(input), NULL, EVBUFFER_EOL_LF))) {
        obey(user, line);
        free(line);
    }
}

static void on_input_end(struct bufferevent *input, short what, void *user)
{
    struct shell *shell = user;

    (void)input, (void)what;
    shell->is_over = true;
    event_base_loopbreak(shell->base);
}

static unsigned count_fds(void)
{
    g_autoptr(GDir) directory = g_dir_open("/proc/self/fd", 0, NULL);
    unsigned n = 0;

    while (g_dir_read_name(directory))
        n++;
    return n;
}

/* Frees all, lets the loop reap, and tells what is left over. */
static void say_goodbye(struct shell *shell, struct bufferevent *input)
{
    siginfo_t child;
    int64_t stop_us = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;

    g_hash_table_unref(shell->directories);
    while (waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) == 0 && g_get_monotonic_time() < stop_us)
        event_base_loop(shell->base, EVLOOP_ONCE); /* the tick turns it */
    bool has_children = waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
    unsigned n_fds = count_fds();
    printf("{\"event\":\"bye\",\"lag_ms\":%.3f,\"children_left\":%s,\"fds_left\":%d}\n",
           (double)shell->lag_us / 1000, has_children ? "true" : "false", (int)n_fds - (int)shell->n_fds);
    bufferevent_free(input);
    event_free(shell->tick);
    event_base_free(shell->base);
}

int main(void)
{
    struct shell shell = {.start_us = g_get_monotonic_time()};
    struct event_config *config = event_config_new();

    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
    shell.base = event_base_new_with_config(config);
    event_config_free(config);
    shell.directories =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)directory_free);
    shell.tick = evtimer_new(shell.base, on_tick, &shell);
    shell.expected_us = g_get_monotonic_time();
    event_active(shell.tick, EV_TIMEOUT, 0);
    evutil_make_socket_nonblocking(0);
    struct bufferevent *input = bufferevent_socket_new(shell.base, 0, 0);
    bufferevent_setcb(input, on_input, NULL, on_input_end, &shell);
    bufferevent_enable(input, EV_READ);
    shell.n_fds = count_fds();
    while (!shell.is_over)
        event_base_dispatch(shell.base);
    say_goodbye(&shell, input);
    return 0;
}
