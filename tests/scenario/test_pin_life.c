/* The life of a pin, sentence by sentence, played through the whole engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "world.h"

#define CUSTOM "cn=custom,cn=recipients,ou=charlotte,o=mms"

static void assert_verdict(struct world *world, enum verdict verdict)
{
    assert_string_equal(verdict_name(world_state(world, "custom")->alarm.verdict), verdict_name(verdict));
}

/* A watch that is pinned and matches. */
static int set_up(void **state)
{
    struct world *world = world_new();

    world_pass(world, MINUTE_MS);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    world_free(*state);
    return 0;
}

static void edit(struct world *world, const char *dn)
{
    struct watch_config *watch = world_watch(world, "custom");

    g_free(watch->dn);
    watch->dn = g_strdup(dn);
    world_reload(world);
}

static void first_complete_answer_pins(void **state)
{
    struct world *world = *state;
    g_autofree char *identity = tree_identity(world->tree, CUSTOM);

    world_assert_news(world, "PINNED custom");
    assert_verdict(world, VERDICT_MATCH);
    assert_string_equal(world_state(world, "custom")->pin.identity, identity);
    assert_non_null(world_state(world, "custom")->pin.parent_identity);
}

static void another_spelling_pins_and_is_noted_once(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "shout", "CN=CUSTOM,CN=Recipients,OU=Charlotte,O=MMS");
    world_reload(world);
    world_pass(world, 10 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, PINNED shout, SPELLING shout");
    assert_int_equal(world_state(world, "shout")->alarm.verdict, VERDICT_SPELLING);
}

static void unreachable_at_first_does_not_pin(void **state)
{
    struct world *world = *state;

    tree_set_weather(world->tree, DOWN);
    world_add_watch(world, "late", "cn=recipients,ou=charlotte,o=mms");
    world_reload(world);
    world_pass(world, MINUTE_MS / 2);
    assert_null(world_state(world, "late")->pin.identity);
    tree_set_weather(world->tree, FAIR);
    world_pass(world, 2 * MINUTE_MS);
    assert_non_null(world_state(world, "late")->pin.identity);
}

static void rename_is_confirmed_then_told_with_the_value_to_put_back(void **state)
{
    struct world *world = *state;

    world_assert_news(world, "PINNED custom");
    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    assert_string_equal(world_last_alert(world)->tags[TAG_LIVE],
                        "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_assert_last_says(world, "was renamed to cn=partners");
    world_assert_news(world, "DRIFT custom");
    assert_verdict(world, VERDICT_RENAMED);
}

static void renamed_back_is_recovered(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    tree_rename(world->tree, "cn=partners,cn=recipients,ou=charlotte,o=mms", CUSTOM);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, DRIFT custom, RECOVERED custom");
    assert_verdict(world, VERDICT_MATCH);
    assert_null(world_state(world, "custom")->alert);
}

static void a_second_rename_is_news(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, CUSTOM, "cn=one,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    tree_rename(world->tree, "cn=one,cn=recipients,ou=charlotte,o=mms",
                "cn=two,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    assert_string_equal(world_last_alert(world)->tags[TAG_LIVE], "cn=two,cn=recipients,ou=charlotte,o=mms");
    world_assert_news(world, "PINNED custom, DRIFT custom, CHANGED custom");
}

static void ancestor_is_named(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, "ou=charlotte,o=mms", "ou=atlanta,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    assert_verdict(world, VERDICT_ANCESTOR_RENAMED);
    world_assert_last_says(world, "because ou=charlotte,o=mms above it was renamed to ou=atlanta,o=mms");
}

static void moved_ancestor_is_named(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, "cn=recipients,ou=charlotte,o=mms", "cn=recipients,ou=raleigh,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    assert_verdict(world, VERDICT_ANCESTOR_RENAMED);
    world_assert_last_says(world, "because cn=recipients,ou=charlotte,o=mms above it was moved to "
                                  "cn=recipients,ou=raleigh,o=mms");
}

static void move_with_a_new_name_says_both(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, CUSTOM, "cn=partners,ou=raleigh,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    assert_verdict(world, VERDICT_MOVED);
    world_assert_last_says(world, "was moved below ou=raleigh,o=mms and renamed to cn=partners");
}

static void deleted_needs_a_living_ancestor(void **state)
{
    struct world *world = *state;

    tree_delete(world->tree, CUSTOM);
    world_pass(world, 2 * MINUTE_MS);
    assert_verdict(world, VERDICT_DELETED);
    world_assert_last_says(world, "no longer visible to anonymous: deleted, or moved where it may not read");
}

static void nothing_left_at_all_is_hidden(void **state)
{
    struct world *world = *state;

    tree_delete(world->tree, "o=mms");
    world_pass(world, 5 * MINUTE_MS);
    assert_verdict(world, VERDICT_HIDDEN);
    world_assert_news(world, "PINNED custom, UNVERIFIABLE custom");
}

static void hidden_is_told_after_confirm_and_is_no_drift(void **state)
{
    struct world *world = *state;

    tree_hide(world->tree, CUSTOM, true);
    world_pass(world, 2 * MINUTE_MS);
    assert_verdict(world, VERDICT_HIDDEN);
    tree_hide(world->tree, CUSTOM, false);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, UNVERIFIABLE custom, VERIFIABLE custom");
    assert_verdict(world, VERDICT_MATCH);
}

static void recreated_stands_until_adopted(void **state)
{
    struct world *world = *state;
    g_autofree char *sentence = NULL, *line = NULL, *identity = NULL;

    tree_delete(world->tree, CUSTOM);
    tree_add(world->tree, CUSTOM);
    identity = tree_identity(world->tree, CUSTOM);
    line = g_strdup_printf("set identity = %s in the watch", identity);
    world_pass(world, HOUR_MS);
    assert_verdict(world, VERDICT_REPLACED);
    world_assert_last_says(world, line);
    world_assert_news(world, "PINNED custom, DRIFT custom");
    assert_true(engine_adopt(world->engine, world->now, "custom", &sentence));
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, RECOVERED custom");
    assert_string_equal(world_state(world, "custom")->pin.identity, identity);
}

static void adopted_is_what_the_operator_saw(void **state)
{
    struct world *world = *state;
    g_autofree char *sentence = NULL;

    tree_delete(world->tree, CUSTOM);
    tree_add(world->tree, CUSTOM);
    world_pass(world, 2 * MINUTE_MS);
    tree_set_weather(world->tree, DOWN);
    assert_true(engine_adopt(world->engine, world->now, "custom", &sentence));
    tree_delete(world->tree, CUSTOM);
    tree_add(world->tree, CUSTOM);
    tree_set_weather(world->tree, FAIR);
    world_pass(world, 5 * MINUTE_MS);
    assert_verdict(world, VERDICT_REPLACED);
    world_assert_news(world, "PINNED custom, DRIFT custom, CHANGED custom");
}

static void only_another_entry_can_be_adopted(void **state)
{
    struct world *world = *state;
    g_autofree char *sentence = NULL, *unknown = NULL;

    assert_false(engine_adopt(world->engine, world->now, "custom", &sentence));
    assert_non_null(strstr(sentence, "nothing to adopt"));
    assert_false(engine_adopt(world->engine, world->now, "nobody", &unknown));
}

static void identity_in_the_configuration_accepts_too(void **state)
{
    struct world *world = *state;

    tree_delete(world->tree, CUSTOM);
    tree_add(world->tree, CUSTOM);
    world_pass(world, 5 * MINUTE_MS);
    world_watch(world, "custom")->identity = tree_identity(world->tree, CUSTOM);
    world_reload(world);
    world_pass(world, 5 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, DRIFT custom, PINNED custom, RECOVERED custom");
}

static void identity_by_hand_is_held_to(void **state)
{
    struct world *world = *state;
    struct watch_config *watch;

    watch = world_add_watch(world, "by-hand", CUSTOM);
    watch->identity = tree_identity(world->tree, "ou=raleigh,o=mms");
    world_reload(world);
    world_pass(world, 5 * MINUTE_MS);
    assert_int_equal(world_state(world, "by-hand")->alarm.verdict, VERDICT_REPLACED);
}

static void edit_that_leads_to_the_pinned_entry_recovers(void **state)
{
    struct world *world = *state;
    g_autofree char *before = tree_identity(world->tree, CUSTOM);

    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    edit(world, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, DRIFT custom, EDITED custom, RECOVERED custom");
    assert_string_equal(world_state(world, "custom")->pin.identity, before);
}

static void edit_that_leads_to_another_entry_is_deliberate(void **state)
{
    struct world *world = *state;
    g_autofree char *raleigh = tree_identity(world->tree, "ou=raleigh,o=mms");

    edit(world, "ou=raleigh,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, EDITED custom, PINNED custom");
    assert_string_equal(world_state(world, "custom")->pin.identity, raleigh);
    assert_non_null(world_state(world, "custom")->pin.parent_identity);
}

static void edit_that_leads_nowhere_is_missing_and_keeps_the_pin(void **state)
{
    struct world *world = *state;
    g_autofree char *before = tree_identity(world->tree, CUSTOM);

    edit(world, "cn=customs,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    assert_verdict(world, VERDICT_MISSING);
    world_assert_last_says(world, "the entry configured before is " CUSTOM);
    assert_string_equal(world_state(world, "custom")->pin.identity, before);
    edit(world, CUSTOM);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, EDITED custom, DRIFT custom, EDITED custom, RECOVERED custom");
}

static void edit_while_it_is_asked_does_not_mix_answers(void **state)
{
    struct world *world = *state;

    world_pass(world, MINUTE_MS - 1);
    assert_int_equal(world->rounds->len, 0);
    world_pass(world, 2); /* a round is under way */
    edit(world, "ou=raleigh,o=mms");
    world_pass(world, MINUTE_MS);
    world_assert_news(world, "PINNED custom, EDITED custom, PINNED custom");
    assert_verdict(world, VERDICT_MATCH);
}

static void edit_there_and_back_in_an_outage_is_no_edit(void **state)
{
    struct world *world = *state;

    tree_set_weather(world->tree, DOWN);
    world_pass(world, MINUTE_MS / 2);
    edit(world, "ou=raleigh,o=mms");
    world_pass(world, MINUTE_MS / 2);
    edit(world, CUSTOM);
    tree_delete(world->tree, CUSTOM);
    tree_add(world->tree, CUSTOM);
    tree_set_weather(world->tree, FAIR);
    world_pass(world, 5 * MINUTE_MS);
    assert_verdict(world, VERDICT_REPLACED);
    world_assert_news(world, "PINNED custom, EDITED custom, EDITED custom, DRIFT custom");
}

static void adopted_while_the_server_is_unreachable(void **state)
{
    struct world *world = *state;
    g_autofree char *sentence = NULL;

    tree_delete(world->tree, CUSTOM);
    tree_add(world->tree, CUSTOM);
    world_pass(world, 2 * MINUTE_MS);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, 2 * MINUTE_MS);
    assert_true(engine_adopt(world->engine, world->now, "custom", &sentence));
    world_restart(world);
    tree_set_weather(world->tree, FAIR);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, DRIFT custom, PINNED custom, RECOVERED custom");
}

static void ancestors_read_again_by_another_watch_are_not_blamed(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "rare", CUSTOM)->interval_ms = HOUR_MS;
    world_reload(world);
    world_pass(world, MINUTE_MS);
    tree_rename(world->tree, "ou=charlotte,o=mms", "ou=charlotte,ou=raleigh,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    edit(world, "cn=custom,cn=recipients,ou=charlotte,ou=raleigh,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, PINNED rare, DRIFT custom, EDITED custom, RECOVERED custom");
    world_pass(world, 2 * HOUR_MS);
    assert_int_equal(world_state(world, "rare")->alarm.verdict, VERDICT_ANCESTOR_RENAMED);
    world_assert_last_says(world, "because an entry above it was renamed or moved");
}

static void wrong_from_the_start_is_missing(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "wrong", "cn=Custom Recipients,cn=recipients,ou=charlotte,o=mms");
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    assert_int_equal(world_state(world, "wrong")->alarm.verdict, VERDICT_MISSING);
    assert_string_equal(world_last_alert(world)->tags[TAG_FIRST_MISSING], "cn=Custom Recipients");
    world_assert_news(world, "PINNED custom, DRIFT wrong");
}

static void taken_out_ends_with_removed_and_comes_back_with_its_pin(void **state)
{
    struct world *world = *state;
    g_autofree char *before = tree_identity(world->tree, CUSTOM);

    world_add_watch(world, "other", "ou=raleigh,o=mms");
    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    world_remove_watch(world, "custom");
    world_reload(world);
    world_pass(world, DAY_MS);
    world_assert_news(world, "PINNED custom, PINNED other, DRIFT custom, REMOVED custom");
    world_restart(world);
    world_add_watch(world, "custom", CUSTOM);
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    assert_string_equal(world_state(world, "custom")->pin.identity, before);
    world_assert_news(world, "DRIFT custom");
}

static void hidden_and_taken_out_ends_with_removed(void **state)
{
    struct world *world = *state;

    world_pass(world, 2 * MINUTE_MS);
    tree_hide(world->tree, CUSTOM, true);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, UNVERIFIABLE custom");
    world_add_watch(world, "other", "ou=raleigh,o=mms");
    world_remove_watch(world, "custom");
    world_reload(world);
    world_assert_news(world, "REMOVED custom");
}

static void pin_of_a_watch_taken_out_is_forgotten_after_thirty_days(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "other", "ou=raleigh,o=mms");
    world_remove_watch(world, "custom");
    world_reload(world);
    world_pass(world, 31 * DAY_MS);
    world_reload(world);
    assert_int_equal(world->kept->states->len, 1);
}

static void taken_out_while_the_daemon_was_down_ends_too(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "other", "ou=raleigh,o=mms");
    world_reload(world);
    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_remove_watch(world, "custom");
    world_restart(world);
    world_assert_news(world, "PINNED custom, PINNED other, DRIFT custom, REMOVED custom");
}

static void two_watches_on_one_dn_are_asked_once(void **state)
{
    struct world *world = *state;
    unsigned before;

    world_add_watch(world, "twin", CUSTOM);
    world_reload(world);
    world_pass(world, 5 * MINUTE_MS);
    before = world->n_answers;
    world_pass(world, 10 * MINUTE_MS);
    assert_int_equal(world->n_answers - before, 10);
    assert_int_equal(world_state(world, "twin")->alarm.verdict, VERDICT_MATCH);
}

static void renamed_directory_section_loses_no_pin(void **state)
{
    struct world *world = *state;
    struct directory_config *directory = world->config->directories->pdata[0];
    g_autofree char *before = tree_identity(world->tree, CUSTOM);

    world_pass(world, MINUTE_MS);
    for (unsigned i = 0; i < 2; i++) {
        g_free(i ? world_watch(world, "custom")->directory : directory->name);
        *(i ? &world_watch(world, "custom")->directory : &directory->name) = g_strdup("corp");
    }
    world_reload(world);
    assert_string_equal(world_state(world, "custom")->pin.identity, before);
    assert_string_equal(world_state(world, "custom")->directory, "corp");
    world_assert_news(world, "PINNED custom");
}

static void drift_stays_open_while_the_server_is_unreachable(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, HOUR_MS);
    assert_verdict(world, VERDICT_RENAMED);
    assert_true(world_state(world, "custom")->alarm.is_drift_open);
    tree_set_weather(world->tree, FAIR);
    world_pass(world, 5 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, DRIFT custom, UNVERIFIABLE @mms, VERIFIABLE @mms");
    assert_verdict(world, VERDICT_RENAMED);
}

static void drift_survives_a_restart_and_is_not_told_twice(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_restart(world);
    assert_verdict(world, VERDICT_RENAMED);
    assert_non_null(world_state(world, "custom")->alert);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "PINNED custom, DRIFT custom");
}

static void rename_while_the_daemon_was_down_is_found(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, "ou=charlotte,o=mms", "ou=atlanta,o=mms");
    world_restart(world);
    world_pass(world, 2 * MINUTE_MS);
    assert_verdict(world, VERDICT_ANCESTOR_RENAMED);
}

static void reminder_comes_once_a_day_whatever_the_clock_does(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, DRIFT custom");
    world_pass(world, DAY_MS);
    world_assert_news(world, "REMINDER custom");
    world->now.wall_ms += 400 * (int64_t)DAY_MS;
    world_pass(world, HOUR_MS);
    world_assert_news(world, "");
    world_restart(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "REMINDER custom");
    world->now.wall_ms -= 800 * (int64_t)DAY_MS;
    world_restart(world);
    world_pass(world, 23 * HOUR_MS);
    world_assert_news(world, "");
    world_pass(world, 2 * HOUR_MS);
    world_assert_news(world, "REMINDER custom");
}

static void refused_lookup_is_told_when_pinned(void **state)
{
    struct world *world = *state;

    tree_set_weather(world->tree, ID_DENIED);
    world_add_watch(world, "poor", "ou=raleigh,o=mms");
    world_reload(world);
    world_pass(world, MINUTE_MS / 2);
    world_assert_last_says(world, "the server refuses to look this identity up");
    assert_true(world_state(world, "poor")->pin.is_lookup_refused);
}

static void outage_is_one_event_for_the_directory(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 5; i++) {
        g_autofree char *name = g_strdup_printf("more-%u", i);
        world_add_watch(world, name, "ou=raleigh,o=mms")->interval_ms = (i + 1) * MINUTE_MS;
    }
    world_reload(world);
    world_pass(world, 10 * MINUTE_MS);
    assert_int_equal(world->alerts->len, 6); /* each pinned, in the rounds of six intervals */
    g_ptr_array_set_size(world->alerts, 0);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_last_says(world, "6 watches cannot be compared: connect: connection refused");
    tree_set_weather(world->tree, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @mms, VERIFIABLE @mms");
}

static void outage_of_watches_that_are_gone_is_closed_and_told_again(void **state)
{
    struct world *world = *state;

    tree_set_weather(world->tree, DOWN);
    world_pass(world, HOUR_MS);
    world_add_watch(world, "new", "ou=raleigh,o=mms");
    world_remove_watch(world, "custom");
    world_reload(world);
    tree_set_weather(world->tree, FAIR);
    world_pass(world, HOUR_MS);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_news(world,
                      "PINNED custom, UNVERIFIABLE @mms, VERIFIABLE @mms, PINNED new, UNVERIFIABLE @mms");
}

static void many_like_drifts_are_one_line(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 30; i++) {
        g_autofree char *dn = g_strdup_printf("ou=site%02u,ou=charlotte,o=mms", i);
        g_autofree char *name = g_strdup_printf("site%02u", i);
        tree_add(world->tree, dn);
        world_add_watch(world, name, dn);
    }
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, PINNED @mms");
    tree_delete(world->tree, "ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_assert_last_says(world, "31 watches are deleted");
    world_assert_last_says(world, "custom, site00, site01, site02, site03 and 26 more");
    world_assert_news(world, "DRIFT @mms");
    assert_string_equal(world_state(world, "site29")->alert, world_state(world, "custom")->alert);
}

static void failing_store_holds_back_no_alert(void **state)
{
    struct world *world = *state;

    world->is_store_failing = true;
    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "PINNED custom, DRIFT custom");
    world->is_store_failing = false;
    engine_keep_all(world->engine);
    world_restart(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "");
}

static bool is_drift_kept(const struct world *world, const char *name)
{
    for (unsigned i = 0; i < world->kept->states->len; i++) {
        const struct watch_state *state = world->kept->states->pdata[i];
        if (strcmp(state->watch, name) == 0)
            return state->alarm.is_drift_open;
    }
    return false;
}

/* Between the answers of a round: what the first led to has not been told yet. */
static void keep_all_between_answers(struct world *world, const struct question *question,
                                     const struct observation *seen)
{
    unsigned *n_times = world->user;

    (void)seen;
    if (strcmp(question->dn, "ou=raleigh,o=mms") != 0 || is_drift_kept(world, "custom") ||
        !world_state(world, "custom")->alarm.is_drift_open)
        return;
    ++*n_times;
    engine_keep_all(world->engine);
    assert_true(is_drift_kept(world, "custom"));
    assert_int_equal(world_last_alert(world)->word, WORD_DRIFT);
}

static void no_state_is_kept_ahead_of_its_news(void **state)
{
    struct world *world = *state;
    unsigned n_times = 0;

    world_add_watch(world, "other", "ou=raleigh,o=mms");
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    world->user = &n_times;
    world->on_answer = keep_all_between_answers;
    tree_rename(world->tree, CUSTOM, "cn=partners,cn=recipients,ou=charlotte,o=mms");
    tree_rename(world->tree, "ou=raleigh,o=mms", "ou=durham,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    assert_int_equal(n_times, 1);
}

/* One test, in a world of its own. */
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAYED(first_complete_answer_pins),
        PLAYED(another_spelling_pins_and_is_noted_once),
        PLAYED(unreachable_at_first_does_not_pin),
        PLAYED(rename_is_confirmed_then_told_with_the_value_to_put_back),
        PLAYED(renamed_back_is_recovered),
        PLAYED(a_second_rename_is_news),
        PLAYED(ancestor_is_named),
        PLAYED(moved_ancestor_is_named),
        PLAYED(move_with_a_new_name_says_both),
        PLAYED(deleted_needs_a_living_ancestor),
        PLAYED(nothing_left_at_all_is_hidden),
        PLAYED(hidden_is_told_after_confirm_and_is_no_drift),
        PLAYED(recreated_stands_until_adopted),
        PLAYED(adopted_is_what_the_operator_saw),
        PLAYED(only_another_entry_can_be_adopted),
        PLAYED(identity_in_the_configuration_accepts_too),
        PLAYED(identity_by_hand_is_held_to),
        PLAYED(edit_that_leads_to_the_pinned_entry_recovers),
        PLAYED(edit_that_leads_to_another_entry_is_deliberate),
        PLAYED(edit_that_leads_nowhere_is_missing_and_keeps_the_pin),
        PLAYED(edit_while_it_is_asked_does_not_mix_answers),
        PLAYED(edit_there_and_back_in_an_outage_is_no_edit),
        PLAYED(adopted_while_the_server_is_unreachable),
        PLAYED(ancestors_read_again_by_another_watch_are_not_blamed),
        PLAYED(wrong_from_the_start_is_missing),
        PLAYED(taken_out_ends_with_removed_and_comes_back_with_its_pin),
        PLAYED(hidden_and_taken_out_ends_with_removed),
        PLAYED(pin_of_a_watch_taken_out_is_forgotten_after_thirty_days),
        PLAYED(taken_out_while_the_daemon_was_down_ends_too),
        PLAYED(two_watches_on_one_dn_are_asked_once),
        PLAYED(renamed_directory_section_loses_no_pin),
        PLAYED(drift_stays_open_while_the_server_is_unreachable),
        PLAYED(drift_survives_a_restart_and_is_not_told_twice),
        PLAYED(rename_while_the_daemon_was_down_is_found),
        PLAYED(reminder_comes_once_a_day_whatever_the_clock_does),
        PLAYED(refused_lookup_is_told_when_pinned),
        PLAYED(outage_is_one_event_for_the_directory),
        PLAYED(outage_of_watches_that_are_gone_is_closed_and_told_again),
        PLAYED(many_like_drifts_are_one_line),
        PLAYED(failing_store_holds_back_no_alert),
        PLAYED(no_state_is_kept_ahead_of_its_news),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
