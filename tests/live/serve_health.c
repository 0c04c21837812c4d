/* The health endpoint alone, on a view that knows N made-up watches: what test_health_guards.py talks to. */
#include "health/health.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Bytes as a directory may hold them: markup, quotes, line ends, C0, C1, bidi, broken UTF-8. */
#define HOSTILE "<script>\"'\\\n\r\t\x01\x7f\xc2\x9b\xe2\x80\xae\xff\xc0\xaf&amp;{}[]"

#define N_ENTRIES 2500 /* of the history of watch-00000 */

struct fake {
    GPtrArray *watches;
    bool is_store_failing;
    GPtrArray *texts; /* what a directory may hold, of char *; at least one */
    struct event_base *base;
    GPtrArray *hanging; /* of struct fake_query: about the watch `hanging`, answered when all is over */
};

/* A query about the history that was not answered yet. */
struct fake_query {
    struct fake *fake;
    char *name;
    uint64_t before;
    unsigned limit;
    history_answer_fn *on_answer;
    void *asking;
};

/* The text of a watch, or of an entry of the history. */
static const char *text_at(const struct fake *fake, uint64_t number)
{
    return fake->texts->pdata[number % fake->texts->len];
}

static int64_t clock_ms(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static struct now view_now(void *user)
{
    (void)user;
    return (struct now){.boot_ms = clock_ms(CLOCK_BOOTTIME), .wall_ms = clock_ms(CLOCK_REALTIME)};
}

static void view_daemon(void *user, bool is_scrape, struct daemon_view *ret_view)
{
    struct fake *fake = user;

    (void)is_scrape;
    *ret_view = (struct daemon_view){.is_ready = true,
                                     .loop_lag_s = 0.0125,
                                     .is_store_failing = fake->is_store_failing,
                                     .is_last_reload_successful = true,
                                     .wall_last_reload_ms = clock_ms(CLOCK_REALTIME),
                                     .wall_start_ms = clock_ms(CLOCK_REALTIME)};
}

static unsigned view_n_watches(void *user)
{
    return ((struct fake *)user)->watches->len;
}

static const struct watch_state *view_watch(void *user, unsigned index)
{
    return g_ptr_array_index(((struct fake *)user)->watches, index);
}

static const struct watch_state *view_find_watch(void *user, const char *name)
{
    for (unsigned i = 0; i < view_n_watches(user); i++)
        if (strcmp(view_watch(user, i)->watch, name) == 0)
            return view_watch(user, i);
    return NULL;
}

static unsigned view_n_directories(void *user)
{
    (void)user;
    return 2;
}

static void view_directory(void *user, unsigned index, struct directory_view *ret_view)
{
    *ret_view = (struct directory_view){
        .name = index ? "second" : text_at(user, 0), .n_servers = 1, .round_count = 1};
    ret_view->servers[0].server = "ldap://127.0.0.1:389";
    ret_view->servers[0].is_up = index;
    ret_view->servers[0].wall_certificate_expires_s = 4102444800; /* 2100 */
    ret_view->round_buckets[HEALTH_ROUND_BUCKETS - 1] = 1;
}

static struct history_entry *entry_make(uint64_t number, const char *hostile)
{
    struct history_entry *entry = history_entry_new();
    struct alert *alert = &entry->alert;

    alert->number = alert->place = number;
    alert->word = WORD_DRIFT;
    alert->name = g_strdup("watch-00000");
    alert->wall_time_ms = 1795466781006;
    alert->sentence = g_strdup_printf("renamed %s", hostile);
    alert->is_member = number == 2;
    alert->changed = (struct stamp){1795466781000, g_strdup(hostile), NULL};
    alert_set_tag(alert, TAG_DIRECTORY, "mms");
    alert_set_tag(alert, TAG_VERDICT, "renamed");
    alert_set_tag(alert, TAG_LIVE, hostile);
    if (number != N_ENTRIES)
        g_ptr_array_add(entry->told, history_told_new("syslog", number == 1 ? 0 : 1795466781007));
    return entry;
}

static struct history_page *page_make(const struct fake_query *query)
{
    struct history_page *page = history_page_new();
    uint64_t number = query->before ? MIN(query->before, N_ENTRIES + 1) : N_ENTRIES + 1;

    page->is_known = !query->name || strcmp(query->name, "watch-00000") == 0;
    while (page->is_known && --number > 0 && page->entries->len < query->limit)
        g_ptr_array_add(page->entries, entry_make(number, text_at(query->fake, number)));
    page->next = page->is_known && number > 0 ? number + 1 : 0;
    return page;
}

static void fake_query_free(struct fake_query *query)
{
    g_free(query->name);
    g_free(query);
}

/* Later, as the store does. */
static void on_turn(evutil_socket_t fd, short what, void *user)
{
    struct fake_query *query = user;
    bool is_failing = g_strcmp0(query->name, "failing") == 0;

    (void)fd, (void)what;
    query->on_answer(query->asking, is_failing ? NULL : page_make(query),
                     is_failing ? "the disk is full" : NULL);
    fake_query_free(query);
}

static void view_history(void *user, const struct history_query *query, history_answer_fn *on_answer,
                         void *asking)
{
    const struct timeval soon = {0, 1000};
    struct fake_query *kept = g_new0(struct fake_query, 1);
    struct fake *fake = user;

    *kept = (struct fake_query){fake, g_strdup(query->name), query->before, query->limit, on_answer, asking};
    if (g_strcmp0(query->name, "hanging") == 0)
        g_ptr_array_add(fake->hanging, kept);
    else
        event_base_once(fake->base, -1, EV_TIMEOUT, on_turn, kept, &soon);
}

static unsigned view_n_outlets(void *user)
{
    (void)user;
    return 1;
}

static void view_outlet(void *user, unsigned index, struct outlet_view *ret_view)
{
    (void)user;
    (void)index;
    *ret_view = (struct outlet_view){.name = "syslog", .depth = 3};
}

static bool view_adopt(void *user, const char *watch, char **ret_sentence)
{
    bool is_first = strcmp(watch, view_watch(user, 0)->watch) == 0;

    *ret_sentence = is_first ? g_strdup("adopted")
                             : g_strdup_printf("there is nothing to adopt: %s",
                                               text_at(user, strtoul(watch + strlen("watch-"), NULL, 10)));
    return is_first;
}

static bool view_compare(void *user, const char *watch, char **ret_sentence)
{
    (void)user;
    *ret_sentence = g_strdup_printf("%s will be compared now", watch ? watch : "every watch");
    return true;
}

static bool view_reload(void *user, char **ret_sentence)
{
    (void)user;
    *ret_sentence = g_strdup("dndriftd.conf:3: not a key");
    return false;
}

/* One of four is renamed, one spelled otherwise, one unreachable, one in order. */
static struct watch_state *watch_make(unsigned i, const char *hostile)
{
    static const enum verdict verdicts[] = {VERDICT_MATCH, VERDICT_RENAMED, VERDICT_SPELLING,
                                            VERDICT_UNREACHABLE};
    g_autofree char *name = g_strdup_printf("watch-%05u", i);
    struct watch_state *state = watch_state_new(name);
    int64_t wall_ms = clock_ms(CLOCK_REALTIME);

    state->directory = g_strdup("mms");
    state->consumer = g_strdup_printf("consumer %s", hostile);
    state->configured = g_strdup_printf("cn=container %u%s,ou=recipients,o=mms", i, hostile);
    state->stale_after_ms = 600000;
    state->boot_known_ms = state->boot_last_compared_ms = clock_ms(CLOCK_BOOTTIME);
    state->alarm.verdict = state->alarm.observed = verdicts[i % 4];
    state->alarm.observed_count = 1;
    state->alarm.is_drift_open = i % 4 == 1;
    state->alarm.wall_since_ms = state->wall_last_compared_ms = state->wall_last_attempt_ms = wall_ms;
    state->pin.identity = g_strdup_printf("entryUUID:310de56c-0f4e-4a0b-b1a4-%012u", i);
    state->pin.wall_pinned_ms = wall_ms;
    state->shown.live = g_strdup_printf("cn=live %u%s,ou=recipients,o=mms", i, hostile);
    state->shown.server = g_strdup("ldap://127.0.0.1:389");
    state->shown.sentence = g_strdup_printf("the entry is now live %u%s", i, hostile);
    state->shown.remedy = g_strdup_printf("put cn=live %u%s back", i, hostile);
    if (i % 4 == 3)
        state->last_failure = (struct failure){
            .phase = PHASE_SEARCH, .reason = REASON_BUSY, .code = 51, .text = g_strdup(hostile)};
    return state;
}

static void on_signal(evutil_socket_t signal_number, short what, void *user)
{
    (void)signal_number, (void)what;
    event_base_loopbreak(user);
}

/* plain, hostile, or a file of texts in base64, one a line. */
static GPtrArray *texts_read(const char *which)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *content = NULL;
    g_auto(GStrv) lines = NULL;

    if (g_file_get_contents(which, &content, NULL, NULL))
        lines = g_strsplit(g_strchomp(content), "\n", -1);
    for (char **line = lines; line && *line; line++) {
        gsize length = 0;
        g_autofree guchar *bytes = g_base64_decode(*line, &length);

        g_ptr_array_add(texts, g_strndup((const char *)bytes, length));
    }
    if (texts->len == 0)
        g_ptr_array_add(texts, g_strdup(strcmp(which, "hostile") == 0 ? HOSTILE : ""));
    return texts;
}

static struct fake fake_new(unsigned n_watches, const char *which)
{
    struct fake fake = {
        .watches = g_ptr_array_new(), .texts = texts_read(which), .hanging = g_ptr_array_new()};

    for (unsigned i = 0; i < n_watches; i++)
        g_ptr_array_add(fake.watches, watch_make(i, text_at(&fake, i)));
    return fake;
}

static void fake_clear(struct fake *fake)
{
    for (unsigned i = 0; i < fake->watches->len; i++)
        watch_state_free(g_ptr_array_index(fake->watches, i));
    g_ptr_array_unref(fake->watches);
    for (unsigned i = 0; i < fake->hanging->len; i++)
        on_turn(-1, 0, fake->hanging->pdata[i]);
    g_ptr_array_unref(fake->hanging);
    g_ptr_array_unref(fake->texts);
}

static int serve(struct event_base *base, const struct config *config, const struct health_view *view)
{
    GError *error = NULL;
    struct health *health = health_new(base, config, view, &error);
    struct event *stop;

    if (!health) {
        fprintf(stderr, "%s\n", error->message);
        g_error_free(error);
        return 3;
    }
    stop = evsignal_new(base, SIGTERM, on_signal, base);
    event_add(stop, NULL);
    puts("ready");
    fflush(stdout);
    event_base_dispatch(base);
    health_free(health);
    event_free(stop);
    return 0;
}

/* serve_health N plain|hostile|FILE CONTROL LISTEN... */
int main(int n_arguments, char **arguments)
{
    char *allowed[] = {(char *)"mon.example.com", NULL};
    struct config config = {.allow_host = allowed};
    struct event_base *base = event_base_new();
    struct health_view view;
    struct fake fake;
    int status;

    if (n_arguments < 4)
        return 2;
    fake = fake_new((unsigned)atoi(arguments[1]), arguments[2]);
    fake.base = base;
    config.control = arguments[3];
    config.listen = &arguments[4];
    view = (struct health_view){.user = &fake,
                                .now = view_now,
                                .daemon = view_daemon,
                                .n_watches = view_n_watches,
                                .watch = view_watch,
                                .find_watch = view_find_watch,
                                .n_directories = view_n_directories,
                                .directory = view_directory,
                                .history = view_history,
                                .n_outlets = view_n_outlets,
                                .outlet = view_outlet,
                                .adopt = view_adopt,
                                .compare = view_compare,
                                .reload = view_reload};
    signal(SIGPIPE, SIG_IGN);
    event_set_log_callback(health_event_log);
    status = serve(base, &config, &view);
    event_base_free(base);
    fake_clear(&fake);
    return status;
}
