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

bool credentials_look(struct credentials *credentials, const char *secret_file)
{
    struct credentials_stamp now = stamp_of(secret_file);
    bool is_forgiven = credentials->backoff.failures > 0 && !stamp_equal(&now, &credentials->seen);

    if (is_forgiven)
        credentials_forgive(credentials);
    credentials->seen = now;
    return is_forgiven;
}

void credentials_refuse(struct credentials *credentials, const char *server, const struct failure *failure,
                        int64_t now_ms, uint32_t random)
{
    credentials->backoff = backoff_next(credentials->backoff, BACKOFF_CREDENTIALS, now_ms, random);
    failure_copy(failure, &credentials->failure);
    g_free(credentials->server);
    credentials->server = g_strdup(server);
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

void credentials_end_login(struct credentials *credentials, const void *who)
{
    if (credentials->login == who)
        credentials->login = NULL;
}

void credentials_clear(struct credentials *credentials)
{
    failure_clear(&credentials->failure);
    g_free(credentials->server);
    *credentials = (struct credentials){0};
}
