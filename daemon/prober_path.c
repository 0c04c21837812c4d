#include "config.h"

#include "prober_path.h"

#include <errno.h>
#include <unistd.h>

char *prober_path_find(GError **error)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self ? g_path_get_dirname(self) : g_strdup(".");
    g_autofree char *beside = g_build_filename(folder, "dndrift-prober", NULL);
    const char *installed = LIBEXECDIR "/dndrift-prober";

    if (access(beside, X_OK) == 0)
        return g_steal_pointer(&beside);
    if (access(installed, X_OK) == 0)
        return g_strdup(installed);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s cannot be run: %s; is the package complete?",
                installed, g_strerror(errno));
    return NULL;
}
