/* What the health endpoint is shown, and what the control socket may do. */
#ifndef DNDRIFT_VIEW_H
#define DNDRIFT_VIEW_H

#include "parts.h"

/* For health_new(). */
struct health_view view_of(struct parts *parts);
#endif
