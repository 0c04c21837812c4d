/* A view of a few watches that a test fills in, and a page rendered from it. Owned by the test. */
#ifndef DNDRIFT_TESTS_HEALTH_CASE_H
#define DNDRIFT_TESTS_HEALTH_CASE_H

#include "health/snapshot.h"

#define HOSTILE "<b>\"'\\\n\x01\xc2\x9b\xe2\x80\xae\xff"

struct health_case {
    struct health_view view;
    struct daemon_view daemon;
    GPtrArray *watches;     /* of struct watch_state, owned */
    GPtrArray *directories; /* of struct directory_view, borrowed */
    struct outlet_view outlets[2];
    struct now now;
};

void health_case_init(struct health_case *health_case);
void health_case_clear(struct health_case *health_case);

/* A further watch, fresh and in this confirmed state. */
struct watch_state *health_case_add(struct health_case *health_case, const char *name, enum verdict verdict);

/* The page as it would be sent; g_free() it. */
char *health_case_render(const struct health_case *health_case, const struct snapshot_kind *kind,
                         int *ret_code);
#endif
