/* The state directory: found or made, locked against a second daemon, and the only place from which the store
 * opens a file. Owned by the store. */
#ifndef DNDRIFT_STORE_FOLDER_H
#define DNDRIFT_STORE_FOLDER_H

#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>

#define FOLDER_DATABASE "state.db"
#define FOLDER_COPY     "state.db.copy"
#define FOLDER_LOCK     "lock"

struct folder {
    char *path; /* absolute, no symbolic link in it */
    int fd;
    int lock_fd;
};

enum file_kind {
    FILE_ABSENT,
    FILE_OURS,   /* a regular file of ours under one name */
    FILE_STRANGE /* a symbolic link, another user's, one with a second name: not to be opened */
};

/* Makes the directory if it is missing (mode 0700) and locks it. Fails with STORE_ERROR_DIRECTORY or
 * STORE_ERROR_LOCKED and a sentence that says what to do. */
struct folder *folder_open(const char *directory, GError **error);
void folder_free(struct folder *folder);

/* What stands under that name. ret_why (may be NULL): what is strange about it, static text. */
enum file_kind folder_file_kind(const struct folder *folder, const char *name, const char **ret_why);

/* Its identity and times; false if it is not there. */
bool folder_stat(const struct folder *folder, const char *name, struct stat *ret_status);

char *folder_file_path(const struct folder *folder, const char *name); /* g_free() it */

/* An empty file, mode 0600; one that is there stays. False: errno. */
bool folder_create_file(const struct folder *folder, const char *name);

/* Renames within the directory and makes it last. False: errno. */
bool folder_rename(const struct folder *folder, const char *from, const char *to, bool is_replacing);
void folder_remove(const struct folder *folder, const char *name);

#endif
