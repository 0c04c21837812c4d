/* What is known of one server beyond the life of a single prober: whether it worked last, why not, until when
 * it is left alone. Owned by the server. */
#ifndef DNDRIFT_DIRECTORY_STANDING_H
#define DNDRIFT_DIRECTORY_STANDING_H

#include "directory/backoff.h"
#include "directory/wire.h"
#include "judge/observation.h"

struct standing {
    bool is_asked;          /* it was tried at all */
    bool is_up;             /* the last connection served a round */
    struct failure failure; /* since it last answered; REASON_NONE: none */
    bool is_credentials;    /* it refused them: that is what the failure is about */
    struct backoff backoff;
    uint64_t n_started; /* probers */
    /* as its latest prober got to know it */
    char *kind;                         /* of server; NULL: none has come so far */
    char *limits;                       /* what it cannot do for us, one sentence; NULL: nothing to say */
    int64_t wall_certificate_expires_s; /* Unix time; 0: it showed none */
};

/* Takes the text. */
void standing_note_failure(struct standing *standing, enum phase phase, enum reason reason, int code,
                           char *text);

void standing_back_off(struct standing *standing, int64_t now_ms, uint32_t random);
void standing_introduce(struct standing *standing, const struct wire_ready *ready);
void standing_forgive(struct standing *standing); /* the back-off ends */
void standing_prove(struct standing *standing);   /* it has answered */
void standing_clear(struct standing *standing);

/* On the clock of standing_back_off(); 0: not in back-off. */
int64_t standing_until_ms(const struct standing *standing);
uint64_t standing_restarts(const struct standing *standing); /* probers after the first */
#endif
