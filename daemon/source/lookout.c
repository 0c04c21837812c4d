#include "source/lookout.h"

#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "source/readers.h"
#include "source/source.h"

#define SETTLE_MS  50   /* after something happened to a file */
#define RETRY_MS   1000 /* a file that is being replaced is gone for a moment */
#define LONGEST_MS 5000 /* between two attempts at one that cannot be read */
#define MAX_EVENTS 4096 /* bytes of events read at once */

/* One source. */
struct post {
    char *name; /* of the watch */
    char *text; /* of its dn_from */
    struct source *source;
    char *leaf; /* the last component of its path */
    uint64_t number;
    int64_t interval_ms;

    GPtrArray *values;       /* of char *: told last; NULL: nothing yet */
    GPtrArray *rumour;       /* what was read of a file that never comes to rest, once */
    struct failure failure;  /* why not now */
    int64_t mono_failing_ms; /* since when readings fail; 0: they do not */
    struct reading_stamp last, seen;
    bool is_seen;
    int folders[READING_FOLDERS];
    bool is_linked;

    bool is_reading;
    bool is_touched; /* ... and something happened to the file meanwhile */
    int64_t mono_started_ms;
    int64_t mono_due_ms;
    int64_t mono_restless_ms; /* since when it is written to; 0: it is not */
};

struct lookout {
    struct readers *readers;
    GHashTable *posts; /* name -> struct post */
    uint64_t last_number;
    struct event *timer, *done, *notified;
    bool is_changed; /* and on_change was not called since */
    const struct lookout_listener *listener;
    void *user;
};

static int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

static void post_free(void *pointer)
{
    struct post *post = pointer;

    g_free(post->name);
    g_free(post->text);
    source_free(post->source);
    g_free(post->leaf);
    failure_clear(&post->failure);
    g_clear_pointer(&post->values, g_ptr_array_unref);
    g_clear_pointer(&post->rumour, g_ptr_array_unref);
    g_free(post);
}

/* --- what is told */

static bool is_equal(const GPtrArray *a, const GPtrArray *b)
{
    if (!a || a->len != b->len)
        return false;
    for (unsigned i = 0; i < a->len; i++)
        if (strcmp(a->pdata[i], b->pdata[i]) != 0)
            return false;
    return true;
}

static void set_failure(struct lookout *lookout, struct post *post, const struct failure *failure)
{
    if (g_strcmp0(post->failure.text, failure->text) == 0)
        return;
    failure_copy(failure, &post->failure);
    lookout->is_changed = true;
}

static void set_problem(struct lookout *lookout, struct post *post, char *problem)
{
    set_failure(lookout, post, &(struct failure){.text = problem});
}

/* Takes the values; NULL: they are those of before. */
static void set_values(struct lookout *lookout, struct post *post, GPtrArray *values)
{
    g_autoptr(GPtrArray) told = values;

    post->mono_failing_ms = 0;
    set_problem(lookout, post, NULL);
    if (!told || is_equal(post->values, told))
        return;
    g_clear_pointer(&post->values, g_ptr_array_unref);
    post->values = g_steal_pointer(&told);
    lookout->is_changed = true;
}

/* A file that told something before may just be replaced. What counts is when the last reading began: it may
 * have waited for us since, and the file be back. */
static bool has_second_chance(const struct post *post)
{
    return post->values && post->mono_failing_ms && post->mono_started_ms - post->mono_failing_ms < RETRY_MS;
}

static void take_problem(struct lookout *lookout, struct post *post, char *problem)
{
    memset(&post->last, 0, sizeof post->last);
    if (!post->mono_failing_ms)
        post->mono_failing_ms = now_ms();
    if (!has_second_chance(post))
        set_problem(lookout, post, problem);
}

/* A file that never comes to rest may be half written: that counts which two readings tell. */
static bool is_rumour(struct post *post, const struct reading *reading)
{
    bool is_new = !is_equal(post->rumour, reading->values);

    g_clear_pointer(&post->rumour, g_ptr_array_unref);
    post->rumour = g_ptr_array_ref(reading->values);
    return is_new;
}

static int64_t next_reading(const struct post *post, enum reading_outcome outcome)
{
    if (post->is_touched)
        return SETTLE_MS;
    if (outcome == READING_RESTLESS)
        return READING_QUIET_MS;
    if (outcome == READING_FAILED)
        return has_second_chance(post) ? RETRY_MS : MIN(post->interval_ms, LONGEST_MS);
    return post->interval_ms;
}

static void take_reading(struct lookout *lookout, struct post *post, struct reading *reading)
{
    post->is_reading = false;
    memcpy(post->folders, reading->folders, sizeof post->folders);
    post->is_linked = reading->is_linked;
    post->seen = reading->stamp;
    post->is_seen = true;
    if (reading->outcome == READING_DONE && !reading->is_patient && is_rumour(post, reading))
        reading->outcome = READING_RESTLESS;
    if (reading->outcome == READING_FAILED)
        take_problem(lookout, post, reading->problem);
    if (reading->outcome == READING_DONE && reading->is_stamp_old)
        post->last = reading->stamp;
    if (reading->outcome == READING_DONE || reading->outcome == READING_SAME)
        set_values(lookout, post, g_steal_pointer(&reading->values));
    if (reading->outcome != READING_RESTLESS)
        post->mono_restless_ms = 0;
    else if (!post->mono_restless_ms)
        post->mono_restless_ms = now_ms();
    post->mono_due_ms = now_ms() + next_reading(post, reading->outcome);
    post->is_touched = false;
}

/* --- when to read */

static void start_reading(struct lookout *lookout, struct post *post)
{
    struct reading *reading;

    post->is_reading = true;
    post->mono_started_ms = now_ms();
    if (post->source->kind == SOURCE_LDAP) {
        lookout->listener->on_ask(lookout->user, post->name, post->number, post->source);
        return;
    }
    reading = reading_new(post->name, post->number, post->text);
    reading->last = post->last;
    reading->seen = post->seen;
    reading->is_seen = post->is_seen;
    reading->is_patient = !post->mono_restless_ms || now_ms() - post->mono_restless_ms < LOOKOUT_RESTLESS_MS;
    readers_start(lookout->readers, reading);
}

/* When to look at it again. */
static int64_t tend_post(struct lookout *lookout, struct post *post)
{
    int64_t slow_ms;

    if (!post->is_reading && post->mono_due_ms <= now_ms())
        start_reading(lookout, post);
    if (!post->is_reading)
        return post->mono_due_ms;
    if (post->source->kind == SOURCE_LDAP) /* the directory holds its own deadlines */
        return INT64_MAX;
    slow_ms = post->mono_started_ms + LOOKOUT_SLOW_MS;
    if (slow_ms > now_ms())
        return slow_ms;
    set_problem(lookout, post, (char *)"reading its file takes longer than 10 s");
    return INT64_MAX;
}

static void tend(struct lookout *lookout)
{
    GHashTableIter iter;
    void *post;
    int64_t next_ms = INT64_MAX;

    g_hash_table_iter_init(&iter, lookout->posts);
    while (g_hash_table_iter_next(&iter, NULL, &post))
        next_ms = MIN(next_ms, tend_post(lookout, post));
    if (next_ms != INT64_MAX) {
        int64_t delay_ms = MAX(next_ms - now_ms(), 1);
        struct timeval delay = {(time_t)(delay_ms / 1000), (suseconds_t)(delay_ms % 1000 * 1000)};

        event_add(lookout->timer, &delay);
    }
    if (!lookout->is_changed)
        return;
    lookout->is_changed = false;
    lookout->listener->on_change(lookout->user);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
    (void)fd;
    (void)what;
    tend(user);
}

static void on_done(evutil_socket_t fd, short what, void *user)
{
    struct lookout *lookout = user;
    struct reading *reading;

    (void)fd;
    (void)what;
    while ((reading = readers_pop(lookout->readers))) {
        struct post *post = g_hash_table_lookup(lookout->posts, reading->name);
        if (post && post->number == reading->post)
            take_reading(lookout, post, reading);
        reading_free(reading);
    }
    tend(lookout);
}

void lookout_answer(struct lookout *lookout, const char *watch, uint64_t number, const GPtrArray *values,
                    const struct failure *failure)
{
    struct post *post = g_hash_table_lookup(lookout->posts, watch);
    g_autoptr(GError) error = NULL;
    GPtrArray *bases;

    if (!post || post->number != number || !post->is_reading)
        return;
    post->is_reading = false;
    bases = values ? source_take(post->source, values, &error) : NULL;
    if (bases)
        set_values(lookout, post, bases);
    else if (error || failure->reason == REASON_NONE)
        take_problem(lookout, post, error ? error->message : failure->text);
    else
        set_failure(lookout, post, failure);
    post->mono_due_ms = now_ms() + (has_second_chance(post) ? RETRY_MS : post->interval_ms);
    tend(lookout);
}

/* --- something happened */

static bool is_meant(const struct post *post, const struct inotify_event *event)
{
    bool is_there = post->folders[0] == event->wd || post->folders[1] == event->wd;

    return is_there && (post->is_linked || event->len == 0 || strcmp(event->name, post->leaf) == 0);
}

static void touch(struct lookout *lookout, const struct inotify_event *event)
{
    bool is_overflow = event->mask & IN_Q_OVERFLOW;
    GHashTableIter iter;
    void *value;

    g_hash_table_iter_init(&iter, lookout->posts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct post *post = value;
        if (!is_overflow && !is_meant(post, event))
            continue;
        post->is_touched = post->is_reading;
        post->mono_due_ms = MIN(post->mono_due_ms, now_ms() + SETTLE_MS);
    }
}

static void on_notified(evutil_socket_t fd, short what, void *user)
{
    _Alignas(struct inotify_event) char events[MAX_EVENTS];
    ssize_t length = read(fd, events, sizeof events); /* what is left makes the fd readable again */

    (void)what;
    for (ssize_t at = 0; at < length;) {
        const struct inotify_event *event = (const void *)(events + at);
        touch(user, event);
        at += (ssize_t)sizeof *event + event->len;
    }
    tend(user);
}

/* --- the sources there are */

static struct post *post_new(struct lookout *lookout, const struct watch_config *watch)
{
    struct post *post = g_new0(struct post, 1);

    post->name = g_strdup(watch->name);
    post->text = g_strdup(watch->dn_from);
    post->source = source_new(watch->dn_from, NULL); /* the configuration was checked */
    post->leaf = g_path_get_basename(post->source->file);
    post->number = ++lookout->last_number;
    memset(post->folders, -1, sizeof post->folders);
    return post;
}

/* The post of the watch: the one there is, or a new one that knows what the old one told. */
static struct post *take_post(struct lookout *lookout, GHashTable *old, const struct watch_config *watch)
{
    struct post *before = g_hash_table_lookup(old, watch->name), *post;

    if (before && strcmp(before->text, watch->dn_from) == 0) {
        g_hash_table_steal(old, watch->name);
        return before;
    }
    post = post_new(lookout, watch);
    if (before)
        post->values = g_steal_pointer(&before->values);
    return post;
}

void lookout_follow(struct lookout *lookout, const struct config *config)
{
    g_autoptr(GHashTable) old = g_steal_pointer(&lookout->posts);

    lookout->posts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, post_free);
    for (unsigned i = 0; i < config->watches->len; i++) {
        const struct watch_config *watch = config->watches->pdata[i];
        struct post *post = watch->dn_from ? take_post(lookout, old, watch) : NULL;
        if (!post)
            continue;
        post->interval_ms = watch->interval_ms;
        g_hash_table_insert(lookout->posts, post->name, post);
    }
    event_active(lookout->timer, EV_TIMEOUT, 0);
}

void lookout_remember(struct lookout *lookout, const char *watch, GPtrArray *values)
{
    struct post *post = g_hash_table_lookup(lookout->posts, watch);

    if (post && !post->values)
        post->values = values;
    else
        g_ptr_array_unref(values);
}

const GPtrArray *lookout_values(const struct lookout *lookout, const char *watch)
{
    const struct post *post = g_hash_table_lookup(lookout->posts, watch);

    return post ? post->values : NULL;
}

const struct failure *lookout_failure(const struct lookout *lookout, const char *watch)
{
    static const struct failure none = {0};
    const struct post *post = g_hash_table_lookup(lookout->posts, watch);

    return post ? &post->failure : &none;
}

struct lookout *lookout_new(struct event_base *base, const struct lookout_listener *listener, void *user)
{
    struct lookout *lookout = g_new0(struct lookout, 1);

    lookout->readers = readers_new();
    lookout->posts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, post_free);
    lookout->listener = listener;
    lookout->user = user;
    lookout->timer = evtimer_new(base, on_timer, lookout);
    lookout->done =
        event_new(base, readers_done_fd(lookout->readers), EV_READ | EV_PERSIST, on_done, lookout);
    event_add(lookout->done, NULL);
    if (readers_notifier(lookout->readers) < 0)
        return lookout; /* no inotify left: each round reads all the same */
    lookout->notified =
        event_new(base, readers_notifier(lookout->readers), EV_READ | EV_PERSIST, on_notified, lookout);
    event_add(lookout->notified, NULL);
    return lookout;
}

void lookout_free(struct lookout *lookout)
{
    if (!lookout)
        return;
    event_free(lookout->timer);
    event_free(lookout->done);
    g_clear_pointer(&lookout->notified, event_free);
    readers_free(lookout->readers);
    g_hash_table_unref(lookout->posts);
    g_free(lookout);
}
