#include "source/drop.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/name.h"
#include "source/drop_text.h"
#include "source/source.h"
#include "source/tray.h"

char *drop_folder(void)
{
    const char *runtime = g_getenv("RUNTIME_DIRECTORY");
    g_auto(GStrv) folders = g_strsplit(runtime && *runtime == '/' ? runtime : "/run/dndriftd", ":", 2);

    return g_build_filename(folders[0], "source", NULL);
}

char *drop_path(const char *folder, const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static char *request_name(const char *name)
{
    return g_strconcat(name, ":wanted", NULL); /* no name of a watch has a colon */
}

/* The name goes into a path, and so must be that of a watch and nothing else. */
static int open_tray(const char *folder, const char *name, GError **error)
{
    if (name_is_valid(name))
        return tray_open(folder, error);
    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_SPEC, "`%s` is no name of a watch, " NAME_EXPECTED, name);
    return -1;
}

/* Closes the tray; a failure is told with the errno that it left. */
static bool finish(int tray, bool is_done, const char *path, GError **error)
{
    if (!is_done)
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_FILE, "%s: %s", path, g_strerror(errno));
    close(tray);
    return is_done;
}

bool drop_write(const char *folder, const char *name, const char *spec, const GPtrArray *values,
                const char *problem, GError **error)
{
    g_autofree char *text = drop_text_print(spec, values, problem), *path = drop_path(folder, name);
    int tray = open_tray(folder, name, error);

    return tray >= 0 && finish(tray, tray_put(tray, name, text), path, error);
}

/* The time of the request that root has not answered; `wall_now_s`: there is none. A time that is yet to come
 * is that of a clock which was set back. */
static int64_t asked_since(int tray, const char *name, int64_t wall_now_s)
{
    g_autofree char *request = request_name(name);
    int64_t wall_asked_s, wall_answered_s;

    if (!tray_time(tray, request, &wall_asked_s) || wall_asked_s > wall_now_s)
        return wall_now_s;
    if (tray_time(tray, name, &wall_answered_s) && wall_answered_s >= wall_asked_s)
        return wall_now_s;
    return wall_asked_s;
}

static GPtrArray *read_drop(int tray, const char *name, const char *spec, int64_t wall_now_s, GError **error)
{
    g_autoptr(GBytes) content = tray_take(tray, name, DROP_TEXT_MAX_BYTES, error);

    if (content && wall_now_s - asked_since(tray, name, wall_now_s) <= DROP_PATIENCE_S)
        return drop_text_values(content, spec, error);
    if (content)
        g_set_error_literal(error, SOURCE_ERROR, SOURCE_ERROR_FILE,
                            "is out of date: root does not read again when it is asked to");
    return NULL;
}

GPtrArray *drop_read(const char *folder, const char *name, const char *spec, int64_t wall_now_s,
                     GError **error)
{
    g_autofree char *path = drop_path(folder, name);
    g_autoptr(GError) why = NULL;
    GPtrArray *values;
    int tray = open_tray(folder, name, error);

    if (tray < 0)
        return NULL;
    values = read_drop(tray, name, spec, wall_now_s, &why);
    close(tray);
    if (g_error_matches(why, SOURCE_ERROR, SOURCE_ERROR_FILE))
        g_prefix_error(&why, "%s: ", path);
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return values;
}

static bool was_just_asked(int tray, const char *request, int64_t wall_now_s)
{
    int64_t wall_asked_s;

    return tray_touch_time(tray, request, &wall_asked_s) && wall_asked_s <= wall_now_s &&
           wall_now_s - wall_asked_s < DROP_PAUSE_S;
}

bool drop_request(const char *folder, const char *name, int64_t wall_now_s, GError **error)
{
    g_autofree char *request = request_name(name), *path = drop_path(folder, request);
    int tray;

    mkdir(folder, 0755); /* whether it is there is told by opening it */
    tray = open_tray(folder, name, error);
    if (tray < 0)
        return false;
    if (was_just_asked(tray, request, wall_now_s))
        return finish(tray, true, path, error);
    return finish(tray, tray_touch(tray, request, asked_since(tray, name, wall_now_s), wall_now_s), path,
                  error);
}
