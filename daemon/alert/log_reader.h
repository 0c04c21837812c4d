/* Who reads the socket of the local log, as its file tells: whether it is still the one that was there, and
 * whether anybody is. Owned by the outlet. */
#ifndef DNDRIFT_ALERT_LOG_READER_H
#define DNDRIFT_ALERT_LOG_READER_H

#include <stdbool.h>
#include <sys/stat.h>

/* The file of its socket; a reader that starts makes another. Zeroed: none. */
struct log_reader {
    dev_t device;
    ino_t inode;
    struct timespec made;
};

struct log_reader log_reader_at(const char *path);
bool log_reader_is_same(const struct log_reader *one, const struct log_reader *other);

/* A datagram socket that is open at its other end. */
bool log_reader_is_alive(const char *path);

#endif
