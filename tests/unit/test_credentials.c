#include "directory/credentials.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <cmocka.h>

static const struct failure refusal = {PHASE_BIND, REASON_BIND, 49, (char *)"wrong password"};

struct place {
    char *folder, *file;
};

static int make_place(void **state)
{
    struct place *place = g_new0(struct place, 1);

    place->folder = g_dir_make_tmp("dndrift-XXXXXX", NULL);
    place->file = g_build_filename(place->folder, "password", NULL);
    *state = place;
    return g_file_set_contents(place->file, "secret", -1, NULL) ? 0 : -1;
}

static int clear_place(void **state)
{
    struct place *place = *state;

    g_remove(place->file);
    g_rmdir(place->folder);
    g_free(place->file);
    g_free(place->folder);
    g_free(place);
    return 0;
}

static void set_time(const char *file, time_t modified_s)
{
    const struct timespec times[] = {{modified_s, 0}, {modified_s, 0}};

    assert_int_equal(utimensat(AT_FDCWD, file, times, 0), 0);
}

static struct credentials refused(const char *file)
{
    struct credentials credentials = {0};

    credentials_look(&credentials, file);
    credentials_refuse(&credentials, "ldap://a:389", &refusal, 0, 0);
    return credentials;
}

static void a_refused_password_is_barred_for_five_minutes_and_longer_each_time(void **state)
{
    const struct place *place = *state;
    struct credentials credentials = refused(place->file);

    assert_true(credentials_are_barred(&credentials, 5 * 60 * 1000 - 1));
    assert_false(credentials_are_barred(&credentials, 5 * 60 * 1000));
    credentials_refuse(&credentials, "ldap://b:389", &refusal, 1000000, 0);
    assert_true(credentials_are_barred(&credentials, 1000000 + 10 * 60 * 1000 - 1));
    assert_string_equal(credentials.server, "ldap://b:389");
    credentials_clear(&credentials);
}

static void the_same_file_is_not_forgiven_however_often_it_is_looked_at(void **state)
{
    const struct place *place = *state;
    struct credentials credentials = refused(place->file);

    for (int i = 0; i < 3; i++)
        assert_false(credentials_look(&credentials, place->file));
    assert_true(credentials_are_barred(&credentials, 1));
    credentials_clear(&credentials);
}

static void another_time_another_inode_and_a_file_that_comes_back_are_a_new_password(void **state)
{
    const struct place *place = *state;
    struct credentials credentials;

    set_time(place->file, 1000);
    credentials = refused(place->file);
    set_time(place->file, 1001);
    assert_true(credentials_look(&credentials, place->file));
    assert_false(credentials_are_barred(&credentials, 1));

    credentials_refuse(&credentials, "ldap://a:389", &refusal, 0, 0);
    g_autofree char *other = g_strconcat(place->file, ".new", NULL);
    assert_true(g_file_set_contents(other, "secret", -1, NULL));
    set_time(other, 1001);
    assert_int_equal(g_rename(other, place->file), 0);
    assert_true(credentials_look(&credentials, place->file));

    credentials_refuse(&credentials, "ldap://a:389", &refusal, 0, 0);
    g_remove(place->file);
    assert_true(credentials_look(&credentials, place->file));
    credentials_clear(&credentials);
}

static void a_password_that_came_between_the_look_and_the_login_is_not_tried_twice(void **state)
{
    const struct place *place = *state;
    struct credentials credentials = {0};

    set_time(place->file, 1000);
    credentials_look(&credentials, place->file);
    set_time(place->file, 1001);
    assert_true(credentials_begin_login(&credentials, place, place->file, 0));
    credentials_refuse(&credentials, "ldap://a:389", &refusal, 0, 0);
    assert_false(credentials_look(&credentials, place->file));
    assert_true(credentials_are_barred(&credentials, 1));
    credentials_clear(&credentials);
}

#define MINUTE_MS (60 * 1000)
#define BAR_MS    (10 * MINUTE_MS) /* the first one at most */

static void refuse(struct credentials *credentials, const char *server, int64_t now_ms)
{
    credentials_refuse(credentials, server, &refusal, now_ms, UINT32_MAX);
}

static void a_server_that_refuses_what_another_takes_bars_itself_alone(void **state)
{
    struct credentials credentials = {0};

    (void)state;
    refuse(&credentials, "ldap://a", 0);
    assert_true(credentials_are_barred(&credentials, BAR_MS - 1));
    assert_int_equal(credentials_until_ms(&credentials, "ldap://a"), 0); /* with all others */
    credentials_accept(&credentials, "ldap://b");
    assert_false(credentials_are_barred(&credentials, 1));
    assert_int_equal(credentials_until_ms(&credentials, "ldap://a"), BAR_MS);
    assert_int_equal(credentials_until_ms(&credentials, "ldap://b"), 0);
    refuse(&credentials, "ldap://a", BAR_MS);
    assert_false(credentials_are_barred(&credentials, BAR_MS + 1));
    assert_int_equal(credentials_until_ms(&credentials, "ldap://a"), BAR_MS + 2 * BAR_MS);
    credentials_clear(&credentials);
}

static void what_was_taken_and_is_refused_by_one_more_server_bars_all_again(void **state)
{
    struct credentials credentials = {0};

    (void)state;
    refuse(&credentials, "ldap://a", 0);
    credentials_accept(&credentials, "ldap://b");
    refuse(&credentials, "ldap://b", 1000); /* the password was changed in the directory */
    assert_true(credentials_are_barred(&credentials, 1001));
    assert_string_equal(credentials.server, "ldap://b");
    refuse(&credentials, "ldap://a", 1000 + BAR_MS);
    assert_true(credentials_are_barred(&credentials, 1000 + BAR_MS + 1));
    credentials_clear(&credentials);
}

static void who_refused_least_goes_first_until_the_file_is_changed(void **state)
{
    const struct place *place = *state;
    struct credentials credentials = refused(place->file);

    assert_int_equal(credentials_refusals(&credentials, "ldap://a:389"), 1);
    assert_int_equal(credentials_refusals(&credentials, "ldap://b"), 0);
    credentials_accept(&credentials, "ldap://b");
    assert_int_equal(credentials_refusals(&credentials, "ldap://a:389"), 1);
    credentials_accept(&credentials, "ldap://a:389");
    assert_int_equal(credentials_refusals(&credentials, "ldap://a:389"), 0);
    refuse(&credentials, "ldap://a:389", 0);
    credentials_accept(&credentials, "ldap://b");
    set_time(place->file, 1);
    assert_true(credentials_look(&credentials, place->file));
    assert_int_equal(credentials_until_ms(&credentials, "ldap://a:389"), 0);
    assert_int_equal(credentials_refusals(&credentials, "ldap://a:389"), 0);
    credentials_clear(&credentials);
}

static void without_a_file_only_time_and_a_reload_forgive(void **state)
{
    struct credentials credentials = refused(NULL);

    (void)state;
    assert_false(credentials_look(&credentials, NULL));
    assert_true(credentials_are_barred(&credentials, 1));
    credentials_forgive(&credentials);
    assert_false(credentials_are_barred(&credentials, 1));
    credentials_clear(&credentials);
}

static void logins_come_one_after_the_other_as_long_as_they_are_quick(void **state)
{
    struct credentials credentials = {0};
    const char first = 'a', second = 'b';

    (void)state;
    assert_true(credentials_begin_login(&credentials, &first, NULL, 1000));
    assert_false(credentials_begin_login(&credentials, &second, NULL, 1001));
    assert_true(credentials_begin_login(&credentials, &first, NULL, 1002)); /* its own does not hold it up */
    credentials_end_login(&credentials, &second);                           /* it is not at it */
    assert_false(credentials_begin_login(&credentials, &second, NULL, 1003));
    credentials_end_login(&credentials, &first);
    assert_true(credentials_begin_login(&credentials, &second, NULL, 1004));
    assert_false(credentials_begin_login(&credentials, &first, NULL, 1004 + CREDENTIALS_LOGIN_MS - 1));
    assert_true(credentials_begin_login(&credentials, &first, NULL, 1004 + CREDENTIALS_LOGIN_MS));
    credentials_end_login(&credentials, &second); /* overtaken */
    assert_false(credentials_begin_login(&credentials, &second, NULL, 1005 + CREDENTIALS_LOGIN_MS));
    credentials_clear(&credentials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_refused_password_is_barred_for_five_minutes_and_longer_each_time,
                                        make_place, clear_place),
        cmocka_unit_test_setup_teardown(the_same_file_is_not_forgiven_however_often_it_is_looked_at,
                                        make_place, clear_place),
        cmocka_unit_test_setup_teardown(
            another_time_another_inode_and_a_file_that_comes_back_are_a_new_password, make_place,
            clear_place),
        cmocka_unit_test_setup_teardown(
            a_password_that_came_between_the_look_and_the_login_is_not_tried_twice, make_place, clear_place),
        cmocka_unit_test(a_server_that_refuses_what_another_takes_bars_itself_alone),
        cmocka_unit_test(what_was_taken_and_is_refused_by_one_more_server_bars_all_again),
        cmocka_unit_test_setup_teardown(who_refused_least_goes_first_until_the_file_is_changed, make_place,
                                        clear_place),
        cmocka_unit_test(without_a_file_only_time_and_a_reload_forgive),
        cmocka_unit_test(logins_come_one_after_the_other_as_long_as_they_are_quick),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
