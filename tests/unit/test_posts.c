/* Posts: what a connection that breaks may have lost is sent again, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert/posts.h"

static void on_sure(void *user, uint64_t number)
{
    (void)number;
    if (user)
        ++*(unsigned *)user;
}

static int set_up(void **state)
{
    struct posts *posts = g_new0(struct posts, 1);

    posts_init(posts, on_sure, NULL);
    *state = posts;
    return 0;
}

static int tear_down(void **state)
{
    posts_clear(*state);
    g_free(*state);
    return 0;
}

static void add(struct posts *posts, uint64_t first, uint64_t last)
{
    for (uint64_t n = first; n <= last; n++)
        posts_add(posts, n, g_strdup("m"));
}

static void take(struct posts *posts, uint64_t first, uint64_t last, int64_t now_ms)
{
    for (uint64_t n = first; n <= last; n++)
        assert_true(posts_note_taken(posts, n, now_ms));
}

static unsigned n_owed(const struct posts *posts)
{
    unsigned n = 0;

    for (const GList *link = posts->queue.head; link; link = link->next)
        n += ((const struct post *)link->data)->is_owed;
    return n;
}

static void what_arrived_twice_is_news_once(void **state)
{
    add(*state, 1, 2);
    assert_true(posts_note_taken(*state, 1, 0));
    assert_false(posts_note_taken(*state, 1, 0));
    assert_false(posts_note_taken(*state, 9, 0));
    assert_true(posts_has_untaken(*state));
    assert_true(posts_note_taken(*state, 2, 0));
    assert_false(posts_has_untaken(*state));
}

static const struct {
    int64_t kept_ms, taken_ms, broke_ms;
    unsigned n_owed;
    const char *why;
} breaks[] = {
    {POSTS_KEPT_MS, 0, 1000, 3, "a connection that broke"},
    {POSTS_KEPT_MS, 0, POSTS_KEPT_MS, 0, "... long after"},
    {POSTS_CLOSED_MS, 0, 100, 3, "a good-bye right behind"},
    {POSTS_CLOSED_MS, 0, POSTS_CLOSED_MS, 0, "... a while after"},
    {0, 0, 0, 0, "nothing can be lost"},
};

static void a_break_owes_what_was_taken_lately(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < G_N_ELEMENTS(breaks); i++) {
        struct posts posts;

        posts_init(&posts, on_sure, NULL);
        add(&posts, 1, 5);
        take(&posts, 1, 3, breaks[i].taken_ms);
        posts_break(&posts, breaks[i].kept_ms, breaks[i].broke_ms);
        if (n_owed(&posts) != breaks[i].n_owed)
            fail_msg("%s: %u owed, expected %u", breaks[i].why, n_owed(&posts), breaks[i].n_owed);
        assert_false(posts_has_untaken(&posts));
        posts_clear(&posts);
    }
}

static void what_is_owed_stays_so_until_it_arrives(void **state)
{
    add(*state, 1, 2);
    take(*state, 1, 2, 0);
    posts_break(*state, POSTS_KEPT_MS, 10);
    posts_break(*state, 0, 20);
    assert_int_equal(n_owed(*state), 2);
    assert_false(posts_note_taken(*state, 1, 30));
    assert_int_equal(n_owed(*state), 1);
}

static void who_breaks_every_connection_holds_up_the_others_for_a_while(void **state)
{
    add(*state, 1, 1);
    take(*state, 1, 1, 0);
    for (unsigned i = 0; i < POSTS_MAX_OWED; i++) {
        posts_break(*state, POSTS_KEPT_MS, i);
        assert_int_equal(n_owed(*state), 1);
        posts_break(*state, 0, i); /* nobody was there */
        assert_int_equal(n_owed(*state), 1);
        if (i % 2)
            assert_false(posts_note_taken(*state, 1, i));
    }
    posts_break(*state, POSTS_KEPT_MS, 100);
    assert_int_equal(n_owed(*state), 0);
}

static void no_more_are_remembered_than_the_bound(void **state)
{
    add(*state, 1, 3 * POSTS_MAX_TAKEN);
    take(*state, 1, 3 * POSTS_MAX_TAKEN, 0);
    posts_break(*state, POSTS_KEPT_MS, 1);
    assert_int_equal(n_owed(*state), POSTS_MAX_TAKEN);
    assert_int_equal(((const struct post *)((struct posts *)*state)->queue.head->data)->number,
                     2 * POSTS_MAX_TAKEN + 1);
}

static void what_is_old_is_forgotten(void **state)
{
    add(*state, 1, 4);
    take(*state, 1, 2, 0);
    take(*state, 3, 4, POSTS_KEPT_MS + 1);
    posts_break(*state, 2 * POSTS_KEPT_MS, POSTS_KEPT_MS + 2);
    assert_int_equal(n_owed(*state), 2);
}

/* How many are sure, whatever is done. */
static void each_is_sure_once_when_it_is_forgotten(void **unused)
{
    struct posts posts;
    unsigned n_sure = 0;

    (void)unused;
    posts_init(&posts, on_sure, &n_sure);
    add(&posts, 1, 4);
    take(&posts, 1, 3, 0);
    posts_forget(&posts, 10, 9);
    assert_int_equal(n_sure, 0);
    posts_forget(&posts, 10, 10);
    assert_int_equal(n_sure, 3);
    take(&posts, 4, 4, 20);
    posts_trust(&posts);
    posts_forget(&posts, 0, 20);
    assert_int_equal(n_sure, 4);
    posts_clear(&posts);
}

static void what_is_owed_is_not_sure_before_it_was_taken_again(void **unused)
{
    struct posts posts;
    unsigned n_sure = 0;

    (void)unused;
    posts_init(&posts, on_sure, &n_sure);
    add(&posts, 1, 2);
    take(&posts, 1, 2, 0);
    posts_break(&posts, POSTS_KEPT_MS, 1);
    posts_trust(&posts);
    posts_forget(&posts, 0, 100);
    assert_int_equal(n_sure, 0);
    assert_int_equal(posts_first_owed(&posts)->number, 1);
    posts_note_taken(&posts, 1, 200);
    assert_int_equal(posts_first_owed(&posts)->number, 2);
    posts_forget(&posts, 100, 250); /* it was taken anew */
    assert_int_equal(n_sure, 0);
    posts_forget(&posts, 100, 300);
    assert_int_equal(n_sure, 1);
    posts_clear(&posts);
}

#define WITH_POSTS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_POSTS(what_arrived_twice_is_news_once),
        cmocka_unit_test(a_break_owes_what_was_taken_lately),
        WITH_POSTS(what_is_owed_stays_so_until_it_arrives),
        WITH_POSTS(who_breaks_every_connection_holds_up_the_others_for_a_while),
        WITH_POSTS(no_more_are_remembered_than_the_bound),
        WITH_POSTS(what_is_old_is_forgotten),
        cmocka_unit_test(each_is_sure_once_when_it_is_forgotten),
        cmocka_unit_test(what_is_owed_is_not_sure_before_it_was_taken_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
