/* The words of the contract: verdicts and their classes, the phases of a question, the reasons why one
 * failed. Names are what users see in syslog, JSON and metrics. */
#ifndef DNDRIFT_JUDGE_VERDICT_H
#define DNDRIFT_JUDGE_VERDICT_H

#include <stdbool.h>

enum verdict {
    VERDICT_NONE, /* not judged yet; never shown by name */
    VERDICT_INVALID,
    VERDICT_UNREACHABLE,
    VERDICT_HIDDEN,
    VERDICT_CONFLICT,
    VERDICT_REPLACED,
    VERDICT_MOVED,
    VERDICT_RENAMED,
    VERDICT_ANCESTOR_RENAMED,
    VERDICT_DELETED,
    VERDICT_MISSING,
    VERDICT_WRONG_CLASS,
    VERDICT_EMPTIED,
    VERDICT_SPLIT,
    VERDICT_SPELLING,
    VERDICT_MATCH,
    VERDICT_COUNT
};

enum verdict_class { CLASS_NONE, CLASS_OK, CLASS_DRIFT, CLASS_UNVERIFIABLE, CLASS_CONFIGURATION };

/* Where a prober was when it stopped, in the order it goes. */
enum phase {
    PHASE_NONE,
    PHASE_START,
    PHASE_DNS,
    PHASE_CONNECT,
    PHASE_TLS,
    PHASE_BIND,
    PHASE_PROFILE,
    PHASE_SEARCH,
    PHASE_COUNT
};

/* Why a comparison came to no verdict: the `reason` label of comparison_failures_total. */
enum reason {
    REASON_NONE,
    REASON_DNS,
    REASON_CONNECT,
    REASON_TLS,
    REASON_BIND,
    REASON_TIMEOUT,
    REASON_CRASH,
    REASON_PROTOCOL,
    REASON_REFERRAL,
    REASON_BUSY,
    REASON_LIMIT,
    REASON_ACL,
    REASON_SERVER,
    REASON_COUNT
};

/* Each name function answers NULL for values out of range; each from_name function VERDICT_NONE and so on for
 * unknown names. */
const char *verdict_name(enum verdict verdict);
enum verdict verdict_from_name(const char *name);
enum verdict_class verdict_class(enum verdict verdict);
const char *verdict_class_name(enum verdict_class class); /* ok, drift, unverifiable, configuration */
const char *phase_name(enum phase phase);
enum phase phase_from_name(const char *name);
const char *reason_name(enum reason reason);
enum reason reason_from_name(const char *name);
#endif
