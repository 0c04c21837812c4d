/* Outages of one, some and all directories: what is told under whose name, when, and that each is told once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "world.h"

#define CUSTOM    "cn=custom,cn=recipients,ou=charlotte,o=mms"
#define N_SITES   9 /* directories besides mms: site1 and so on */
#define N_EACH    100
#define SECOND_MS ((int64_t)1000)
#define SETTLE_MS (5 * MINUTE_MS + 30 * SECOND_MS) /* then the next round is half a minute away */
#define NEXT_MS   (30 * SECOND_MS)

static char *site_name(unsigned site)
{
    return site ? g_strdup_printf("site%u", site) : g_strdup("mms");
}

static void set_weather(struct world *world, unsigned first, unsigned last, enum weather weather)
{
    for (unsigned site = first; site <= last; site++) {
        g_autofree char *name = site_name(site);
        tree_set_weather(world_tree(world, name), weather);
    }
}

/* One directory more, with a watch of the same name. */
static struct watch_config *add_site(struct world *world, unsigned site, int64_t interval_ms)
{
    g_autofree char *name = site_name(site);
    struct watch_config *watch;

    world_add_directory(world, name);
    watch = world_add_watch_in(world, name, name, "ou=raleigh,o=mms");
    watch->interval_ms = interval_ms;
    return watch;
}

/* mms and so many sites, asked every minute, pinned; the news of that are read. */
static struct world *world_of_sites(unsigned n_sites)
{
    struct world *world = world_new();

    for (unsigned site = 1; site <= n_sites; site++)
        add_site(world, site, MINUTE_MS);
    world_reload(world);
    world_pass(world, SETTLE_MS);
    g_free(world_news(world));
    return world;
}

static void add_crowd(struct world *world, unsigned site)
{
    g_autofree char *directory = site_name(site);

    for (unsigned i = 1; i < N_EACH; i++) {
        g_autofree char *name = g_strdup_printf("%s-%02u", directory, i);
        g_autofree char *dn = g_strdup_printf("ou=n%02u,o=mms", i);
        tree_add(world_tree(world, directory), dn);
        world_add_watch_in(world, directory, name, dn);
    }
}

/* Ten directories with a hundred watches each. */
static struct world *world_of_crowds(void)
{
    struct world *world = world_new();

    for (unsigned site = 0; site <= N_SITES; site++) {
        if (site)
            add_site(world, site, MINUTE_MS);
        add_crowd(world, site);
    }
    world_reload(world);
    world_pass(world, SETTLE_MS);
    g_free(world_news(world));
    return world;
}

static void all_at_once_are_one_event_and_so_is_the_end(void **state)
{
    struct world *world = world_of_crowds();
    g_autofree char *since = wall_time_format(world->now.wall_ms + NEXT_MS);
    g_autofree char *expected = g_strdup_printf("all 10 directories fail since %s, the fault is probably at "
                                                "this end: 1000 watches cannot be compared "
                                                "(mms: connect: connection refused",
                                                since);

    (void)state;
    set_weather(world, 0, N_SITES, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_last_says(world, expected);
    assert_int_equal(world_last_alert(world)->severity, 4);
    world_assert_news(world, "UNVERIFIABLE dndriftd");
    for (unsigned i = 0; i < engine_n_watches(world->engine); i++) {
        assert_int_equal(engine_watch(world->engine, i)->alarm.verdict, VERDICT_UNREACHABLE);
        assert_true(engine_watch(world->engine, i)->alarm.is_unverifiable_open);
    }
    set_weather(world, 0, N_SITES, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_last_says(world, "answers again and its watches can be compared again");
    world_assert_last_says(world, since);
    world_assert_news(world, "VERIFIABLE dndriftd");
    world_free(world);
}

static void nine_of_ten_are_nine_events(void **state)
{
    struct world *world = world_of_crowds();

    (void)state;
    set_weather(world, 1, N_SITES, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_last_says(world, "100 watches cannot be compared: connect: connection refused");
    world_assert_news(world,
                      "UNVERIFIABLE @site1, UNVERIFIABLE @site2, UNVERIFIABLE @site3, UNVERIFIABLE @site4, "
                      "UNVERIFIABLE @site5, UNVERIFIABLE @site6, UNVERIFIABLE @site7, UNVERIFIABLE @site8, "
                      "UNVERIFIABLE @site9");
    set_weather(world, 1, N_SITES, FAIR);
    world_pass(world, HOUR_MS);
    assert_int_equal(world->alerts->len, N_SITES);
    world_free(world);
}

/* --- when it is told */

/* What was told when. */
struct moment {
    int64_t boot_ms;
    enum word word;
};

static void note_moment(struct world *world, const struct alert *alert)
{
    struct moment *moment = world->user;

    if (alert->word == WORD_UNVERIFIABLE && !moment->boot_ms)
        *moment = (struct moment){world->now.boot_ms, alert->word};
}

/* How long after the next round of mms its outage is told, or that of all. Asked every minute, it fails 10 s
 * later each time: its third failure comes after 130 s. */
static int64_t told_after(struct world *world, int64_t pass_ms, const char *news)
{
    int64_t boot_asked_ms = world->now.boot_ms + NEXT_MS;
    struct moment moment = {0};

    world->user = &moment;
    world->on_alert = note_moment;
    world_pass(world, pass_ms);
    world_assert_news(world, news);
    return (moment.boot_ms - boot_asked_ms) / SECOND_MS;
}

static void one_outage_is_told_without_delay(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    set_weather(world, 0, 0, DOWN);
    assert_int_equal(told_after(world, 5 * MINUTE_MS, "UNVERIFIABLE @mms"), 130);
    world_free(world);
}

static void one_directory_alone_is_told_without_delay(void **state)
{
    struct world *world = world_of_sites(0);

    (void)state;
    set_weather(world, 0, 0, DOWN);
    assert_int_equal(told_after(world, 5 * MINUTE_MS, "UNVERIFIABLE @mms"), 130);
    world_free(world);
}

static void all_are_told_without_delay_if_all_were_asked(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    set_weather(world, 0, 3, DOWN);
    assert_int_equal(told_after(world, 5 * MINUTE_MS, "UNVERIFIABLE dndriftd"), 130);
    world_free(world);
}

/* mms is asked every minute, and with its third round from now on site1 is, that was not for ten. */
static struct world *world_of_a_rare_site(void)
{
    struct world *world = world_of_sites(0);

    world_pass(world, NEXT_MS);
    add_site(world, 1, 10 * MINUTE_MS);
    world_reload(world);
    world_pass(world, 7 * MINUTE_MS + NEXT_MS);
    g_free(world_news(world));
    return world;
}

static void round_under_way_is_waited_for_and_shows_that_all_fail(void **state)
{
    struct world *world = world_of_a_rare_site();

    (void)state;
    set_weather(world, 0, 1, DOWN);
    world_delay(world, "site1", 25 * SECOND_MS);
    assert_int_equal(told_after(world, 5 * MINUTE_MS, "UNVERIFIABLE dndriftd"), 145);
    world_free(world);
}

static void round_under_way_is_waited_for_and_shows_that_one_fails(void **state)
{
    struct world *world = world_of_a_rare_site();

    (void)state;
    set_weather(world, 0, 0, DOWN);
    world_delay(world, "site1", 25 * SECOND_MS);
    assert_int_equal(told_after(world, 5 * MINUTE_MS, "UNVERIFIABLE @mms"), 145);
    world_free(world);
}

static void round_under_way_is_not_waited_for_longer_than_half_a_minute(void **state)
{
    struct world *world = world_of_a_rare_site();

    (void)state;
    set_weather(world, 0, 0, DOWN);
    world_delay(world, "site1", 5 * MINUTE_MS);
    assert_int_equal(told_after(world, 5 * MINUTE_MS, "UNVERIFIABLE @mms"), 160);
    world_free(world);
}

/* --- who is part of it */

static void one_that_is_asked_seldom_does_not_hold_it_up_and_joins_in_silence(void **state)
{
    struct world *world = world_of_sites(2);

    (void)state;
    world_add_watch_in(world, "site2", "also", CUSTOM)->interval_ms = HOUR_MS;
    world_watch(world, "site2")->interval_ms = HOUR_MS;
    world_reload(world);
    world_pass(world, NEXT_MS);
    g_free(world_news(world));
    set_weather(world, 0, 2, DOWN);
    world_pass(world, 10 * MINUTE_MS);
    world_assert_last_says(world, "all 2 directories that were asked fail since ");
    world_assert_last_says(world, "2 watches cannot be compared");
    world_assert_news(world, "UNVERIFIABLE dndriftd");
    world_pass(world, 5 * HOUR_MS);
    assert_int_equal(world_state(world, "also")->alarm.verdict, VERDICT_UNREACHABLE);
    set_weather(world, 0, 2, FAIR);
    world_pass(world, 2 * HOUR_MS);
    world_assert_news(world, "VERIFIABLE dndriftd");
    world_free(world);
}

/* Long before the others are asked for the first time: that one is told, and then all the rest at once. */
static void one_that_is_asked_much_more_often_is_told_first(void **state)
{
    struct world *world = world_of_sites(4);

    (void)state;
    world_watch(world, "custom")->interval_ms = 10 * SECOND_MS;
    for (unsigned site = 1; site <= 4; site++) {
        g_autofree char *name = site_name(site);
        world_watch(world, name)->interval_ms = site * 10 * MINUTE_MS;
    }
    world_reload(world);
    world_pass(world, NEXT_MS);
    set_weather(world, 0, 4, DOWN);
    world_pass(world, 5 * HOUR_MS);
    world_assert_last_says(world, "all 4 directories that were asked fail since ");
    world_assert_news(world, "UNVERIFIABLE @mms, UNVERIFIABLE dndriftd");
    set_weather(world, 0, 4, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE dndriftd, VERIFIABLE @mms");
    world_free(world);
}

static void each_may_be_confirmed_as_often_as_it_likes(void **state)
{
    struct world *world = world_of_sites(N_SITES);

    (void)state;
    for (unsigned site = 1; site <= N_SITES; site++) {
        g_autofree char *name = site_name(site);
        world_watch(world, name)->confirm_unverifiable = site + 1;
    }
    world_watch(world, "custom")->confirm_unverifiable = 1;
    world_reload(world);
    set_weather(world, 0, N_SITES, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_last_says(world, "all 10 directories fail since ");
    world_assert_news(world, "UNVERIFIABLE dndriftd");
    set_weather(world, 0, N_SITES, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE dndriftd");
    world_free(world);
}

/* Confirmed by one failure, before the healthy one is asked again: its last answer must do. */
static void haste_does_not_make_one_outage_of_two(void **state)
{
    struct world *world = world_of_sites(2);

    (void)state;
    world_watch(world, "site1")->confirm_unverifiable = 1;
    world_watch(world, "site2")->confirm_unverifiable = 1;
    world_reload(world);
    set_weather(world, 1, 2, DOWN);
    world_pass(world, MINUTE_MS - NEXT_MS / 2);
    world_assert_news(world, "UNVERIFIABLE @site1, UNVERIFIABLE @site2");
    world_free(world);
}

/* Stopped one after the other, within a second or two. */
static void servers_need_not_go_in_the_same_instant(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    world_watch(world, "custom")->interval_ms = SECOND_MS;
    for (unsigned site = 1; site <= 3; site++) {
        g_autofree char *name = site_name(site);
        world_watch(world, name)->interval_ms = SECOND_MS;
        world_delay(world, name, 10);
    }
    world_delay(world, "mms", 10);
    world_reload(world);
    world_pass(world, MINUTE_MS);
    for (unsigned site = 0; site <= 3; site++) {
        set_weather(world, site, site, DOWN);
        world_pass(world, 500);
    }
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE dndriftd");
    world_free(world);
}

static void one_that_was_told_before_stays_told_and_ends_by_itself(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    set_weather(world, 0, 0, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @mms");
    set_weather(world, 1, 3, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_last_says(world, "all 4 directories fail since ");
    world_assert_news(world, "UNVERIFIABLE dndriftd");
    set_weather(world, 1, 3, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE dndriftd");
    set_weather(world, 0, 0, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE @mms");
    world_free(world);
}

/* What has been down for long, while the other answered, is no sign of a fault at this end. */
static void the_last_of_two_fails_by_itself(void **state)
{
    struct world *world = world_of_sites(1);

    (void)state;
    set_weather(world, 0, 0, DOWN);
    world_pass(world, HOUR_MS);
    set_weather(world, 1, 1, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @mms, UNVERIFIABLE @site1");
    world_free(world);
}

/* --- how it ends */

static void whoever_still_fails_is_confirmed_and_told_anew(void **state)
{
    struct world *world = world_of_sites(3);
    struct moment moment = {0};

    (void)state;
    set_weather(world, 0, 3, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE dndriftd");
    set_weather(world, 0, 0, FAIR);
    world_delay(world, "mms", 20 * SECOND_MS); /* after the others have failed once more */
    world_pass(world, NEXT_MS + 20 * SECOND_MS);
    world_assert_news(world, "VERIFIABLE dndriftd");
    int64_t boot_end_ms = world->now.boot_ms;
    world->user = &moment;
    world->on_alert = note_moment;
    world_pass(world, HOUR_MS);
    assert_int_equal((moment.boot_ms - boot_end_ms) / SECOND_MS, 2 * 60 + 50);
    world_assert_news(world, "UNVERIFIABLE @site1, UNVERIFIABLE @site2, UNVERIFIABLE @site3");
    set_weather(world, 1, 3, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE @site1, VERIFIABLE @site2, VERIFIABLE @site3");
    world_free(world);
}

/* The last one a minute after the first, however impatient they are. */
static void not_all_come_back_in_the_same_instant(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    for (unsigned site = 0; site <= 3; site++) {
        g_autofree char *name = site_name(site);
        world_watch(world, site ? name : "custom")->interval_ms = SECOND_MS;
        world_delay(world, name, 10);
    }
    world_reload(world);
    set_weather(world, 0, 3, DOWN);
    world_pass(world, HOUR_MS);
    assert_int_equal(world->n_retries, 0);
    for (unsigned site = 0; site <= 2; site++) {
        set_weather(world, site, site, FAIR);
        world_pass(world, 25 * SECOND_MS);
    }
    assert_int_equal(world->n_retries, 1);
    world_assert_news(world, "UNVERIFIABLE dndriftd, VERIFIABLE dndriftd, UNVERIFIABLE @site3");
    set_weather(world, 3, 3, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE @site3");
    world_free(world);
}

/* Up for as long as it takes one directory to answer. */
static void network_that_comes_and_goes_is_two_events_each_time(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    set_weather(world, 0, 3, DOWN);
    world_pass(world, HOUR_MS);
    world_delay(world, "mms", 5 * SECOND_MS);
    world_pass(world, NEXT_MS + SECOND_MS); /* all are asked, none has answered */
    set_weather(world, 0, 3, FAIR);
    world_pass(world, 6 * SECOND_MS);
    set_weather(world, 0, 3, DOWN);
    world_pass(world, HOUR_MS);
    set_weather(world, 0, 3, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(
        world, "UNVERIFIABLE dndriftd, VERIFIABLE dndriftd, UNVERIFIABLE dndriftd, VERIFIABLE dndriftd");
    world_free(world);
}

static void watches_are_told_of_by_their_own_names_as_ever(void **state)
{
    struct world *world = world_of_sites(2);

    (void)state;
    tree_rename(world_tree(world, "site1"), "ou=raleigh,o=mms", "ou=durham,o=mms");
    world_pass(world, 5 * MINUTE_MS);
    set_weather(world, 0, 2, DOWN);
    world_pass(world, HOUR_MS);
    assert_int_equal(world_state(world, "site1")->alarm.verdict, VERDICT_RENAMED);
    tree_hide(world_tree(world, "site2"), "ou=raleigh,o=mms", true);
    set_weather(world, 0, 2, FAIR);
    world_pass(world, HOUR_MS);
    tree_hide(world_tree(world, "site2"), "ou=raleigh,o=mms", false);
    tree_rename(world_tree(world, "site1"), "ou=durham,o=mms", "ou=raleigh,o=mms");
    world_pass(world, HOUR_MS);
    world_assert_news(world, "DRIFT site1, UNVERIFIABLE dndriftd, VERIFIABLE dndriftd, UNVERIFIABLE site2, "
                             "VERIFIABLE site2, RECOVERED site1");
    world_free(world);
}

/* --- restarts and reloads */

static void restart_tells_nothing_twice_and_the_end_once(void **state)
{
    struct world *world = world_of_sites(3);
    g_autofree char *since = wall_time_format(world->now.wall_ms + NEXT_MS);

    (void)state;
    set_weather(world, 0, 3, DOWN);
    world_pass(world, HOUR_MS);
    for (unsigned i = 0; i < 3; i++) {
        world_restart(world);
        world_pass(world, HOUR_MS);
    }
    world_assert_news(world, "UNVERIFIABLE dndriftd");
    world_restart(world);
    set_weather(world, 0, 3, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_last_says(world, since);
    world_restart(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE dndriftd");
    set_weather(world, 2, 2, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @site2");
    world_free(world);
}

/* What ended while the store was written is known after a restart too. */
static void restart_after_the_end_confirms_who_still_fails(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    set_weather(world, 0, 3, DOWN);
    world_pass(world, HOUR_MS);
    set_weather(world, 0, 1, FAIR);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "UNVERIFIABLE dndriftd, VERIFIABLE dndriftd");
    world_restart(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @site2, UNVERIFIABLE @site3");
    world_free(world);
}

static void restart_while_it_is_waited_loses_no_outage(void **state)
{
    struct world *world = world_of_a_rare_site();

    (void)state;
    set_weather(world, 0, 0, DOWN);
    world_delay(world, "site1", 25 * SECOND_MS);
    world_pass(world, NEXT_MS + 2 * MINUTE_MS + 15 * SECOND_MS);
    assert_true(world_state(world, "custom")->alarm.is_unverifiable_open); /* due, and not told */
    world_assert_news(world, "");
    world_restart(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @mms");
    world_free(world);
}

static void started_without_a_network_it_tells_so_after_the_grace(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    set_weather(world, 0, 3, DOWN);
    world_restart(world);
    world_pass(world, 10 * MINUTE_MS);
    world_assert_last_says(world, "all 4 directories fail since ");
    world_assert_news(world, "UNVERIFIABLE dndriftd");
    world_free(world);
}

static void failing_store_forgets_no_blackout(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    world->is_store_failing = true;
    set_weather(world, 0, 3, DOWN);
    world_pass(world, HOUR_MS);
    world->is_store_failing = false;
    engine_keep_all(world->engine);
    world_restart(world);
    world_pass(world, HOUR_MS);
    set_weather(world, 0, 3, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE dndriftd, VERIFIABLE dndriftd");
    world_free(world);
}

static void directory_taken_out_meanwhile_is_told_nothing_of(void **state)
{
    struct world *world = world_of_sites(3);

    (void)state;
    set_weather(world, 0, 3, DOWN);
    world_pass(world, HOUR_MS);
    world_remove_directory(world, "site3");
    world_reload(world);
    world_pass(world, HOUR_MS);
    set_weather(world, 0, 2, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE dndriftd, VERIFIABLE dndriftd");
    world_free(world);
}

/* The reload asks the one that is left at once; the one taken out is no company any more. */
static void directory_taken_out_before_it_is_due_does_not_count(void **state)
{
    struct world *world = world_of_sites(1);

    (void)state;
    set_weather(world, 0, 1, DOWN);
    world_pass(world, NEXT_MS + MINUTE_MS);
    world_remove_directory(world, "site1");
    world_reload(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @mms");
    world_free(world);
}

static void directory_whose_watches_are_taken_out_does_not_count_either(void **state)
{
    struct world *world = world_of_sites(1);

    (void)state;
    set_weather(world, 0, 1, DOWN);
    world_pass(world, NEXT_MS + MINUTE_MS);
    world_remove_watch(world, "site1");
    world_reload(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @mms");
    world_free(world);
}

/* Taken out while it is waited for another one, and back later: it starts afresh. */
static void directory_taken_out_while_it_is_due_is_told_when_it_comes_back(void **state)
{
    struct world *world = world_of_a_rare_site();

    (void)state;
    set_weather(world, 0, 0, DOWN);
    world_delay(world, "site1", 25 * SECOND_MS);
    world_pass(world, NEXT_MS + 2 * MINUTE_MS + 15 * SECOND_MS);
    world_remove_directory(world, "mms");
    world_reload(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "");
    world_add_directory(world, "mms");
    world_add_watch(world, "custom", CUSTOM);
    world_reload(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @mms");
    world_free(world);
}

static void directory_taken_out_after_it_was_told_ends_that(void **state)
{
    struct world *world = world_of_sites(1);

    (void)state;
    set_weather(world, 1, 1, DOWN);
    world_pass(world, 5 * MINUTE_MS);
    world_assert_news(world, "UNVERIFIABLE @site1");
    world_remove_watch(world, "site1");
    world_remove_directory(world, "site1");
    world_reload(world);
    world_assert_last_says(world,
                           "no longer watched by this daemon, its watches could not be compared since ");
    world_assert_news(world, "REMOVED @site1");
    world_restart(world);
    add_site(world, 1, MINUTE_MS);
    world_reload(world);
    set_weather(world, 1, 1, DOWN);
    world_pass(world, 5 * MINUTE_MS);
    world_assert_news(world, "UNVERIFIABLE @site1");
    world_free(world);
}

static void directory_taken_out_while_the_daemon_is_down_ends_too(void **state)
{
    struct world *world = world_of_sites(1);

    (void)state;
    set_weather(world, 1, 1, DOWN);
    world_pass(world, 5 * MINUTE_MS);
    world_assert_news(world, "UNVERIFIABLE @site1");
    world_remove_watch(world, "site1");
    world_restart(world);
    world_assert_news(world, "REMOVED @site1");
    world_restart(world);
    world_pass(world, 5 * MINUTE_MS);
    world_assert_news(world, "");
    world_free(world);
}

static void directory_added_meanwhile_joins_in_silence(void **state)
{
    struct world *world = world_of_sites(1);

    (void)state;
    set_weather(world, 0, 1, DOWN);
    world_pass(world, HOUR_MS);
    tree_set_weather(world_add_directory(world, "site2"), DOWN);
    world_add_watch_in(world, "site2", "site2", CUSTOM);
    world_reload(world);
    world_pass(world, HOUR_MS);
    set_weather(world, 0, 2, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE dndriftd, VERIFIABLE dndriftd, PINNED site2");
    world_free(world);
}

/* All were in the same place, and this one is not. */
static void directory_added_meanwhile_that_answers_ends_it(void **state)
{
    struct world *world = world_of_sites(1);

    (void)state;
    set_weather(world, 0, 1, DOWN);
    world_pass(world, HOUR_MS);
    add_site(world, 2, MINUTE_MS);
    world_reload(world);
    world_pass(world, MINUTE_MS);
    world_assert_news(world, "UNVERIFIABLE dndriftd, VERIFIABLE dndriftd, PINNED site2");
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @mms, UNVERIFIABLE @site1");
    world_free(world);
}

/* --- the order of the telling */

/* The first answer of the round ends the outage, then the directory goes. */
static void cut_after_one_answer(struct world *world, const struct question *question,
                                 const struct observation *seen)
{
    (void)question, (void)seen;
    tree_set_weather(world->tree, DOWN);
}

/* The end and the next outage are heard of in one round. */
static void end_of_an_outage_is_told_before_the_next_one(void **state)
{
    struct world *world = world_of_sites(0);

    (void)state;
    world_add_watch(world, "other", "ou=raleigh,o=mms")->confirm_unverifiable = 1000;
    world_reload(world);
    world_pass(world, MINUTE_MS);
    g_free(world_news(world));
    set_weather(world, 0, 0, DOWN);
    world_pass(world, 5 * MINUTE_MS);
    world_assert_news(world, "UNVERIFIABLE @mms");
    world_watch(world, "other")->confirm_unverifiable =
        world_state(world, "other")->alarm.unverifiable_count + 1;
    set_weather(world, 0, 0, FAIR);
    world_delay(world, "mms", 50);
    world->on_answer = cut_after_one_answer;
    world_pass(world, MINUTE_MS);
    world_assert_news(world, "VERIFIABLE @mms, UNVERIFIABLE @mms");
    world->on_answer = NULL;
    world_restart(world);
    set_weather(world, 0, 0, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE @mms");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_at_once_are_one_event_and_so_is_the_end),
        cmocka_unit_test(nine_of_ten_are_nine_events),
        cmocka_unit_test(one_outage_is_told_without_delay),
        cmocka_unit_test(one_directory_alone_is_told_without_delay),
        cmocka_unit_test(all_are_told_without_delay_if_all_were_asked),
        cmocka_unit_test(round_under_way_is_waited_for_and_shows_that_all_fail),
        cmocka_unit_test(round_under_way_is_waited_for_and_shows_that_one_fails),
        cmocka_unit_test(round_under_way_is_not_waited_for_longer_than_half_a_minute),
        cmocka_unit_test(one_that_is_asked_seldom_does_not_hold_it_up_and_joins_in_silence),
        cmocka_unit_test(one_that_is_asked_much_more_often_is_told_first),
        cmocka_unit_test(each_may_be_confirmed_as_often_as_it_likes),
        cmocka_unit_test(haste_does_not_make_one_outage_of_two),
        cmocka_unit_test(servers_need_not_go_in_the_same_instant),
        cmocka_unit_test(one_that_was_told_before_stays_told_and_ends_by_itself),
        cmocka_unit_test(the_last_of_two_fails_by_itself),
        cmocka_unit_test(whoever_still_fails_is_confirmed_and_told_anew),
        cmocka_unit_test(not_all_come_back_in_the_same_instant),
        cmocka_unit_test(network_that_comes_and_goes_is_two_events_each_time),
        cmocka_unit_test(watches_are_told_of_by_their_own_names_as_ever),
        cmocka_unit_test(restart_tells_nothing_twice_and_the_end_once),
        cmocka_unit_test(restart_after_the_end_confirms_who_still_fails),
        cmocka_unit_test(restart_while_it_is_waited_loses_no_outage),
        cmocka_unit_test(started_without_a_network_it_tells_so_after_the_grace),
        cmocka_unit_test(failing_store_forgets_no_blackout),
        cmocka_unit_test(directory_taken_out_meanwhile_is_told_nothing_of),
        cmocka_unit_test(directory_taken_out_before_it_is_due_does_not_count),
        cmocka_unit_test(directory_whose_watches_are_taken_out_does_not_count_either),
        cmocka_unit_test(directory_taken_out_while_it_is_due_is_told_when_it_comes_back),
        cmocka_unit_test(directory_taken_out_after_it_was_told_ends_that),
        cmocka_unit_test(directory_taken_out_while_the_daemon_is_down_ends_too),
        cmocka_unit_test(directory_added_meanwhile_joins_in_silence),
        cmocka_unit_test(directory_added_meanwhile_that_answers_ends_it),
        cmocka_unit_test(end_of_an_outage_is_told_before_the_next_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
