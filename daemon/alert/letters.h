/* The alerts that wait to be sent, in rising order of number, and which of them go first when there are too
 * many. Owned by an outlet; a letter is shared by the outlets that it is for. */
#ifndef DNDRIFT_ALERT_LETTERS_H
#define DNDRIFT_ALERT_LETTERS_H

#include <glib.h>
#include <stdbool.h>

#include "judge/alert.h"

struct letter {
    struct alert *alert;
    GPtrArray *members; /* of struct alert: of those watches that it speaks for; NULL: it is of one, or
                           nobody wants to know */
    char *id;           /* STORE-N */
    bool is_stored;     /* the store holds it as well */
    int64_t boot_added_ms;
};

/* Takes the alert and the members, which may be NULL. */
struct letter *letter_new(struct alert *alert, GPtrArray *members, const char *store_id, bool is_stored);
struct letter *letter_ref(struct letter *letter);
void letter_unref(struct letter *letter);
int64_t letter_age_ms(const struct letter *letter);

struct letters {
    GQueue queue; /* of struct letter */
    unsigned n_unstored;
};

void letters_init(struct letters *letters);
void letters_clear(struct letters *letters);

/* Takes the letter. Most are the newest; one that is put back is among the oldest. */
void letters_add(struct letters *letters, struct letter *letter);
void letters_put_back(struct letters *letters, struct letter *letter);

unsigned letters_depth(const struct letters *letters);
struct letter *letters_first(const struct letters *letters); /* NULL: none */
struct letter *letters_take_first(struct letters *letters);
struct letter *letters_take(struct letters *letters, uint64_t number); /* NULL: none of that number */

/* Gives up one of the stored or of the unstored: the oldest reminder within reach, else the oldest. NULL:
 * none. */
struct letter *letters_take_victim(struct letters *letters, bool is_stored);

typedef struct letter letter_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(letter_t, letter_unref)
#endif
