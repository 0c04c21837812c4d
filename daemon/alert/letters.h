/* The alerts that wait to be sent, in rising order of number, and which of them go first when there are too
 * many. Owned by the outbox. */
#ifndef DNDRIFT_ALERT_LETTERS_H
#define DNDRIFT_ALERT_LETTERS_H

#include <glib.h>
#include <stdbool.h>

#include "judge/alert.h"

struct letter {
    struct alert *alert;
    bool is_stored; /* the store holds it as well */
    int64_t boot_added_ms;
};

struct letters {
    GQueue queue; /* of struct letter */
    unsigned n_unstored;
};

void letters_init(struct letters *letters);
void letters_clear(struct letters *letters);

/* Takes the alert. */
void letters_add(struct letters *letters, struct alert *alert, bool is_stored, int64_t boot_now_ms);

unsigned letters_depth(const struct letters *letters);
const struct letter *letters_first(const struct letters *letters); /* NULL: none */
struct alert *letters_take_first(struct letters *letters);

/* Gives up one of the stored or of the unstored: the oldest reminder within reach, else the oldest. NULL:
 * none. */
struct alert *letters_take_victim(struct letters *letters, bool is_stored);

#endif
