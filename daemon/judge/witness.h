/* Whose word counts: the server that last told about a watch, and how new its data was. A replica that is
 * behind knows of no drift, or of one that is no more. */
#ifndef DNDRIFT_JUDGE_WITNESS_H
#define DNDRIFT_JUDGE_WITNESS_H

#include "judge/alarm.h"
#include "judge/judge.h"

/* Interned: 100 000 watches share them. */
struct witness {
    GRefString *server; /* NULL: none yet */
    GRefString *vintage;
};

/* What a server said that may be behind the witness; since the start of the daemon. */
struct hearsay {
    int64_t boot_since_ms; /* 0: nothing at the moment */
    enum verdict verdict;
};

/* Takes note; whether it has been saying the same for less than after_ms. */
bool hearsay_is_fresh(struct hearsay *hearsay, enum verdict verdict, int64_t after_ms, struct now now);

enum trust {
    TRUST_FULL,
    TRUST_HELD,  /* it may be behind: counts for nothing yet */
    TRUST_BEHIND /* it is behind, and has been for split_after: the replicas disagree */
};

/* Of an ok or drift judgement. Another server than the witness is trusted if its data is shown to be not
 * older; or if it has said the same for split_after: then only drift that is shown to be older is not. An ok
 * that ends nothing needs no trust, and one about an edited value cannot be from before. */
enum trust witness_trust(const struct witness *witness, struct hearsay *hearsay, const struct alarm *alarm,
                         const struct judgement *judgement, bool is_edited, int64_t split_after_ms,
                         struct now now);

/* The judgement is the latest word. */
void witness_note(struct witness *witness, const struct judgement *judgement);
void witness_clear(struct witness *witness);
#endif
