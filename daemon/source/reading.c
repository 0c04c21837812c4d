#include "source/reading.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "source/source.h"

/* Whatever can make a path lead to other content. */
#define EVENTS                                                                                               \
    (IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MOVE_SELF |       \
     IN_DELETE_SELF)

struct reading *reading_new(const char *name, uint64_t post, const char *text)
{
    struct reading *reading = g_new0(struct reading, 1);

    reading->name = g_strdup(name);
    reading->post = post;
    reading->text = g_strdup(text);
    reading->notifier = -1;
    for (unsigned i = 0; i < READING_FOLDERS; i++)
        reading->folders[i] = -1;
    return reading;
}

void reading_free(struct reading *reading)
{
    if (!reading)
        return;
    g_free(reading->name);
    g_free(reading->text);
    g_free(reading->problem);
    if (reading->values)
        g_ptr_array_unref(reading->values);
    g_free(reading);
}

static int watch_folder(int notifier, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);

    return inotify_add_watch(notifier, folder, EVENTS | IN_ONLYDIR);
}

/* Before the file is looked at, so that no change goes by unseen. */
static void watch_folders(struct reading *reading, const char *path)
{
    char real[PATH_MAX];

    if (reading->notifier < 0)
        return;
    reading->folders[0] = watch_folder(reading->notifier, path);
    reading->is_linked = !realpath(path, real) || strcmp(path, real) != 0;
    if (reading->is_linked)
        reading->folders[1] = watch_folder(reading->notifier, real);
}

static struct reading_stamp take_stamp(const char *path)
{
    struct stat status;
    struct reading_stamp stamp;

    memset(&stamp, 0, sizeof stamp); /* compared byte by byte */
    if (stat(path, &status) < 0)
        return stamp;
    stamp.device = status.st_dev;
    stamp.inode = status.st_ino;
    stamp.size = status.st_size;
    stamp.wall_changed = status.st_ctim;
    return stamp;
}

static bool is_same(const struct reading_stamp *a, const struct reading_stamp *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* A change in the future is that of a clock that was set back: it is no reason to wait. */
static bool is_restless(const struct reading_stamp *stamp)
{
    int64_t changed_ms = (int64_t)stamp->wall_changed.tv_sec * 1000 + stamp->wall_changed.tv_nsec / 1000000;

    return ABS(g_get_real_time() / 1000 - changed_ms) < READING_QUIET_MS;
}

static enum reading_outcome read_values(struct reading *reading, const struct source *source)
{
    g_autoptr(GError) error = NULL;

    reading->values = source_read(source, &error);
    if (reading->values)
        return READING_DONE;
    reading->problem = g_strdup(error->message);
    return READING_FAILED;
}

void reading_run(struct reading *reading)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(source_t) source = source_new(reading->text, &error);
    struct reading_stamp after, never = take_stamp("");

    if (!source) {
        reading->problem = g_strdup(error->message);
        reading->outcome = READING_FAILED;
        return;
    }
    watch_folders(reading, source->file);
    reading->stamp = take_stamp(source->file);
    if (!is_same(&reading->stamp, &never) && is_same(&reading->stamp, &reading->last)) {
        reading->outcome = READING_SAME;
        return;
    }
    if (reading->is_patient && is_restless(&reading->stamp)) {
        reading->outcome = READING_RESTLESS;
        return;
    }
    reading->outcome = read_values(reading, source);
    after = take_stamp(source->file);
    if (reading->is_patient && !is_same(&reading->stamp, &after))
        reading->outcome = READING_RESTLESS;
}
