#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "health/health.h"
#include "health_case.h"

struct room {
    struct health_case watches;
    struct event_base *base;
    struct health *health;
    char *folder;
    char *a, *b; /* listen addresses, unix:... */
};

static char *address_in(const struct room *room, const char *name)
{
    return g_strdup_printf("unix:%s/%s", room->folder, name);
}

static const char *path_of(const char *address)
{
    return address + strlen("unix:");
}

static int set_up(void **state)
{
    struct room *room = g_new0(struct room, 1);

    health_case_init(&room->watches);
    room->base = event_base_new();
    room->folder = g_dir_make_tmp("dndrift-XXXXXX", NULL);
    room->a = address_in(room, "a");
    room->b = address_in(room, "b");
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    struct room *room = *state;

    health_free(room->health);
    event_base_free(room->base);
    health_case_clear(&room->watches);
    assert_int_equal(rmdir(room->folder), 0); /* it left no file behind */
    g_free(room->folder);
    g_free(room->a);
    g_free(room->b);
    g_free(room);
    return 0;
}

static ino_t inode_of(const char *address)
{
    struct stat status;

    return stat(path_of(address), &status) == 0 ? status.st_ino : 0;
}

static bool is_served(const char *address)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    bool is_connected;

    g_strlcpy(name.sun_path, path_of(address), sizeof name.sun_path);
    is_connected = connect(fd, (struct sockaddr *)&name, sizeof name) == 0;
    close(fd);
    return is_connected;
}

static void start(struct room *room, char **listen)
{
    struct config config = {.listen = listen};
    GError *error = NULL;

    room->health = health_new(room->base, &config, &room->watches.view, &error);
    assert_null(error);
    assert_non_null(room->health);
}

static void an_unchanged_listener_stays_open_and_a_dropped_one_is_gone(void **state)
{
    struct room *room = *state;
    char *both[] = {room->a, room->b, NULL};
    char *one[] = {room->a, NULL};
    struct config config = {.listen = one};
    ino_t inode;

    start(room, both);
    inode = inode_of(room->a);
    assert_true(health_reload(room->health, &config, NULL));
    assert_int_equal(inode_of(room->a), inode);
    assert_true(is_served(room->a));
    assert_false(is_served(room->b));
    assert_int_equal(access(path_of(room->b), F_OK), -1);
}

static void a_reload_that_cannot_bind_changes_nothing(void **state)
{
    struct room *room = *state;
    char *one[] = {room->a, NULL};
    char *bad[] = {room->b, (char *)"unix:/proc/no/such/folder/socket", NULL};
    struct config config = {.listen = bad};
    GError *error = NULL;

    start(room, one);
    assert_false(health_reload(room->health, &config, &error));
    assert_true(g_str_has_prefix(error->message, "cannot listen on unix:/proc/no/such/folder/socket: "));
    assert_true(g_str_has_suffix(error->message, " (key listen in [health])"));
    assert_true(is_served(room->a));
    assert_int_equal(access(path_of(room->b), F_OK), -1);
    g_error_free(error);
}

static void an_address_that_changes_its_purpose_is_refused_while_it_is_open(void **state)
{
    struct room *room = *state;
    char *one[] = {room->a, NULL};
    char *none[] = {NULL};
    struct config config = {.listen = none, .control = (char *)path_of(room->a)};
    GError *error = NULL;

    start(room, one);
    assert_false(health_reload(room->health, &config, &error));
    assert_true(g_str_has_suffix(error->message, "Address already in use (key control in [daemon])"));
    g_error_free(error);
}

static void a_folder_that_is_missing_is_made(void **state)
{
    struct room *room = *state;
    g_autofree char *address = address_in(room, "run/dndriftd/socket");
    g_autofree char *folder = g_path_get_dirname(path_of(address));
    g_autofree char *above = g_path_get_dirname(folder);
    char *one[] = {address, NULL};
    char *none[] = {NULL};
    struct config config = {.listen = none};

    start(room, one);
    assert_true(is_served(address));
    assert_true(health_reload(room->health, &config, NULL));
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(rmdir(above), 0);
}

static void a_path_too_long_for_a_socket_is_refused(void **state)
{
    struct room *room = *state;
    g_autofree char *name = g_strnfill(200, 'x');
    g_autofree char *address = address_in(room, name);
    char *one[] = {address, NULL};
    struct config config = {.listen = one};
    GError *error = NULL;

    assert_null(health_new(room->base, &config, &room->watches.view, &error));
    assert_non_null(strstr(error->message, "the path is longer than 107 bytes"));
    g_error_free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_unchanged_listener_stays_open_and_a_dropped_one_is_gone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_reload_that_cannot_bind_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_address_that_changes_its_purpose_is_refused_while_it_is_open,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_is_missing_is_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_too_long_for_a_socket_is_refused, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
