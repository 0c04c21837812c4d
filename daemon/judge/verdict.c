#include "judge/verdict.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    enum verdict_class class;
} verdicts[VERDICT_COUNT] = {
    [VERDICT_NONE] = {NULL, CLASS_NONE},
    [VERDICT_INVALID] = {"invalid", CLASS_CONFIGURATION},
    [VERDICT_UNREACHABLE] = {"unreachable", CLASS_UNVERIFIABLE},
    [VERDICT_HIDDEN] = {"hidden", CLASS_UNVERIFIABLE},
    [VERDICT_CONFLICT] = {"conflict", CLASS_DRIFT},
    [VERDICT_REPLACED] = {"replaced", CLASS_DRIFT},
    [VERDICT_MOVED] = {"moved", CLASS_DRIFT},
    [VERDICT_RENAMED] = {"renamed", CLASS_DRIFT},
    [VERDICT_ANCESTOR_RENAMED] = {"ancestor-renamed", CLASS_DRIFT},
    [VERDICT_DELETED] = {"deleted", CLASS_DRIFT},
    [VERDICT_MISSING] = {"missing", CLASS_DRIFT},
    [VERDICT_WRONG_CLASS] = {"wrong-class", CLASS_DRIFT},
    [VERDICT_EMPTIED] = {"emptied", CLASS_DRIFT},
    [VERDICT_SPLIT] = {"split", CLASS_DRIFT},
    [VERDICT_SPELLING] = {"spelling", CLASS_OK},
    [VERDICT_MATCH] = {"match", CLASS_OK},
};

static const char *const class_names[] = {
    [CLASS_NONE] = NULL,
    [CLASS_OK] = "ok",
    [CLASS_DRIFT] = "drift",
    [CLASS_UNVERIFIABLE] = "unverifiable",
    [CLASS_CONFIGURATION] = "configuration",
};

static const char *const phase_names[PHASE_COUNT] = {
    [PHASE_START] = "start", [PHASE_DNS] = "dns",         [PHASE_CONNECT] = "connect", [PHASE_TLS] = "tls",
    [PHASE_BIND] = "bind",   [PHASE_PROFILE] = "profile", [PHASE_SEARCH] = "search",
};

static const char *const reason_names[REASON_COUNT] = {
    [REASON_DNS] = "dns",           [REASON_CONNECT] = "connect",   [REASON_TLS] = "tls",
    [REASON_BIND] = "bind",         [REASON_TIMEOUT] = "timeout",   [REASON_CRASH] = "crash",
    [REASON_PROTOCOL] = "protocol", [REASON_REFERRAL] = "referral", [REASON_BUSY] = "busy",
    [REASON_LIMIT] = "limit",       [REASON_ACL] = "acl",           [REASON_SERVER] = "server",
};

/* The index of `name` in `names`; 0, which is nobody's name, if it is not there. */
static unsigned find_name(const char *const *names, unsigned n_names, const char *name)
{
    for (unsigned i = 0; name && i < n_names; i++)
        if (names[i] && strcmp(names[i], name) == 0)
            return i;
    return 0;
}

const char *verdict_name(enum verdict verdict)
{
    return (unsigned)verdict < VERDICT_COUNT ? verdicts[verdict].name : NULL;
}

enum verdict verdict_from_name(const char *name)
{
    for (unsigned i = 0; name && i < VERDICT_COUNT; i++)
        if (verdicts[i].name && strcmp(verdicts[i].name, name) == 0)
            return (enum verdict)i;
    return VERDICT_NONE;
}

enum verdict_class verdict_class(enum verdict verdict)
{
    return (unsigned)verdict < VERDICT_COUNT ? verdicts[verdict].class : CLASS_NONE;
}

const char *verdict_class_name(enum verdict_class class)
{
    return (unsigned)class < sizeof class_names / sizeof *class_names ? class_names[class] : NULL;
}

const char *phase_name(enum phase phase)
{
    return (unsigned)phase < PHASE_COUNT ? phase_names[phase] : NULL;
}

enum phase phase_from_name(const char *name)
{
    return (enum phase)find_name(phase_names, PHASE_COUNT, name);
}

const char *reason_name(enum reason reason)
{
    return (unsigned)reason < REASON_COUNT ? reason_names[reason] : NULL;
}

enum reason reason_from_name(const char *name)
{
    return (enum reason)find_name(reason_names, REASON_COUNT, name);
}
