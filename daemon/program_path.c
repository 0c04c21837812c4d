#include "config.h"

#include "program_path.h"

#include <errno.h>
#include <unistd.h>

char *program_path_find(const char *program, GError **error)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self ? g_path_get_dirname(self) : g_strdup(".");
    g_autofree char *beside = g_build_filename(folder, program, NULL);
    g_autofree char *installed = g_build_filename(LIBEXECDIR, program, NULL);

    if (access(beside, X_OK) == 0)
        return g_steal_pointer(&beside);
    if (access(installed, X_OK) == 0)
        return g_steal_pointer(&installed);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s cannot be run: %s; is the package complete?",
                installed, g_strerror(errno));
    return NULL;
}
