/* The page for people at `/`: every watch and its verdict as a plain HTML table. No script; every value is
 * clean and escaped. */
#ifndef DNDRIFT_HEALTH_PAGE_H
#define DNDRIFT_HEALTH_PAGE_H

#include "health/snapshot.h"

extern const struct snapshot_kind page_all;
#endif
