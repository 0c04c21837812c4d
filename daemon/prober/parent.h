/* The daemon at the other end of WIRE_FD: reads its frames, tells it ours. Blocking; owned by main. */
#ifndef DNDRIFT_PROBER_PARENT_H
#define DNDRIFT_PROBER_PARENT_H

#include "directory/wire.h"

struct parent;

struct parent *parent_new(int fd);
void parent_free(struct parent *parent);

/* Waits for the next frame. false: the daemon has closed its end, or what it sent is no frame. */
bool parent_read(struct parent *parent, struct wire_frame *ret_frame);

/* Whether bytes are there already that parent_read() would take without waiting. */
bool parent_has_input(const struct parent *parent);
int parent_fd(const struct parent *parent);

/* Frames are collected; they leave with parent_flush(), with a progress and when they are many. A daemon that
 * is gone is noticed by the next parent_read(). */
void parent_tell_phase(struct parent *parent, enum phase phase);
void parent_tell_question(struct parent *parent, uint32_t question); /* a further search about it begins */
void parent_tell_ready(struct parent *parent, const struct wire_ready *ready);
void parent_tell_observation(struct parent *parent, const struct observation *observation);
void parent_tell_done(struct parent *parent, uint64_t round);
void parent_tell_failed(struct parent *parent, const struct wire_failed *failed);
void parent_tell_servers(struct parent *parent, const GPtrArray *servers); /* of struct wire_server */
void parent_tell_candidate(struct parent *parent, const struct wire_candidate *candidate);
void parent_tell_obtained(struct parent *parent, const struct wire_obtained *obtained);
void parent_flush(struct parent *parent);
#endif
