/* The lanes of a directory: one with all its servers, or one for each, to be asked side by side. Owned by the
 * directory. */
#ifndef DNDRIFT_DIRECTORY_LANES_H
#define DNDRIFT_DIRECTORY_LANES_H

#include "directory/lane.h"

struct lanes;

/* means are borrowed, the settings among them until lanes_reload(). There are no lanes before
 * lanes_follow(). */
struct lanes *lanes_new(const struct lane_means *means);
void lanes_free(struct lanes *lanes);

/* Adapts to the servers; while there are none it is one lane that waits for them. Answers the lanes that are
 * gone: whatever asks them is to forget them first, then g_ptr_array_unref() frees them. */
GPtrArray *lanes_follow(struct lanes *lanes, char **uris);

/* Other settings, to be followed by lanes_follow(). is_changed: all connect anew after the round. Back-offs
 * end. */
void lanes_reload(struct lanes *lanes, const struct directory_config *settings, bool is_changed);

/* Whether a server is asked at the moment that is not among these. */
bool lanes_ask_beyond(const struct lanes *lanes, char **uris);

void lanes_on_lookup(struct lanes *lanes); /* a look-up of servers has ended, and they follow it already */
void lanes_forgive(struct lanes *lanes);   /* all back-offs end */

/* In the order of the configuration. */
unsigned lanes_n(const struct lanes *lanes);
struct lane *lanes_at(const struct lanes *lanes, unsigned index);
bool lanes_find(const struct lanes *lanes, const struct lane *lane, unsigned *ret_index);

/* Their servers, in the order of the configuration. */
unsigned lanes_n_servers(const struct lanes *lanes);
const struct server *lanes_server(const struct lanes *lanes, unsigned index);
uint64_t lanes_restarts(const struct lanes *lanes);
#endif
