/* Two servers of one directory that do not know the same: under a fake clock, asked one after the other or
 * both at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

#define CUSTOM   "cn=custom,cn=recipients,ou=charlotte,o=mms"
#define PARTNERS "cn=partners,cn=recipients,ou=charlotte,o=mms"
#define A        "ldap://a:389"
#define B        "ldap://b:389"
#define OLD      "contextCSN:20261125135500.000001Z#000000#001#000000"
#define NEW      "contextCSN:20261125135500.000002Z#000000#001#000000"

#define DOMAIN "ldap:///dc=example,dc=com"

/* A pinned watch, a directory of two servers; A is asked. */
struct pair {
    struct world *world;
    struct tree *a, *b;
};

static int set_up(void **state)
{
    struct pair *pair = g_new0(struct pair, 1);
    struct directory_config *directory;

    pair->world = world_new();
    pair->a = pair->world->tree;
    pair->b = world_tree_new();
    directory = world_directory(pair->world);
    g_strfreev(directory->uris);
    directory->uris = g_strsplit(A " " B, " ", 0);
    tree_set_server(pair->a, A, OLD);
    tree_set_server(pair->b, B, OLD);
    world_pass(pair->world, MINUTE_MS);
    world_assert_news(pair->world, "PINNED custom");
    *state = pair;
    return 0;
}

static int tear_down(void **state)
{
    struct pair *pair = *state;

    pair->world->tree = pair->a;
    world_free(pair->world);
    tree_free(pair->b);
    g_free(pair);
    return 0;
}

static void fail_over(struct pair *pair)
{
    pair->world->tree = pair->b;
}

static void ask_both(struct pair *pair)
{
    pair->world->other = pair->b;
}

static void edit(struct pair *pair, const char *dn)
{
    struct watch_config *watch = world_watch(pair->world, "custom");

    g_free(watch->dn);
    watch->dn = g_strdup(dn);
    world_reload(pair->world);
}

/* Renamed on A, whose data is newer from there on; B has not heard of it. */
static void rename_on_a(struct pair *pair)
{
    tree_rename(pair->a, CUSTOM, PARTNERS);
    tree_set_server(pair->a, A, NEW);
}

static void catch_up(struct pair *pair)
{
    tree_rename(pair->b, CUSTOM, PARTNERS);
    tree_set_server(pair->b, B, NEW);
}

/* --- one after the other */

static void a_replica_that_is_behind_ends_no_drift(void **state)
{
    struct pair *pair = *state;

    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "DRIFT custom");
    fail_over(pair);
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "");
    catch_up(pair);
    world_pass(pair->world, 30 * MINUTE_MS);
    world_assert_news(pair->world, "");
    assert_int_equal(world_state(pair->world, "custom")->alarm.verdict, VERDICT_RENAMED);
}

static void one_that_is_shown_not_to_be_behind_does(void **state)
{
    struct pair *pair = *state;

    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "DRIFT custom");
    tree_set_server(pair->b, B, NEW);
    fail_over(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "RECOVERED custom");
}

static void one_of_unknown_age_does_after_split_after(void **state)
{
    struct pair *pair = *state;

    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "DRIFT custom");
    tree_set_server(pair->b, B, NULL);
    fail_over(pair);
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "");
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "RECOVERED custom");
}

/* Renamed, the consumer was corrected, and then A dies: B still has the old name. */
static void follow(struct pair *pair, const char *uri)
{
    struct directory_config *directory = world_directory(pair->world);

    g_strfreev(directory->uris);
    directory->uris = g_strsplit(uri, " ", 0);
    world_reload(pair->world);
}

static void a_server_that_the_operator_takes_out_is_no_witness(void **state)
{
    struct pair *pair = *state;

    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "DRIFT custom");
    follow(pair, B);
    fail_over(pair);
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "RECOVERED custom");
}

/* Whom DNS names is not in the configuration. */
static void a_server_that_dns_named_once_stays_a_witness(void **state)
{
    struct pair *pair = *state;

    follow(pair, DOMAIN);
    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "DRIFT custom");
    fail_over(pair);
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "");
    tree_set_server(pair->b, B, NEW);
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "RECOVERED custom");
}

static void a_replica_that_is_behind_a_corrected_consumer_makes_no_drift(void **state)
{
    struct pair *pair = *state;

    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    edit(pair, PARTNERS);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "DRIFT custom, EDITED custom, RECOVERED custom");
    fail_over(pair);
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "");
    catch_up(pair);
    world_pass(pair->world, 30 * MINUTE_MS);
    world_assert_news(pair->world, "");
    assert_int_equal(world_state(pair->world, "custom")->alarm.verdict, VERDICT_MATCH);
}

static void one_that_stays_behind_is_told_as_split_not_as_drift_of_its_own(void **state)
{
    struct pair *pair = *state;

    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    edit(pair, PARTNERS);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "DRIFT custom, EDITED custom, RECOVERED custom");
    fail_over(pair);
    world_pass(pair->world, 10 * MINUTE_MS);
    assert_string_equal(world_last_alert(pair->world)->tags[TAG_VERDICT], "split");
    world_assert_news(pair->world, "DRIFT custom");
    catch_up(pair);
    world_pass(pair->world, 10 * MINUTE_MS);
    world_assert_news(pair->world, "RECOVERED custom");
}

static void a_drift_that_only_the_second_server_can_show_is_told_in_the_end(void **state)
{
    struct pair *pair = *state;

    tree_set_server(pair->b, B, NULL);
    tree_rename(pair->b, CUSTOM, PARTNERS);
    fail_over(pair);
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "");
    world_pass(pair->world, 4 * MINUTE_MS);
    assert_string_equal(world_last_alert(pair->world)->tags[TAG_VERDICT], "renamed");
    world_assert_news(pair->world, "DRIFT custom");
}

static void after_a_restart_it_is_remembered_who_showed_the_drift(void **state)
{
    struct pair *pair = *state;

    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "DRIFT custom");
    world_restart(pair->world);
    fail_over(pair);
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "");
}

/* --- both at once */

static void replicas_that_agree_in_time_are_one_drift(void **state)
{
    struct pair *pair = *state;

    ask_both(pair);
    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "");
    catch_up(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    assert_string_equal(world_last_alert(pair->world)->tags[TAG_VERDICT], "renamed");
    world_assert_news(pair->world, "DRIFT custom");
}

static void replicas_that_disagree_for_long_are_split_until_they_agree(void **state)
{
    struct pair *pair = *state;

    ask_both(pair);
    rename_on_a(pair);
    world_pass(pair->world, 4 * MINUTE_MS);
    world_assert_news(pair->world, "");
    world_pass(pair->world, 4 * MINUTE_MS);
    const struct alert *alert = world_last_alert(pair->world);
    assert_string_equal(alert->tags[TAG_VERDICT], "split");
    assert_string_equal(alert->tags[TAG_LIVE], PARTNERS); /* A is shown to be the newer */
    assert_non_null(strstr(alert->sentence, A " says renamed (" PARTNERS ") [" NEW "] and " B " says match"));
    world_assert_news(pair->world, "DRIFT custom");
    catch_up(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    assert_string_equal(world_last_alert(pair->world)->tags[TAG_VERDICT], "renamed");
    world_assert_news(pair->world, "CHANGED custom");
}

static void replicas_that_disagree_now_and_then_are_not_split(void **state)
{
    struct pair *pair = *state;

    ask_both(pair);
    for (unsigned i = 0; i < 10; i++) {
        tree_rename(pair->a, CUSTOM, PARTNERS);
        world_pass(pair->world, 3 * MINUTE_MS);
        tree_rename(pair->a, PARTNERS, CUSTOM);
        world_pass(pair->world, 2 * MINUTE_MS);
    }
    world_assert_news(pair->world, "");
}

static void a_replica_that_is_down_is_no_disagreement(void **state)
{
    struct pair *pair = *state;

    ask_both(pair);
    tree_set_weather(pair->b, DOWN);
    world_pass(pair->world, 20 * MINUTE_MS);
    world_assert_news(pair->world, "");
    rename_on_a(pair);
    world_pass(pair->world, 2 * MINUTE_MS);
    assert_string_equal(world_last_alert(pair->world)->tags[TAG_VERDICT], "renamed");
    world_assert_news(pair->world, "DRIFT custom");
}

static void the_pin_is_that_of_the_replica_that_speaks(void **state)
{
    struct pair *pair = *state;

    ask_both(pair);
    tree_hide(pair->a, CUSTOM, true);
    tree_add(pair->b, "cn=new,ou=raleigh,o=mms");
    world_add_watch(pair->world, "new", "cn=new,ou=raleigh,o=mms");
    tree_add(pair->a, "cn=new,ou=raleigh,o=mms");
    tree_hide(pair->a, "cn=new,ou=raleigh,o=mms", true);
    world_reload(pair->world);
    world_pass(pair->world, 2 * MINUTE_MS);
    world_assert_news(pair->world, "PINNED new");
    assert_non_null(world_state(pair->world, "new")->pin.parent_identity);
}

#define OF_TWO(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OF_TWO(a_replica_that_is_behind_ends_no_drift),
        OF_TWO(one_that_is_shown_not_to_be_behind_does),
        OF_TWO(one_of_unknown_age_does_after_split_after),
        OF_TWO(a_server_that_the_operator_takes_out_is_no_witness),
        OF_TWO(a_server_that_dns_named_once_stays_a_witness),
        OF_TWO(a_replica_that_is_behind_a_corrected_consumer_makes_no_drift),
        OF_TWO(one_that_stays_behind_is_told_as_split_not_as_drift_of_its_own),
        OF_TWO(a_drift_that_only_the_second_server_can_show_is_told_in_the_end),
        OF_TWO(after_a_restart_it_is_remembered_who_showed_the_drift),
        OF_TWO(replicas_that_agree_in_time_are_one_drift),
        OF_TWO(replicas_that_disagree_for_long_are_split_until_they_agree),
        OF_TWO(replicas_that_disagree_now_and_then_are_not_split),
        OF_TWO(a_replica_that_is_down_is_no_disagreement),
        OF_TWO(the_pin_is_that_of_the_replica_that_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
