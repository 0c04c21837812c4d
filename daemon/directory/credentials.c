#include "directory/credentials.h"

#include <sys/stat.h>

static struct credentials_stamp stamp_of(const char *path)
{
    struct stat status;

    if (!path || stat(path, &status) < 0)
        return (struct credentials_stamp){0};
    return (struct credentials_stamp){.device = status.st_dev,
                                      .inode = status.st_ino,
                                      .modified_s = status.st_mtim.tv_sec,
                                      .modified_ns = status.st_mtim.tv_nsec};
}

static bool stamp_equal(const struct credentials_stamp *a, const struct credentials_stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->modified_s == b->modified_s &&
           a->modified_ns == b->modified_ns;
}

/* What one server has refused. */
struct refusal {
    struct backoff backoff;
    bool is_its_own; /* another server has taken since what it refuses */
};

static struct refusal *refusal_of(const struct credentials *credentials, const char *server)
{
    return credentials->refusals ? g_hash_table_lookup(credentials->refusals, server) : NULL;
}

static struct refusal *refusal_make(struct credentials *credentials, const char *server)
{
    struct refusal *refusal = refusal_of(credentials, server);

    if (refusal)
        return refusal;
    if (!credentials->refusals)
        credentials->refusals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    refusal = g_new0(struct refusal, 1);
    g_hash_table_insert(credentials->refusals, g_strdup(server), refusal);
    return refusal;
}

static void set_own(struct credentials *credentials, bool is_its_own)
{
    GHashTableIter iter;
    gpointer refusal;

    if (!credentials->refusals)
        return;
    g_hash_table_iter_init(&iter, credentials->refusals);
    while (g_hash_table_iter_next(&iter, NULL, &refusal))
        ((struct refusal *)refusal)->is_its_own = is_its_own;
}

static bool has_refusals(const struct credentials *credentials)
{
    return credentials->refusals && g_hash_table_size(credentials->refusals) > 0;
}

bool credentials_look(struct credentials *credentials, const char *secret_file)
{
    struct credentials_stamp now = stamp_of(secret_file);
    bool is_forgiven = has_refusals(credentials) && !stamp_equal(&now, &credentials->seen);

    if (is_forgiven)
        credentials_forgive(credentials);
    credentials->seen = now;
    return is_forgiven;
}

void credentials_refuse(struct credentials *credentials, const char *server, const struct failure *failure,
                        int64_t now_ms, uint32_t random)
{
    struct refusal *refusal = refusal_make(credentials, server);

    refusal->backoff = backoff_next(refusal->backoff, BACKOFF_CREDENTIALS, now_ms, random);
    if (refusal->is_its_own)
        return;
    set_own(credentials, false); /* what was taken once may be wrong by now */
    credentials->backoff = backoff_next(credentials->backoff, BACKOFF_CREDENTIALS, now_ms, random);
    failure_copy(failure, &credentials->failure);
    g_free(credentials->server);
    credentials->server = g_strdup(server);
}

void credentials_accept(struct credentials *credentials, const char *server)
{
    if (credentials->refusals)
        g_hash_table_remove(credentials->refusals, server);
    set_own(credentials, true);
    credentials->backoff = (struct backoff){0};
}

unsigned credentials_refusals(const struct credentials *credentials, const char *server)
{
    const struct refusal *refusal = refusal_of(credentials, server);

    return refusal ? refusal->backoff.failures : 0;
}

int64_t credentials_until_ms(const struct credentials *credentials, const char *server)
{
    const struct refusal *refusal = refusal_of(credentials, server);

    return refusal && refusal->is_its_own ? refusal->backoff.until_ms : 0;
}

bool credentials_are_barred(const struct credentials *credentials, int64_t now_ms)
{
    return !backoff_is_over(credentials->backoff, now_ms);
}

void credentials_forgive(struct credentials *credentials)
{
    struct credentials_stamp seen = credentials->seen;

    credentials_clear(credentials);
    credentials->seen = seen;
}

bool credentials_begin_login(struct credentials *credentials, const void *who, const char *secret_file,
                             int64_t now_ms)
{
    if (credentials->login && credentials->login != who && now_ms < credentials->login_until_ms)
        return false;
    credentials->seen = stamp_of(secret_file);
    credentials->login = who;
    credentials->login_until_ms = now_ms + CREDENTIALS_LOGIN_MS;
    return true;
}

bool credentials_end_login(struct credentials *credentials, const void *who)
{
    bool is_under_way = credentials->login == who;

    if (is_under_way)
        credentials->login = NULL;
    return is_under_way;
}

void credentials_clear(struct credentials *credentials)
{
    failure_clear(&credentials->failure);
    g_free(credentials->server);
    g_clear_pointer(&credentials->refusals, g_hash_table_unref);
    *credentials = (struct credentials){0};
}
