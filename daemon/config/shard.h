/* Which daemon a watch belongs to where they are dealt out over several: the first eight bytes of the SHA-256
 * of the name of its section, as a big-endian number, modulo the count. It stays so from release to release;
 * with another count nearly every watch goes to another daemon. */
#ifndef DNDRIFT_CONFIG_SHARD_H
#define DNDRIFT_CONFIG_SHARD_H

/* From 0; count is at least 1. */
unsigned shard_of(const char *section, unsigned count);
#endif
