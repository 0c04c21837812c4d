/* One reading of one source, made by a thread: a file that hangs holds up nobody else. Owned by the side that
 * holds it. */
#ifndef DNDRIFT_SOURCE_READING_H
#define DNDRIFT_SOURCE_READING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#define READING_QUIET_MS 500  /* a file that was written to more recently may be half written */
#define READING_TICK_MS  3000 /* two changes within the tick of a file system's clock look like one */
#define READING_FOLDERS  2    /* that of the path, and that of the file which it leads to by symbolic links */

enum reading_outcome {
    READING_DONE,     /* values */
    READING_FAILED,   /* problem */
    READING_SAME,     /* nobody has touched the file since the last reading */
    READING_RESTLESS, /* somebody is just writing to it, or root has not answered yet */
};

/* By what a file that was touched is told: replaced, written to, renamed. */
struct reading_stamp {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec wall_changed;
};

struct reading {
    char *name;                /* whose source */
    uint64_t post;             /* the number that the asker knows it by */
    char *text;                /* of the source, as source_new() takes it */
    struct reading_stamp last; /* when it was read before; zero: never, or it failed */
    struct reading_stamp seen; /* when it was looked at before */
    bool is_seen;              /* it was */
    bool is_patient;           /* a restless file is left alone, and root given time to answer */
    int notifier;              /* inotify descriptor that the folders are added to; -1: none */

    bool is_barred; /* this user may not read the file: root is asked to, and what it dropped is read */
    enum reading_outcome outcome;
    GPtrArray *values; /* of char * */
    char *problem;     /* a sentence */
    struct reading_stamp stamp;
    bool is_stamp_old;            /* enough for each change since to have made another */
    int folders[READING_FOLDERS]; /* watch descriptors; -1: none */
    bool is_linked; /* symbolic links are on the way, or it is a drop: any event in the folders may mean it */
};

/* Texts are copied. */
struct reading *reading_new(const char *name, uint64_t post, const char *text);
void reading_free(struct reading *reading);

/* Fills in the outcome. Blocks as long as the file does. */
void reading_run(struct reading *reading);

typedef struct reading reading_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reading_t, reading_free)
#endif
