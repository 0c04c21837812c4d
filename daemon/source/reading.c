#include "source/reading.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "source/drop.h"
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
    char real[PATH_MAX] = ""; /* of a path that leads nowhere: as far as it leads, or nothing */

    if (reading->notifier < 0)
        return;
    reading->folders[0] = watch_folder(reading->notifier, path);
    reading->is_linked = !realpath(path, real) || strcmp(path, real) != 0;
    if (*real && reading->is_linked)
        reading->folders[1] = watch_folder(reading->notifier, real);
    reading->is_linked |= reading->is_barred;
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
static int64_t wall_age_ms(const struct reading_stamp *stamp)
{
    int64_t changed_ms = (int64_t)stamp->wall_changed.tv_sec * 1000 + stamp->wall_changed.tv_nsec / 1000000;

    return ABS(g_get_real_time() / 1000 - changed_ms);
}

/* By the clock, or as it was seen: the clock of a file server may be another. */
static bool is_restless(const struct reading *reading)
{
    return wall_age_ms(&reading->stamp) < READING_QUIET_MS ||
           (reading->is_seen && !is_same(&reading->stamp, &reading->seen));
}

static int64_t wall_now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

/* The file to look at: that of the consumer, or where root drops what it holds. */
static char *find_file(struct reading *reading, const struct source *source)
{
    g_autofree char *folder = drop_folder();

    reading->is_barred = access(source->file, R_OK) < 0 && errno == EACCES;
    if (!reading->is_barred)
        return g_strdup(source->file);
    drop_request(folder, reading->name, wall_now_s(), NULL); /* what keeps it from that keeps the drop away */
    return drop_path(folder, reading->name);
}

static GPtrArray *read_drop(const struct reading *reading, const struct source *source, GError **error)
{
    g_autofree char *folder = drop_folder();
    g_autoptr(GError) why = NULL;
    GPtrArray *values = drop_read(folder, reading->name, reading->text, wall_now_s(), &why);

    if (g_error_matches(why, SOURCE_ERROR, SOURCE_ERROR_FILE))
        g_prefix_error(&why,
                       "%s: %s, and root does not read it for the daemon "
                       "(systemctl enable --now dndriftd-source@%s.path): ",
                       source->file, g_strerror(EACCES), reading->name);
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return values;
}

static enum reading_outcome read_values(struct reading *reading, const struct source *source)
{
    g_autoptr(GError) error = NULL;

    reading->values = reading->is_barred ? read_drop(reading, source, &error) : source_read(source, &error);
    if (reading->values)
        return READING_DONE;
    if (reading->is_barred && reading->is_patient && g_error_matches(error, SOURCE_ERROR, SOURCE_ERROR_FILE))
        return READING_RESTLESS; /* root was just asked */
    reading->problem = g_strdup(error->message);
    return READING_FAILED;
}

void reading_run(struct reading *reading)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(source_t) source = source_new(reading->text, &error);
    g_autofree char *path = NULL;
    struct reading_stamp after, never = take_stamp("");

    if (!source) {
        reading->problem = g_strdup(error->message);
        reading->outcome = READING_FAILED;
        return;
    }
    path = find_file(reading, source);
    watch_folders(reading, path);
    reading->stamp = take_stamp(path);
    reading->is_stamp_old = wall_age_ms(&reading->stamp) > READING_TICK_MS;
    if (!reading->is_barred && !is_same(&reading->stamp, &never) &&
        is_same(&reading->stamp, &reading->last)) {
        reading->outcome = READING_SAME;
        return;
    }
    if (reading->is_patient && is_restless(reading)) {
        reading->outcome = READING_RESTLESS;
        return;
    }
    reading->outcome = read_values(reading, source);
    after = take_stamp(path);
    if (reading->is_patient && !is_same(&reading->stamp, &after))
        reading->outcome = READING_RESTLESS;
}
