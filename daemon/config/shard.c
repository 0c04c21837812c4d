#include "config/shard.h"

#include <glib.h>
#include <string.h>

unsigned shard_of(const char *section, unsigned count)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof digest;
    guint64 number;

    g_checksum_update(checksum, (const guchar *)section, -1);
    g_checksum_get_digest(checksum, digest, &length);
    memcpy(&number, digest, sizeof number);
    return (unsigned)(GUINT64_FROM_BE(number) % count);
}
