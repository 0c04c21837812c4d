/* Settings as options of a command line: taken word by word, judged by the table and the rules of the file.
 */
#include "config/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* The words between blanks; `~` in one stands for a blank, `''` for an empty one. */
static char **split(const char *line)
{
    char **words = g_strsplit(line, " ", -1);

    for (char **word = words; *word; word++)
        if (g_str_equal(*word, "''"))
            **word = '\0';
        else
            g_strdelimit(*word, "~", ' ');
    return words;
}

/* Takes all; the sentence about the first that is none, or NULL. */
static char *take_all(struct options *options, char **words)
{
    GError *error = NULL;
    char *sentence = NULL;

    while (*words && !error)
        if (!options_take(options, &words, &error))
            sentence = g_strdup(error->message);
    g_clear_error(&error);
    return sentence;
}

/* What is wrong, sentences with `; ` between them; "" if nothing is. */
static char *problems_of(const char *line)
{
    g_auto(GStrv) words = split(line);
    struct options options = {0};
    char *sentence = take_all(&options, words);
    g_autoptr(GPtrArray) problems = NULL;
    g_autoptr(config_t) config = sentence ? NULL : options_load(&options, NULL, &problems);

    if (sentence)
        return sentence;
    if (config)
        return g_strdup("");
    g_ptr_array_add(problems, NULL);
    return g_strjoinv("; ", (char **)problems->pdata);
}

static void what_is_wrong_is_told(void **user)
{
#define GOOD "--uri ldap://h --dn o=x"
#define CL   "command line: "
    static const struct {
        const char *line;
        const char *expected;
        const char *why;
    } cases[] = {
        {GOOD, "", "the least that makes one"},
        {"--uri=ldap://h --dn=o=x", "", "values behind the first equals sign"},
        {GOOD " --object-class container --entry-filter (a=b) --min-entries 3 --confirm 1", "",
         "keys of the watch"},
        {"--uri ldap://a~ldaps://b --dn o=x --replicas all --split-after 1s", "", "a list"},
        {GOOD " --start-tls", "", "yes is what an option alone says"},
        {GOOD " --start-tls=no --strict=yes", "", "or it is said"},
        {GOOD " --start_tls", "", "spelled like the key"},
        {GOOD " --start-tls yes", "there is no option `yes`", "a word behind what needs none"},
        {"--uri ldap://h",
         CL "`[watch command-line]` lacks `dn`, expected: The DN that the consumer was "
            "configured with, exactly as it is written there, or dn_from.",
         "no DN"},
        {"--bind-dm cn=a", "there is no option `--bind-dm`, did you mean --bind-dn?", "a slip"},
        {"--zzz=1", "there is no option `--zzz=1`", "nothing like it"},
        {"--directory d", "there is no option `--directory`", "it names a section of the file"},
        {"--state-directory /x", "there is no option `--state-directory`", "of the daemon"},
        {"--", "there is no option `--`", "no name"},
        {"-u ldap://h", "there is no option `-u`", "no letters"},
        {"--uri", "--uri has no value, expected list of URIs", "at the end"},
        {GOOD " --dn o=y", "--dn is given twice, expected it once", "two DNs"},
        {"--uri '' --dn o=x", CL "`uri` has no value, expected list of URIs, or no such line", "empty"},
        {GOOD " --timeout 1y",
         CL "timeout: `1y` is no duration, expected digits and one unit (ms s m h d), "
            "100ms to 5m",
         "the type of the key"},
        {GOOD " --bind simple --cleartext allow",
         CL "`bind = simple` needs `bind_dn`, expected it in the same section; " CL
            "`bind = simple` needs `password_file`, expected it in the same section",
         "the rules of the file"},
        {GOOD " --bind simple --cleartext allow --bind-dn cn=a --password-file /nonexistent/secret",
         CL "password_file: `/nonexistent/secret` cannot be read: No such file or directory",
         "its secrets are looked at"},
        {"--uri ldap://h --dn x", CL "dn: `x` is no DN: at the end: expected = behind the attribute type",
         "no DN"},
    };

    (void)user;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *problems = problems_of(cases[i].line);

        if (strcmp(problems, cases[i].expected) != 0)
            fail_msg("%s (%s):\n%s\nexpected\n%s", cases[i].line, cases[i].why, problems, cases[i].expected);
    }
}

static void they_make_the_configuration_that_a_file_would_make(void **user)
{
    g_auto(GStrv) words = split("--uri LDAP://h --dn cn=a~b,o=x --timeout 2s --start-tls --compare mail "
                                "--identity entryUUID:5ED8206E-7bd2-1041-9489-81d72b14d7e0 --interval 1s");
    struct options options = {0};
    g_autofree char *sentence = take_all(&options, words);
    g_autoptr(GPtrArray) problems = NULL;
    g_autoptr(config_t) config = options_load(&options, NULL, &problems);

    (void)user;
    assert_null(sentence);
    assert_int_equal(options.n, 7);
    const struct watch_config *watch = config_watch(config, OPTIONS_NAME);
    const struct directory_config *directory = config_directory(config, watch->directory);
    assert_string_equal(directory->uris[0], "ldap://h:389");
    assert_int_equal(directory->timeout_ms, 2000);
    assert_true(directory->start_tls);
    assert_string_equal(watch->dn, "cn=a b,o=x");
    assert_string_equal(watch->compare, "mail");
    assert_string_equal(watch->identity, "entryUUID:5ed8206e-7bd2-1041-9489-81d72b14d7e0");
    assert_int_equal(watch->confirm, 2);
    assert_int_equal(watch->confirm_interval_ms, 1000);
}

static void a_value_may_be_as_long_as_one_in_a_file(void **user)
{
    g_autofree char *long_enough = g_strnfill(8192, 'x');
    g_autofree char *too_long = g_strnfill(8193, 'x');
    char *arguments[] = {(char *)"--consumer", long_enough, (char *)"--fix", too_long, NULL},
         **at = arguments;
    struct options options = {0};
    g_autoptr(GError) error = NULL;

    (void)user;
    assert_true(options_take(&options, &at, &error));
    assert_ptr_equal(at, arguments + 2);
    assert_false(options_take(&options, &at, &error));
    assert_string_equal(error->message, "--fix has a value of more than 8192 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(they_make_the_configuration_that_a_file_would_make),
        cmocka_unit_test(a_value_may_be_as_long_as_one_in_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
