#include "directory/tally.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define FIRST 100 /* the id of the first question */

struct fixture {
    struct round *round;
    struct tally *tally;
};

static void begin(struct fixture *fixture, unsigned n_questions)
{
    fixture->round = round_new(7, false, 1000);
    for (unsigned i = 0; i < n_questions; i++)
        g_ptr_array_add(fixture->round->questions, question_new(FIRST + i, "cn=x"));
    round_index(fixture->round);
    fixture->tally = tally_new(fixture->round);
}

static void end(struct fixture *fixture)
{
    tally_free(fixture->tally);
    round_free(fixture->round);
}

static struct observation *entry_of(const char *server, uint32_t question)
{
    struct observation *seen = observation_new(question);

    seen->server = g_strdup(server);
    seen->dn_answer = DN_ENTRY;
    seen->found_dn = g_strdup_printf("cn=%u,cn=recipients,ou=charlotte,o=mms", question);
    seen->found_identity = g_strdup_printf("entryUUID:00000000-0000-4000-8000-%012u", question);
    seen->vintage = g_strdup("contextCSN:20261123214123.123456Z#000000#001#000000");
    return seen;
}

static struct observation *absent_of(const char *server, uint32_t question)
{
    struct observation *seen = observation_new(question);

    seen->server = g_strdup(server);
    seen->dn_answer = DN_ABSENT;
    seen->matched_dn = g_strdup("o=mms");
    return seen;
}

static struct observation *failure_of(const char *server, uint32_t question, bool is_wide)
{
    return observation_new_failed(question, server, PHASE_CONNECT, REASON_CONNECT, 111, "Connection refused",
                                  is_wide);
}

/* What a server answers, as a letter. */
static struct observation *answer_of(char letter, const char *server, uint32_t question)
{
    switch (letter) {
    case 'E':
        return entry_of(server, question);
    case 'A':
        return absent_of(server, question);
    default:
        return failure_of(server, question, letter == 'W');
    }
}

/* E entry, A absent, W a failure of the server, F a failure of this question alone. */
static const struct {
    const char *answers; /* of the servers a, b, c in order of rank */
    const char *speaker;
    const char *others;
    char said;
    const char *why;
} merges[] = {
    {"E", "a", "", 'E', "one server alone"},
    {"W", "a", "", 'W', "one server alone that failed"},
    {"EE", "a", "b", 'E', "the first in order speaks"},
    {"AE", "a", "b", 'A', "whatever it says: who disagrees stands beside it"},
    {"WE", "b", "a", 'E', "one that failed says nothing"},
    {"FE", "b", "a", 'E', "nor does one that failed at this question"},
    {"EW", "a", "b", 'E', "its failure stands beside the answer"},
    {"WWE", "c", "ab", 'E', "the order of the others stays"},
    {"WEA", "b", "ac", 'E', "the first of those that answered"},
    {"WW", "a", "b", 'W', "all failed, each for itself: the directory did"},
    {"WF", "a", "b", 'F', "one answers other questions: no failure of the directory"},
    {"FW", "a", "b", 'F', "the same"},
    {"WFW", "a", "bc", 'F', "the same"},
};

static char letter_of(const struct observation *seen)
{
    if (seen->dn_answer == DN_FAILED)
        return seen->is_directory_wide ? 'W' : 'F';
    return seen->dn_answer == DN_ENTRY ? 'E' : 'A';
}

static void assert_merged(const struct observation *merged, unsigned at)
{
    g_autoptr(GString) others = g_string_new(NULL);

    for (unsigned i = 0; merged->others && i < merged->others->len; i++) {
        const struct observation *other = merged->others->pdata[i];
        g_string_append(others, other->server);
        assert_int_equal(other->question, FIRST);
        assert_null(other->others);
        bool is_its_own = letter_of(other) == merges[at].answers[other->server[0] - 'a'];
        assert_true(is_its_own);
    }
    if (strcmp(merged->server, merges[at].speaker) != 0 || strcmp(others->str, merges[at].others) != 0 ||
        letter_of(merged) != merges[at].said)
        fail_msg("%s (%s): %s says %c beside %s", merges[at].answers, merges[at].why, merged->server,
                 letter_of(merged), others->str);
    assert_int_equal(merged->others == NULL, merges[at].others[0] == '\0');
    assert_int_equal(merged->question, FIRST);
}

/* Each server is the last to answer once. */
static void play_merge(unsigned at, size_t last)
{
    static const char *const servers[] = {"a", "b", "c"};
    size_t n = strlen(merges[at].answers);
    struct fixture fixture;
    struct voice *voices[3];

    begin(&fixture, 1);
    for (unsigned i = 0; i < n; i++)
        voices[i] = tally_join(fixture.tally, i);
    for (size_t turn = 1; turn <= n; turn++) {
        size_t i = (last + turn) % n;
        g_autoptr(observation_t) merged =
            tally_hear(fixture.tally, voices[i], answer_of(merges[at].answers[i], servers[i], FIRST));
        assert_int_equal(merged != NULL, turn == n);
        assert_int_equal(tally_n_open(fixture.tally), turn < n);
        if (merged)
            assert_merged(merged, at);
    }
    end(&fixture);
}

static void the_first_that_has_an_answer_speaks_whoever_is_the_last_to_answer(void **state)
{
    (void)state;
    for (unsigned at = 0; at < G_N_ELEMENTS(merges); at++)
        for (size_t last = 0; last < strlen(merges[at].answers); last++)
            play_merge(at, last);
}

static void what_has_waited_is_what_was_said(void **state)
{
    struct fixture fixture;
    struct observation *said = entry_of("ldap://a:389", FIRST + 1);

    (void)state;
    begin(&fixture, 2);
    struct voice *first = tally_join(fixture.tally, 0), *second = tally_join(fixture.tally, 1);
    said->path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
    g_ptr_array_add(said->path, path_entry_new("o=mms", "entryUUID:1"));
    said->stamp = (struct stamp){123, g_strdup("cn=admin"), NULL};
    said->entries = (struct count){COUNT_COMPLETE, 42};
    assert_null(tally_hear(fixture.tally, first, said));
    g_autoptr(observation_t) merged = tally_hear(fixture.tally, second, entry_of("ldap://b:389", FIRST + 1));
    assert_string_equal(merged->server, "ldap://a:389");
    assert_int_equal(merged->question, FIRST + 1);
    assert_string_equal(merged->found_dn, "cn=101,cn=recipients,ou=charlotte,o=mms");
    assert_string_equal(merged->vintage, "contextCSN:20261123214123.123456Z#000000#001#000000");
    assert_string_equal(((struct path_entry *)merged->path->pdata[0])->dn, "o=mms");
    assert_int_equal(merged->stamp.wall_ms, 123);
    assert_string_equal(merged->stamp.by, "cn=admin");
    assert_int_equal(merged->entries.number, 42);
    assert_int_equal(tally_n_open(fixture.tally), 1);
    end(&fixture);
}

static void a_question_is_told_once(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 1);
    struct voice *first = tally_join(fixture.tally, 0);
    observation_free(tally_hear(fixture.tally, first, entry_of("a", FIRST)));
    struct voice *second = tally_join(fixture.tally, 1); /* too late for this one */
    assert_null(tally_hear(fixture.tally, second, entry_of("b", FIRST)));
    assert_null(tally_next(fixture.tally));
    assert_int_equal(tally_n_open(fixture.tally), 0);
    end(&fixture);
}

static void nothing_waits_for_a_server_that_has_left_and_what_it_said_is_gone(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 3);
    struct voice *a = tally_join(fixture.tally, 0), *b = tally_join(fixture.tally, 1),
                 *c = tally_join(fixture.tally, 2);
    assert_null(tally_hear(fixture.tally, a, entry_of("a", FIRST)));
    assert_null(tally_hear(fixture.tally, b, absent_of("b", FIRST)));
    assert_null(tally_hear(fixture.tally, b, absent_of("b", FIRST + 1)));
    assert_null(tally_hear(fixture.tally, c, entry_of("c", FIRST + 1)));
    assert_null(tally_next(fixture.tally));
    tally_leave(fixture.tally, c);
    g_autoptr(observation_t) waited_for_c = tally_next(fixture.tally);
    assert_string_equal(waited_for_c->server, "a");
    assert_int_equal(waited_for_c->question, FIRST);
    assert_int_equal(waited_for_c->others->len, 1);
    assert_null(tally_next(fixture.tally));
    tally_leave(fixture.tally, a);
    g_autoptr(observation_t) waited_for_a = tally_next(fixture.tally);
    assert_string_equal(waited_for_a->server, "b");
    assert_int_equal(waited_for_a->question, FIRST + 1);
    assert_null(waited_for_a->others); /* of c nothing is left */
    assert_null(tally_next(fixture.tally));
    g_autoptr(observation_t) last = tally_hear(fixture.tally, b, absent_of("b", FIRST + 2));
    assert_non_null(last);
    end(&fixture);
}

static void nothing_is_told_by_nobody(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 1);
    tally_leave(fixture.tally, tally_join(fixture.tally, 0));
    assert_null(tally_next(fixture.tally));
    assert_int_equal(tally_n_open(fixture.tally), 1);
    end(&fixture);
}

static void an_open_question_waits_for_a_server_that_joins_in_its_rank(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 1);
    struct voice *old = tally_join(fixture.tally, 0), *slow = tally_join(fixture.tally, 1);
    assert_null(tally_hear(fixture.tally, old, entry_of("old", FIRST)));
    struct voice *new = tally_join(fixture.tally, 0);
    tally_rank(fixture.tally, old, 1);
    tally_rank(fixture.tally, slow, 2);
    assert_null(tally_hear(fixture.tally, slow, entry_of("slow", FIRST)));
    g_autoptr(observation_t) merged = tally_hear(fixture.tally, new, entry_of("new", FIRST));
    assert_string_equal(merged->server, "new");
    assert_string_equal(((struct observation *)merged->others->pdata[0])->server, "old");
    assert_string_equal(((struct observation *)merged->others->pdata[1])->server, "slow");
    end(&fixture);
}

static void what_a_server_says_of_all_takes_memory_once(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 100000);
    struct voice *dead = tally_join(fixture.tally, 0);
    tally_join(fixture.tally, 1);
    for (uint32_t i = 0; i < 100000; i++)
        assert_null(tally_hear(fixture.tally, dead, failure_of("ldap://a:389", FIRST + i, true)));
    printf("100 000 failures wait in %zu bytes\n", tally_n_bytes(fixture.tally));
    assert_true(tally_n_bytes(fixture.tally) < 1024);
    end(&fixture);
}

static void a_hundred_thousand_entries_wait_within_the_bound_and_leave_nothing(void **state)
{
    struct fixture fixture;
    unsigned n_merged = 0;

    (void)state;
    begin(&fixture, 100000);
    struct voice *fast = tally_join(fixture.tally, 0), *slow = tally_join(fixture.tally, 1);
    for (uint32_t i = 0; i < 100000; i++)
        assert_null(tally_hear(fixture.tally, fast, entry_of("ldap://a:389", FIRST + i)));
    printf("100 000 entries wait in %zu bytes each\n", tally_n_bytes(fixture.tally) / 100000);
    for (uint32_t i = 0; i < 100000; i++) {
        g_autoptr(observation_t) merged =
            tally_hear(fixture.tally, slow, failure_of("ldap://b:389", FIRST + i, true));
        n_merged += merged->dn_answer == DN_ENTRY && merged->others->len == 1;
    }
    assert_int_equal(n_merged, 100000);
    assert_true(tally_n_bytes(fixture.tally) < 1024); /* the last one, for comparison */
    end(&fixture);
}

static void a_server_that_says_too_much_while_others_are_silent_fails(void **state)
{
    struct fixture fixture;
    g_autofree char *long_text = g_strnfill(8000, 'x');
    unsigned n_told = 0, n_failed = 0;

    (void)state;
    begin(&fixture, 30000);
    struct voice *chatty = tally_join(fixture.tally, 0), *quiet = tally_join(fixture.tally, 1);
    for (uint32_t i = 0; i < 30000; i++) {
        struct observation *seen = entry_of("chatty", FIRST + i);
        g_free(seen->found_dn);
        seen->found_dn = g_strdup_printf("cn=%u%s", i, long_text);
        assert_null(tally_hear(fixture.tally, chatty, seen));
        assert_true(tally_n_bytes(fixture.tally) <= TALLY_MAX_BYTES / 2 + 1024);
    }
    for (uint32_t i = 0; i < 30000; i++) {
        g_autoptr(observation_t) merged =
            tally_hear(fixture.tally, quiet, failure_of("quiet", FIRST + i, true));
        n_told += merged->dn_answer == DN_ENTRY;
        n_failed += merged->dn_answer == DN_FAILED && merged->failure.reason == REASON_LIMIT &&
                    !merged->is_directory_wide;
    }
    assert_int_equal(n_told + n_failed, 30000);
    assert_true(n_told > 5000 && n_failed > 5000);
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_has_an_answer_speaks_whoever_is_the_last_to_answer),
        cmocka_unit_test(what_has_waited_is_what_was_said),
        cmocka_unit_test(a_question_is_told_once),
        cmocka_unit_test(nothing_waits_for_a_server_that_has_left_and_what_it_said_is_gone),
        cmocka_unit_test(nothing_is_told_by_nobody),
        cmocka_unit_test(an_open_question_waits_for_a_server_that_joins_in_its_rank),
        cmocka_unit_test(what_a_server_says_of_all_takes_memory_once),
        cmocka_unit_test(a_hundred_thousand_entries_wait_within_the_bound_and_leave_nothing),
        cmocka_unit_test(a_server_that_says_too_much_while_others_are_silent_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
