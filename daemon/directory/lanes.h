/* The lanes of a directory: one with all its servers, or one for each, to be asked side by side. Owned by the
 * directory. */
#ifndef DNDRIFT_DIRECTORY_LANES_H
#define DNDRIFT_DIRECTORY_LANES_H

#include "directory/lane.h"

struct lanes;

/* prober is copied, credentials are borrowed. There are no lanes before lanes_follow(). */
struct lanes *lanes_new(struct event_base *base, const char *prober, struct credentials *credentials);
void lanes_free(struct lanes *lanes);

/* Adapts to settings and servers (at least one), both borrowed until the next time. Answers the lanes that
 * are gone: whatever asks them is to forget them first, then g_ptr_array_unref() frees them. */
GPtrArray *lanes_follow(struct lanes *lanes, const struct directory_config *settings, char *const *uris,
                        bool is_changed);

void lanes_forgive(struct lanes *lanes); /* all back-offs end */

/* In the order of the configuration. */
unsigned lanes_n(const struct lanes *lanes);
struct lane *lanes_at(const struct lanes *lanes, unsigned index);
bool lanes_find(const struct lanes *lanes, const struct lane *lane, unsigned *ret_index);

/* Their servers, in the order of the configuration. */
unsigned lanes_n_servers(const struct lanes *lanes);
const struct server *lanes_server(const struct lanes *lanes, unsigned index);
uint64_t lanes_restarts(const struct lanes *lanes);
#endif
