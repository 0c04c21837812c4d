/* What root hands over to the daemon: it comes back as it was, and whatever else lies in its place is told.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "source/drop.h"
#include "source/drop_text.h"
#include "source/source.h"

#define SPEC  "sssd:example.com"
#define NOW_S 5000

struct place {
    char *top, *folder, *file;
};

static int make_place(void **state)
{
    struct place *place = g_new0(struct place, 1);

    place->top = g_dir_make_tmp("dndrift-drop-XXXXXX", NULL);
    place->folder = g_build_filename(place->top, "source", NULL);
    place->file = g_build_filename(place->folder, "sssd", NULL);
    g_mkdir(place->folder, 0755);
    *state = place;
    return 0;
}

static int leave_place(void **state)
{
    struct place *place = *state;
    char *command[] = {(char *)"rm", (char *)"-rf", place->top, NULL};

    g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    g_free(place->top);
    g_free(place->folder);
    g_free(place->file);
    g_free(place);
    return 0;
}

static GPtrArray *list_of(const char *const *texts)
{
    GPtrArray *list = g_ptr_array_new();

    for (; *texts; texts++)
        g_ptr_array_add(list, (char *)*texts);
    return list;
}

static void write_drop(const struct place *place, const char *const *dns, const char *problem)
{
    g_autoptr(GPtrArray) values = dns ? list_of(dns) : NULL;
    g_autoptr(GError) error = NULL;

    if (!drop_write(place->folder, "sssd", SPEC, values, problem, &error))
        fail_msg("%s", error->message);
}

/* NULL, and the sentence, its file left out. */
static GPtrArray *read_drop(const struct place *place, enum source_error *ret_code, char **ret_says)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *values = drop_read(place->folder, "sssd", SPEC, NOW_S, &error);
    g_autofree char *prefix = g_strconcat(place->file, ": ", NULL);

    if (values)
        return values;
    assert_int_equal(error->domain, SOURCE_ERROR);
    *ret_code = (enum source_error)error->code;
    *ret_says = g_strdup(error->message + (g_str_has_prefix(error->message, prefix) ? strlen(prefix) : 0));
    return NULL;
}

static void what_root_wrote_comes_back(void **state)
{
    static const char *const dns[] = {"ou=people,dc=example,dc=com",
                                      "cn=a\\,b\\2C,dc=x",
                                      "cn=M\xC3\xBCller,o=mms",
                                      "cn=line\nproblem of\rours,o=x",
                                      "cn=\x01\x7F,o=x",
                                      "/o=mms/cn=recipients",
                                      "example.com/Sales",
                                      "o=100%u",
                                      "<GUID=5ed8206e-7bd2-1041-9489-81d72b14d7e0>",
                                      "cn=\xE2\x80\xAE,o=x",
                                      NULL};
    const struct place *place = *state;
    g_autoptr(GPtrArray) back = NULL;
    enum source_error code;
    g_autofree char *says = NULL;

    write_drop(place, dns, NULL);
    back = read_drop(place, &code, &says);
    if (!back)
        fail_msg("%s", says);
    assert_int_equal(back->len, G_N_ELEMENTS(dns) - 1);
    for (unsigned i = 0; i < back->len; i++)
        assert_string_equal(back->pdata[i], dns[i]);
}

static void the_problem_that_root_met_comes_back_and_nothing_is_left_lying_about(void **state)
{
    const struct place *place = *state;
    const char *problem = "/etc/sssd/sssd.conf: has no\nsection";
    g_autofree char *says = NULL;
    g_autoptr(GDir) folder = NULL;
    enum source_error code;

    write_drop(place, (const char *const[]){"o=x", NULL}, NULL);
    write_drop(place, NULL, problem);
    assert_null(read_drop(place, &code, &says));
    assert_int_equal(code, SOURCE_ERROR_CONTENT);
    assert_string_equal(says, problem);
    folder = g_dir_open(place->folder, 0, NULL);
    assert_string_equal(g_dir_read_name(folder), "sssd");
    assert_null(g_dir_read_name(folder));
}

static void it_is_a_text_that_people_can_read(void **state)
{
    const struct place *place = *state;
    g_autofree char *text = NULL;
    struct stat status;

    write_drop(place, (const char *const[]){"cn=a\\,b\n,o=x", "o=y", NULL}, NULL);
    assert_true(g_file_get_contents(place->file, &text, NULL, NULL));
    assert_string_equal(text, "source " SPEC "\ndn cn=a\\\\,b\\x0a,o=x\ndn o=y\n");
    assert_int_equal(stat(place->file, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0644);
}

static const struct {
    const char *content, *says, *why;
    enum source_error code;
} strange[] = {
    {"", "is not what `dndriftctl extract` writes", "empty", SOURCE_ERROR_FILE},
    {"\n", "is not what `dndriftctl extract` writes", "an empty line", SOURCE_ERROR_FILE},
    {"dn o=x\n", "is not what `dndriftctl extract` writes", "of no source", SOURCE_ERROR_FILE},
    {"source " SPEC "x\ndn o=x\n", "is still what was read from another source", "edited", SOURCE_ERROR_FILE},
    {"source " SPEC "\n", "holds no DN", "cut off", SOURCE_ERROR_FILE},
    {"source " SPEC "\ndn o=x\nroot:x:0:0\n", "is not what `dndriftctl extract` writes",
     "another file behind it", SOURCE_ERROR_FILE},
    {"source " SPEC "\ndn o=x\n\n", "is not what `dndriftctl extract` writes", "an empty line behind it",
     SOURCE_ERROR_FILE},
    {"source " SPEC "\ndn cn=a\\,b\n", "is not what `dndriftctl extract` writes", "not escaped",
     SOURCE_ERROR_FILE},
    {"source " SPEC "\ndn o=\\x00\n", "is not what `dndriftctl extract` writes", "NUL", SOURCE_ERROR_FILE},
    {"source " SPEC "\ndn nonsense\n",
     "`nonsense` is no DN: at the end: expected = behind the attribute type", "no DN", SOURCE_ERROR_FILE},
    {"source " SPEC "\ndn cn=no \\xff utf-8\n", "`cn=no \\xff utf-8` is no UTF-8, as a DN must be", "no text",
     SOURCE_ERROR_FILE},
    {"source " SPEC "\nproblem \\x1b[2J\n", "\x1b[2J", "a problem is not cleaned here", SOURCE_ERROR_CONTENT},
};

static void what_root_did_not_write_is_told(void **state)
{
    const struct place *place = *state;

    for (unsigned i = 0; i < G_N_ELEMENTS(strange); i++) {
        g_autofree char *says = NULL;
        enum source_error code = SOURCE_ERROR_SPEC;

        assert_true(g_file_set_contents(place->file, strange[i].content, -1, NULL));
        assert_null(read_drop(place, &code, &says));
        if (strcmp(says, strange[i].says) != 0 || code != strange[i].code)
            fail_msg("%s: %s", strange[i].why, says);
    }
}

static void be_absent(const char *file)
{
    (void)file;
}

static void be_link(const char *file)
{
    assert_int_equal(symlink("/etc/hostname", file), 0);
}

static void be_fifo(const char *file)
{
    assert_int_equal(mkfifo(file, 0644), 0);
}

static void be_folder(const char *file)
{
    assert_int_equal(mkdir(file, 0755), 0);
}

static void be_huge(const char *file)
{
    assert_true(g_file_set_contents(file, "source " SPEC "\n", -1, NULL));
    assert_int_equal(truncate(file, 1 << 30), 0);
}

static void be_strangers(const char *file)
{
    assert_true(g_file_set_contents(file, "source " SPEC "\ndn o=x\n", -1, NULL));
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(file, 61235, 61235), 0);
}

static const struct {
    void (*be)(const char *file);
    const char *says;
    const char *write_says; /* NULL: it is replaced */
} places[] = {
    {be_absent, "No such file or directory", NULL}, {be_link, "is a symbolic link", NULL},
    {be_fifo, "is no regular file", NULL},          {be_folder, "is no regular file", "Is a directory"},
    {be_huge, "is larger than 1 MiB", NULL},        {be_strangers, "is not root's", NULL},
};

static void what_lies_in_its_place_is_told_and_replaced(void **state)
{
    const struct place *place = *state;
    g_autoptr(GPtrArray) list = list_of((const char *const[]){"o=x", NULL});

    for (unsigned i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *says = NULL, *all = NULL;
        g_autoptr(GError) error = NULL;
        enum source_error code = SOURCE_ERROR_SPEC;

        places[i].be(place->file);
        assert_null(read_drop(place, &code, &says));
        assert_string_equal(says, places[i].says);
        assert_int_equal(code, SOURCE_ERROR_FILE);
        assert_int_equal(drop_write(place->folder, "sssd", SPEC, list, NULL, &error), !places[i].write_says);
        all = places[i].write_says ? g_strconcat(place->file, ": ", places[i].write_says, NULL) : NULL;
        if (all)
            assert_string_equal(error->message, all);
        else
            assert_non_null(read_drop(place, &code, &says));
        assert_int_equal(g_remove(place->file), 0);
    }
}

static void no_folder_behind_a_link_is_entered(void **state)
{
    const struct place *place = *state;
    g_autofree char *link = g_build_filename(place->top, "link", NULL);
    g_autofree char *below = g_build_filename(link, "source", NULL);
    const struct {
        const char *folder, *says;
    } folders[] = {{link, "is no folder, or lies behind a symbolic link"},
                   {below, "is no folder, or lies behind a symbolic link"},
                   {"/etc/hostname", "is no folder, or lies behind a symbolic link"},
                   {"/nonexistent/source", "No such file or directory"}};

    assert_int_equal(symlink(place->top, link), 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *says = g_strconcat(folders[i].folder, ": ", folders[i].says, NULL);
        g_autoptr(GError) a = NULL, b = NULL, c = NULL;

        assert_false(drop_write(folders[i].folder, "sssd", SPEC, NULL, "x", &a));
        assert_string_equal(a->message, says);
        assert_null(drop_read(folders[i].folder, "sssd", SPEC, NOW_S, &b));
        assert_string_equal(b->message, says);
        assert_false(drop_request(folders[i].folder, "sssd", 0, &c));
        assert_string_equal(c->message, says);
    }
}

static void no_name_leads_out_of_the_folder(void **state)
{
    static const char *const names[] = {"",       ".",  "..",       "../x", "a/b",
                                        "/etc/x", "-x", "a:wanted", "a b",  "a\n"};
    const struct place *place = *state;

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;

        assert_false(drop_write(place->folder, names[i], SPEC, NULL, "x", &error));
        assert_int_equal(error->code, SOURCE_ERROR_SPEC);
        assert_null(drop_read(place->folder, names[i], SPEC, NOW_S, NULL));
        assert_false(drop_request(place->folder, names[i], 0, NULL));
    }
}

static void what_is_too_long_is_a_problem(void **state)
{
    g_autofree char *dn = g_strnfill(DROP_TEXT_MAX_BYTES / 3, 'x');
    g_autoptr(GPtrArray) list = list_of((const char *const[]){dn, dn, dn, dn, NULL});
    g_autofree char *text = drop_text_print(SPEC, list, NULL), *problem = drop_text_print(SPEC, NULL, dn);

    (void)state;
    assert_string_equal(text,
                        "source " SPEC
                        "\nproblem its DNs are too long to be handed over, expected at most 1 MiB of them\n");
    assert_true(strlen(problem) < 5000);
}

static const struct {
    int64_t wall_s;
    int64_t answered_s; /* before that: 0: it is not */
    int64_t touched_s;
    const char *why;
} requests[] = {
    {1000, 0, 1000, "the first one"},
    {1009, 0, 1000, "too soon, and not answered"},
    {1010, 0, 1000, "asked again, not answered since"},
    {1020, 1000, 1020, "answered in the same second"},
    {1029, 1021, 1020, "too soon, although it is answered"},
    {1030, 1021, 1030, "the next one"},
    {900, 0, 900, "the clock went back"},
    {5000000000, 1000, 5000000000, "in 2128"},
};

static void answer(const struct place *place, int64_t wall_s)
{
    const struct timespec times[] = {{.tv_sec = wall_s}, {.tv_sec = wall_s}};

    write_drop(place, (const char *const[]){"o=x", NULL}, NULL);
    assert_int_equal(utimensat(AT_FDCWD, place->file, times, 0), 0);
}

static void it_is_asked_for_now_and_then(void **state)
{
    const struct place *place = *state;
    g_autofree char *file = g_strconcat(place->file, ":wanted", NULL);

    assert_int_equal(g_rmdir(place->folder), 0); /* it is made */
    for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
        g_autoptr(GError) error = NULL;
        struct stat status;

        if (requests[i].answered_s)
            answer(place, requests[i].answered_s);
        if (!drop_request(place->folder, "sssd", requests[i].wall_s, &error))
            fail_msg("%s: %s", requests[i].why, error->message);
        assert_int_equal(stat(file, &status), 0);
        if (status.st_mtim.tv_sec != requests[i].touched_s || status.st_size != 0)
            fail_msg("%s: %ld", requests[i].why, (long)status.st_mtim.tv_sec);
    }
}

static const struct {
    int64_t asked_s, answered_s, now_s;
    bool is_taken;
    const char *why;
} answers[] = {
    {1000, 1001, 5000, true, "answered, however long ago"}, {1000, 1000, 5000, true, "in the same second"},
    {1000, 900, 1060, true, "root may still be at it"},     {1000, 900, 1061, false, "root does not answer"},
    {1000, 900, 100, true, "the clock went back"},
};

static void what_root_no_longer_renews_is_not_taken(void **state)
{
    const struct place *place = *state;
    g_autofree char *file = g_strconcat(place->file, ":wanted", NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) values = NULL;

        g_unlink(place->file);
        g_unlink(file);
        assert_true(drop_request(place->folder, "sssd", answers[i].asked_s, NULL));
        answer(place, answers[i].answered_s);
        values = drop_read(place->folder, "sssd", SPEC, answers[i].now_s, &error);
        if ((values != NULL) != answers[i].is_taken)
            fail_msg("%s: %s", answers[i].why, error ? error->message : "taken");
        if (!values)
            assert_non_null(strstr(error->message,
                                   "/sssd: is out of date: root does not read again when it is asked to"));
    }
}

static void the_folder_is_that_of_the_unit(void **state)
{
    static const struct {
        const char *runtime, *folder;
    } cases[] = {{NULL, "/run/dndriftd/source"},
                 {"", "/run/dndriftd/source"},
                 {"relative", "/run/dndriftd/source"},
                 {"/run/other", "/run/other/source"},
                 {"/run/a:/run/a/source", "/run/a/source"}};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *folder = NULL, *path = NULL;

        if (cases[i].runtime)
            g_setenv("RUNTIME_DIRECTORY", cases[i].runtime, TRUE);
        else
            g_unsetenv("RUNTIME_DIRECTORY");
        folder = drop_folder();
        path = drop_path(folder, "sssd");
        assert_string_equal(folder, cases[i].folder);
        assert_true(g_str_has_suffix(path, "/source/sssd"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_root_wrote_comes_back, make_place, leave_place),
        cmocka_unit_test_setup_teardown(the_problem_that_root_met_comes_back_and_nothing_is_left_lying_about,
                                        make_place, leave_place),
        cmocka_unit_test_setup_teardown(it_is_a_text_that_people_can_read, make_place, leave_place),
        cmocka_unit_test_setup_teardown(what_root_did_not_write_is_told, make_place, leave_place),
        cmocka_unit_test_setup_teardown(what_lies_in_its_place_is_told_and_replaced, make_place, leave_place),
        cmocka_unit_test_setup_teardown(no_folder_behind_a_link_is_entered, make_place, leave_place),
        cmocka_unit_test_setup_teardown(no_name_leads_out_of_the_folder, make_place, leave_place),
        cmocka_unit_test_setup_teardown(what_is_too_long_is_a_problem, make_place, leave_place),
        cmocka_unit_test_setup_teardown(it_is_asked_for_now_and_then, make_place, leave_place),
        cmocka_unit_test_setup_teardown(what_root_no_longer_renews_is_not_taken, make_place, leave_place),
        cmocka_unit_test_setup_teardown(the_folder_is_that_of_the_unit, make_place, leave_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
