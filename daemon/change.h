/* What a new configuration does to the watches: edits and removals announced, their states kept, in one turn
 * of the engine. */
#ifndef DNDRIFT_CHANGE_H
#define DNDRIFT_CHANGE_H

#include "round.h"

/* Applies the configuration to the roster (roster_apply()). Its news go to the turn's bulletin, its states to
 * the turn's batch. */
void change_apply(struct roster *roster, const struct config *old, const struct config *config,
                  struct now now, struct running_round *turn);
#endif
