#include "directory/agenda.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

static struct agenda *agenda_of(unsigned n)
{
    struct round *round = round_new(7, false, 1000);

    for (unsigned i = 0; i < n; i++) {
        g_autofree char *dn = g_strdup_printf("cn=%u", i);
        g_ptr_array_add(round->questions, question_new(100 + i, dn));
    }
    return agenda_new(round);
}

static void send_all(struct agenda *agenda)
{
    while (agenda_send_next(agenda))
        ;
}

static void a_batch_is_all_open_questions_in_the_order_of_the_round(void **state)
{
    struct agenda *agenda = agenda_of(3);
    struct suspects *suspects = suspects_new();

    (void)state;
    assert_true(agenda_select(agenda, suspects));
    for (uint32_t id = 100; id < 103; id++)
        assert_int_equal(agenda_send_next(agenda)->id, id);
    assert_null(agenda_send_next(agenda));
    suspects_free(suspects);
    agenda_free(agenda);
}

static void an_answer_counts_once_and_only_to_a_question_that_was_sent(void **state)
{
    struct agenda *agenda = agenda_of(2);
    struct suspects *suspects = suspects_new();

    (void)state;
    agenda_select(agenda, suspects);
    assert_false(agenda_note_answer(agenda, 100)); /* not sent yet */
    agenda_send_next(agenda);
    assert_true(agenda_note_answer(agenda, 100));
    assert_false(agenda_note_answer(agenda, 100)); /* twice */
    assert_false(agenda_note_answer(agenda, 101)); /* not sent yet */
    assert_false(agenda_note_answer(agenda, 5));   /* never asked */
    assert_false(agenda_is_batch_done(agenda));
    agenda_send_next(agenda);
    assert_true(agenda_note_answer(agenda, 101));
    assert_true(agenda_is_batch_done(agenda));
    assert_false(agenda_select(agenda, suspects));
    suspects_free(suspects);
    agenda_free(agenda);
}

static void progress_cannot_restart_the_deadline_for_ever(void **state)
{
    struct agenda *agenda = agenda_of(2);
    struct suspects *suspects = suspects_new();

    (void)state;
    agenda_select(agenda, suspects);
    assert_false(agenda_note_progress(agenda, 100)); /* not sent */
    send_all(agenda);
    for (unsigned i = 0; i < AGENDA_MAX_PROGRESS; i++)
        assert_true(agenda_note_progress(agenda, 100));
    assert_false(agenda_note_progress(agenda, 100));
    assert_true(agenda_note_progress(agenda, 101));
    assert_true(agenda_note_answer(agenda, 101));
    assert_false(agenda_note_progress(agenda, 101)); /* answered */
    suspects_free(suspects);
    agenda_free(agenda);
}

static void the_running_question_is_the_last_in_progress_or_the_oldest_unanswered(void **state)
{
    struct agenda *agenda = agenda_of(3);
    struct suspects *suspects = suspects_new();

    (void)state;
    agenda_select(agenda, suspects);
    assert_null(agenda_running(agenda));
    send_all(agenda);
    assert_false(agenda_has_begun(agenda));
    assert_int_equal(agenda_running(agenda)->id, 100);
    agenda_note_progress(agenda, 102);
    assert_true(agenda_has_begun(agenda));
    assert_int_equal(agenda_running(agenda)->id, 102);
    agenda_note_answer(agenda, 102);
    assert_int_equal(agenda_running(agenda)->id, 100);
    agenda_note_answer(agenda, 100);
    assert_int_equal(agenda_running(agenda)->id, 101);
    suspects_free(suspects);
    agenda_free(agenda);
}

static void what_a_dead_prober_left_is_asked_again_without_the_fatal_question(void **state)
{
    struct agenda *agenda = agenda_of(3);
    struct suspects *suspects = suspects_new();

    (void)state;
    agenda_select(agenda, suspects);
    send_all(agenda);
    agenda_note_answer(agenda, 100);
    agenda_take(agenda, 101); /* fatal: told as failed */
    assert_true(agenda_select(agenda, suspects));
    assert_false(agenda_has_begun(agenda));
    assert_false(agenda_note_answer(agenda, 102)); /* not sent to the new one yet */
    assert_int_equal(agenda_send_next(agenda)->id, 102);
    assert_null(agenda_send_next(agenda));
    assert_int_equal(agenda_n_open(agenda), 1);
    assert_int_equal(agenda_take_open(agenda)->id, 102);
    assert_null(agenda_take_open(agenda));
    suspects_free(suspects);
    agenda_free(agenda);
}

static void a_question_fatal_twice_is_asked_alone_and_last(void **state)
{
    struct agenda *agenda = agenda_of(3);
    struct suspects *suspects = suspects_new();

    (void)state;
    suspects_accuse(suspects, "cn=0");
    suspects_accuse(suspects, "cn=0");
    suspects_accuse(suspects, "cn=1"); /* once is bad luck */
    agenda_select(agenda, suspects);
    assert_int_equal(agenda_send_next(agenda)->id, 101);
    assert_int_equal(agenda_send_next(agenda)->id, 102);
    assert_null(agenda_send_next(agenda));
    agenda_note_answer(agenda, 101);
    agenda_note_answer(agenda, 102);
    assert_true(agenda_is_batch_done(agenda));
    assert_true(agenda_select(agenda, suspects));
    assert_int_equal(agenda_send_next(agenda)->id, 100);
    assert_null(agenda_send_next(agenda));
    suspects_free(suspects);
    agenda_free(agenda);
}

static void suspects_are_forgotten_when_they_answer_and_when_there_are_too_many(void **state)
{
    struct suspects *suspects = suspects_new();

    (void)state;
    for (unsigned i = 0; i < 2; i++)
        suspects_accuse(suspects, "cn=answers");
    assert_true(suspects_has(suspects, "cn=answers"));
    suspects_clear(suspects, "cn=answers");
    suspects_clear(suspects, "cn=never seen");
    assert_false(suspects_has(suspects, "cn=answers"));

    for (unsigned i = 0; i < 2; i++)
        suspects_accuse(suspects, "cn=oldest");
    for (unsigned i = 0; i < SUSPECTS_MAX - 1; i++) {
        g_autofree char *dn = g_strdup_printf("cn=%u", i);
        suspects_accuse(suspects, dn);
    }
    assert_true(suspects_has(suspects, "cn=oldest"));
    suspects_accuse(suspects, "cn=one too many");
    assert_false(suspects_has(suspects, "cn=oldest"));
    suspects_free(suspects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_all_open_questions_in_the_order_of_the_round),
        cmocka_unit_test(an_answer_counts_once_and_only_to_a_question_that_was_sent),
        cmocka_unit_test(progress_cannot_restart_the_deadline_for_ever),
        cmocka_unit_test(the_running_question_is_the_last_in_progress_or_the_oldest_unanswered),
        cmocka_unit_test(what_a_dead_prober_left_is_asked_again_without_the_fatal_question),
        cmocka_unit_test(a_question_fatal_twice_is_asked_alone_and_last),
        cmocka_unit_test(suspects_are_forgotten_when_they_answer_and_when_there_are_too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
