/* SIGHUP: the whole new configuration or none of it. */
#ifndef DNDRIFT_RELOAD_H
#define DNDRIFT_RELOAD_H

#include "parts.h"

/* false: something is wrong with it, the old one stays, REJECTED is announced; the sentence (g_free() it)
 * says what. */
bool reload_configuration(struct parts *parts, char **ret_sentence);

/* What the consumers tell has changed: the engine follows. user: the parts. */
void reload_sources(void *user);
#endif
