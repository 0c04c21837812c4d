/* What several replicas say, as one judgement. One letter a replica. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "judge/replicas.h"

#define CONFIGURED "cn=custom,o=mms"
#define PINNED     "entryUUID:aaaaaaaa-0000-4000-8000-000000000001"
#define OTHER      "entryUUID:bbbbbbbb-0000-4000-8000-000000000002"
#define OLD        "contextCSN:20261125135500.000001Z#000000#001#000000"
#define NEW        "contextCSN:20261125135500.000002Z#000000#001#000000"

static void answer_elsewhere(struct observation *seen, const char *dn)
{
    seen->dn_answer = DN_ABSENT;
    seen->matched_dn = g_strdup("o=mms");
    seen->id_answer = ID_FOUND;
    seen->pinned_dn = g_strdup(dn);
}

/* m match, s spelled otherwise, r renamed, R to yet another name, p replaced, d deleted, h hidden, u down. */
static struct observation *answer(char letter, unsigned index)
{
    struct observation *seen = observation_new(0);

    seen->server = g_strdup_printf("ldap://%c:389", (char)('a' + index));
    seen->vintage = g_strdup(index == 0 ? NEW : OLD);
    switch (letter) {
    case 'm':
    case 's':
    case 'p':
        seen->dn_answer = DN_ENTRY;
        seen->found_dn = g_strdup(letter == 's' ? "cn=Custom,o=mms" : CONFIGURED);
        seen->found_identity = g_strdup(letter == 'p' ? OTHER : PINNED);
        seen->id_answer = letter == 'p' ? ID_GONE : ID_NOT_ASKED;
        break;
    case 'r':
    case 'R':
        answer_elsewhere(seen, letter == 'r' ? "cn=partners,o=mms" : "cn=others,o=mms");
        break;
    case 'd':
        seen->dn_answer = DN_ABSENT;
        seen->matched_dn = g_strdup("o=mms");
        seen->id_answer = ID_GONE;
        seen->ancestor_answer = ANCESTOR_FOUND;
        break;
    case 'h':
        seen->dn_answer = DN_EMPTY;
        seen->id_answer = ID_GONE;
        break;
    default:
        seen->dn_answer = DN_FAILED;
        seen->failure = (struct failure){PHASE_CONNECT, REASON_CONNECT, 111, g_strdup("refused")};
    }
    return seen;
}

static struct observation *answers(const char *letters)
{
    struct observation *seen = answer(*letters, 0);

    seen->others = g_ptr_array_new_with_free_func((GDestroyNotify)observation_free);
    for (unsigned i = 1; letters[i]; i++)
        g_ptr_array_add(seen->others, answer(letters[i], i));
    return seen;
}

static const struct {
    const char *said;
    const char *prefer;
    enum verdict verdict;
    const char *server; /* that is named; NULL: no matter */
    const char *why;
} cases[] = {
    {"m", NULL, VERDICT_MATCH, "ldap://a:389", "one alone"},
    {"mm", NULL, VERDICT_MATCH, "ldap://a:389", "two agree, the first is named"},
    {"mm", "ldap://b:389", VERDICT_MATCH, "ldap://b:389", "or the preferred one"},
    {"mm", "ldap://x:389", VERDICT_MATCH, "ldap://a:389", "unless it is not among them"},
    {"ms", NULL, VERDICT_MATCH, "ldap://a:389", "spelled otherwise is no disagreement"},
    {"rr", NULL, VERDICT_RENAMED, "ldap://a:389", "two see the same drift"},
    {"dddd", NULL, VERDICT_DELETED, "ldap://a:389", "so do four"},
    {"mr", NULL, VERDICT_SPLIT, NULL, "one has not heard of it"},
    {"rm", NULL, VERDICT_SPLIT, NULL, "the other way round"},
    {"rR", NULL, VERDICT_SPLIT, NULL, "two values to put back are none"},
    {"rd", NULL, VERDICT_SPLIT, NULL, "two kinds of drift"},
    {"mmmd", NULL, VERDICT_SPLIT, NULL, "the last of many"},
    {"um", NULL, VERDICT_MATCH, "ldap://b:389", "who is down has no say"},
    {"mu", "ldap://b:389", VERDICT_MATCH, "ldap://a:389", "not even if it is preferred"},
    {"hr", NULL, VERDICT_RENAMED, "ldap://b:389", "nor who is not shown it"},
    {"uhmu", NULL, VERDICT_MATCH, "ldap://c:389", "one answer in four"},
    {"uh", NULL, VERDICT_UNREACHABLE, "ldap://a:389", "nobody tells: the first says why"},
    {"hu", NULL, VERDICT_HIDDEN, "ldap://a:389", "the same"},
    {"umr", NULL, VERDICT_SPLIT, NULL, "two in three disagree"},
};

static void judge_case(const char *said, const char *prefer, struct judgement *ret_judgement,
                       char **ret_speaker)
{
    struct pin pin = {.identity = (char *)PINNED, .dn = (char *)CONFIGURED};
    struct expectation expectation = {.configured = CONFIGURED, .pin = &pin, .bound_as = "anonymous"};
    g_autoptr(observation_t) seen = answers(said);
    const struct observation *speaker = replicas_judge(&expectation, seen, prefer, ret_judgement);

    *ret_speaker = g_strdup(speaker->server);
}

static void what_several_say_is_one_judgement(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct judgement judgement;
        g_autofree char *speaker = NULL;

        judge_case(cases[i].said, cases[i].prefer, &judgement, &speaker);
        if (judgement.verdict != cases[i].verdict)
            fail_msg("%s: %s (%s)", cases[i].said, verdict_name(judgement.verdict), cases[i].why);
        if (cases[i].server &&
            (strcmp(judgement.server, cases[i].server) != 0 || strcmp(speaker, cases[i].server) != 0))
            fail_msg("%s: %s is named, %s speaks (%s)", cases[i].said, judgement.server, speaker,
                     cases[i].why);
        if (judgement.verdict == VERDICT_SPLIT)
            assert_int_equal(judgement.pin_action, PIN_KEEP);
        judgement_clear(&judgement);
    }
}

static void a_split_says_who_says_what_and_how_new_it_is(void **state)
{
    struct judgement judgement;
    g_autofree char *speaker = NULL;

    (void)state;
    judge_case("rmu", NULL, &judgement, &speaker);
    assert_string_equal(judgement.sentence,
                        "the replicas disagree: ldap://a:389 says renamed (cn=partners,o=mms) [" NEW
                        "] and ldap://b:389 says match [" OLD "]");
    assert_string_equal(judgement.live, "cn=partners,o=mms"); /* of the newest */
    assert_string_equal(judgement.server, "ldap://a:389");
    judgement_clear(&judgement);
}

static void of_replicas_equally_old_none_knows_the_right_value(void **state)
{
    struct judgement judgement;
    g_autofree char *speaker = NULL;

    (void)state;
    judge_case("urR", NULL, &judgement, &speaker);
    assert_int_equal(judgement.verdict, VERDICT_SPLIT);
    assert_null(judgement.live);
    judgement_clear(&judgement);
}

static void a_server_that_is_behind_is_named_with_the_one_that_is_not(void **state)
{
    struct judgement judgement;
    g_autofree char *speaker = NULL;

    (void)state;
    judge_case("d", NULL, &judgement, &speaker);
    replicas_call_behind("ldap://z:389", NEW, &judgement);
    assert_int_equal(judgement.verdict, VERDICT_SPLIT);
    assert_int_equal(judgement.pin_action, PIN_KEEP);
    assert_string_equal(judgement.sentence, "the replicas disagree: ldap://a:389 says deleted [" NEW
                                            "], which is behind what ldap://z:389 had shown [" NEW "]");
    judgement_clear(&judgement);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_several_say_is_one_judgement),
        cmocka_unit_test(a_split_says_who_says_what_and_how_new_it_is),
        cmocka_unit_test(of_replicas_equally_old_none_knows_the_right_value),
        cmocka_unit_test(a_server_that_is_behind_is_named_with_the_one_that_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
