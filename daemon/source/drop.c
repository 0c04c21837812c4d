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

GPtrArray *drop_read(const char *folder, const char *name, const char *spec, int64_t *ret_wall_s,
                     GError **error)
{
    g_autofree char *path = drop_path(folder, name);
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) content = NULL;
    GPtrArray *values;
    int tray = open_tray(folder, name, error);

    if (tray < 0)
        return NULL;
    content = tray_take(tray, name, DROP_TEXT_MAX_BYTES, ret_wall_s, &why);
    close(tray);
    values = content ? drop_text_values(content, spec, &why) : NULL;
    if (g_error_matches(why, SOURCE_ERROR, SOURCE_ERROR_FILE))
        g_prefix_error(&why, "%s: ", path);
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return values;
}

bool drop_request(const char *folder, const char *name, int64_t wall_now_s, GError **error)
{
    g_autofree char *file = g_strconcat(name, ":wanted", NULL), *path = drop_path(folder, file);
    int tray;

    mkdir(folder, 0755); /* whether it is there is told by opening it */
    tray = open_tray(folder, name, error);
    return tray >= 0 && finish(tray, tray_touch(tray, file, wall_now_s, DROP_REQUEST_PAUSE_S), path, error);
}
