/* The file of a consumer, read whole within a bound. */
#ifndef DNDRIFT_SOURCE_SOURCE_FILE_H
#define DNDRIFT_SOURCE_SOURCE_FILE_H

#include <glib.h>

/* A regular file of at most SOURCE_MAX_BYTES; NULL and a clause that follows its name. */
GBytes *source_file_read(const char *path, GError **error);

/* The same of one that is open, with a bound of its own; closes it. */
GBytes *source_file_take(int fd, size_t max_bytes, GError **error);
#endif
