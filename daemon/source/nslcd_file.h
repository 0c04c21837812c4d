/* The search bases in nslcd.conf(5), read as nslcd reads them. */
#ifndef DNDRIFT_SOURCE_NSLCD_FILE_H
#define DNDRIFT_SOURCE_NSLCD_FILE_H

#include <glib.h>

/* The DNs (char *) of all lines `base [MAP] DN`. NULL and a clause that follows the file's name. */
GPtrArray *nslcd_file_bases(GBytes *content, GError **error);
#endif
