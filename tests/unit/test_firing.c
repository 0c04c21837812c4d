/* An alert as the API of Alertmanager takes it: labels that never change, clean annotations within their
 * bounds, and what each word begins and ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <syslog.h>

#include "alert/firing.h"

#define SINCE_MS INT64_C(1795464900250)
#define NOW_MS   (SINCE_MS + 150 * 1000)

static const char *const extra[] = {"env=prod", "team=post=master", NULL};

static struct alert *drift(const char *live)
{
    struct alert *alert = alert_new(WORD_DRIFT, LOG_ERR, "w", SINCE_MS);

    alert->sentence = g_strdup("renamed");
    alert_set_tag(alert, TAG_WATCH, "w");
    alert_set_tag(alert, TAG_DIRECTORY, "d");
    alert_set_tag(alert, TAG_LIVE, live);
    return alert;
}

static char *print(const struct firing_post *post, char **labels, const char *link)
{
    const struct alertmanager_config config = {.labels = labels, .link = (char *)link};
    GString *out = g_string_new(NULL);

    firing_print(out, post, &config);
    return g_string_free(out, FALSE);
}

static void what_goes_on_is_told_whole(void **state)
{
    g_autoptr(alert_t) alert = drift("cn=a");
    const struct firing_post post = {FIRING_DRIFT, alert, LOG_ERR, SINCE_MS, NOW_MS + 240000, NOW_MS};
    g_autofree char *text = print(&post, (char **)extra, "http://h:1");

    (void)state;
    assert_string_equal(
        text, "{\"labels\":{\"env\":\"prod\",\"team\":\"post=master\",\"alertname\":\"DndriftDrift\","
              "\"severity\":\"critical\",\"watch\":\"w\",\"directory\":\"d\"},\"annotations\":{"
              "\"summary\":\"w is configured with a DN that the directory d no longer has there\","
              "\"description\":\"renamed\",\"age\":\"2m\",\"live\":\"cn=a\"},"
              "\"startsAt\":\"2026-11-23T20:15:00.250Z\",\"endsAt\":\"2026-11-23T20:21:30.250Z\","
              "\"generatorURL\":\"http://h:1/watches/w\"}");
}

static void what_has_ended_has_no_age_and_may_have_no_beginning(void **state)
{
    g_autoptr(alert_t) alert = drift(NULL);
    const struct firing_post post = {FIRING_DRIFT, alert, LOG_ERR, .wall_ends_ms = NOW_MS};
    g_autofree char *text = print(&post, NULL, NULL);

    (void)state;
    assert_null(strstr(text, "startsAt"));
    assert_null(strstr(text, "\"age\""));
    assert_null(strstr(text, "generatorURL"));
    assert_non_null(strstr(text, "\"endsAt\":\"2026-11-23T20:17:30.250Z\""));
}

static const struct {
    enum firing firing;
    int severity;
    const char *label, *why;
} severities[] = {
    {FIRING_DRIFT, LOG_EMERG, "critical", "worse than the default"},
    {FIRING_DRIFT, LOG_ERR, "critical", "the default"},
    {FIRING_DRIFT, LOG_WARNING, "warning", "the watch says so"},
    {FIRING_DRIFT, LOG_NOTICE, "info", "and so"},
    {FIRING_DRIFT, LOG_DEBUG, "info", "there is nothing below"},
    {FIRING_INVALID, LOG_NOTICE, "critical", "the severity is of drifts alone"},
    {FIRING_UNVERIFIABLE, LOG_EMERG, "warning", "the same"},
};

static void severities_are_those_of_the_rules(void **state)
{
    g_autoptr(alert_t) alert = drift(NULL);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(severities); i++) {
        const struct firing_post post = {severities[i].firing, alert, severities[i].severity, 0, NOW_MS};
        g_autofree char *text = print(&post, NULL, NULL);
        g_autofree char *expected = g_strdup_printf("\"severity\":\"%s\"", severities[i].label);

        if (!strstr(text, expected))
            fail_msg("%s: <%s> lacks <%s>", severities[i].why, text, expected);
    }
}

static const struct {
    const char *watch, *directory, *summary, *link;
} subjects[] = {
    {"w", "d", "\"summary\":\"w cannot be compared with the directory d\"", "http://h:1/watches/w\""},
    {NULL, "d", "\"summary\":\"The watches of the directory d cannot be compared\"", "http://h:1/\""},
    {NULL, NULL, "\"summary\":\"No directory can be compared, the fault is probably at the end of dndriftd\"",
     "http://h:1/\""},
};

static void a_whole_directory_has_no_label_of_a_watch(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
        g_autoptr(alert_t) alert = drift(NULL);
        const struct firing_post post = {FIRING_UNVERIFIABLE, alert, LOG_ERR, 0, NOW_MS};
        g_autofree char *text = NULL;

        alert_set_tag(alert, TAG_WATCH, subjects[i].watch);
        alert_set_tag(alert, TAG_DIRECTORY, subjects[i].directory);
        text = print(&post, NULL, "http://h:1");
        assert_non_null(strstr(text, subjects[i].summary));
        assert_non_null(strstr(text, subjects[i].link));
        assert_int_equal(strstr(text, "\"watch\":") != NULL, subjects[i].watch != NULL);
        assert_int_equal(strstr(text, "\"directory\":") != NULL, subjects[i].directory != NULL);
    }
}

static const struct {
    const char *live, *written, *why;
} texts[] = {
    {"a\"b\\c", "\"live\":\"a\\\"b\\\\c\"", "JSON's own escapes, and no more"},
    {"a\nb\x7f", "\"live\":\"a\\\\x0ab\\\\x7f\"", "controls"},
    {"\xff\xc2\x9b", "\"live\":\"\\\\xff\\\\xc2\\\\x9b\"", "no UTF-8, and C1"},
    {"\xe2\x80\xae", "\"live\":\"\\\\xe2\\\\x80\\\\xae\"", "what turns the writing round"},
    {"ou=M\xc3\xbcller", "\"live\":\"ou=M\xc3\xbcller\"", "UTF-8 stays"},
};

static void texts_are_made_clean(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(alert_t) alert = drift(texts[i].live);
        const struct firing_post post = {FIRING_DRIFT, alert, LOG_ERR, SINCE_MS, NOW_MS, NOW_MS};
        g_autofree char *text = print(&post, NULL, NULL);

        if (!strstr(text, texts[i].written))
            fail_msg("%s: <%s> lacks <%s>", texts[i].why, text, texts[i].written);
    }
}

/* One byte more or less puts the cut into the middle of a character. */
static void long_texts_are_cut_between_two_characters(void **state)
{
    (void)state;
    for (unsigned n_before = 0; n_before < 4; n_before++) {
        GString *live = g_string_new(NULL);
        g_autoptr(alert_t) alert = NULL;
        g_autofree char *text = NULL;
        const char *value;

        for (unsigned i = 0; i < n_before; i++)
            g_string_append_c(live, 'x');
        for (unsigned i = 0; i < FIRING_MAX_TEXT; i++)
            g_string_append(live, "\xe2\x82\xac");
        alert = drift(live->str);
        g_string_free(live, TRUE);
        text = print(&(struct firing_post){FIRING_DRIFT, alert, LOG_ERR, 0, NOW_MS}, NULL, NULL);
        value = strstr(text, "\"live\":\"") + strlen("\"live\":\"");
        assert_true(g_utf8_validate(text, -1, NULL));
        assert_in_range(strcspn(value, "\""), FIRING_MAX_TEXT - 4, FIRING_MAX_TEXT);
        assert_non_null(strstr(value, "...(+"));
    }
}

#define S FIRING_STAYS
#define B FIRING_BEGINS
#define E FIRING_ENDS
#define F FIRING_ENDS_SURELY

static const enum firing_effect effects[WORD_COUNT][FIRING_COUNT] = {
    [WORD_NONE] = {S, S, S},     [WORD_DRIFT] = {B, E, S},    [WORD_CHANGED] = {B, E, S},
    [WORD_EDITED] = {S, S, S},   [WORD_REMINDER] = {B, S, S}, [WORD_RECOVERED] = {F, E, S},
    [WORD_REMOVED] = {E, E, E},  [WORD_INVALID] = {S, B, S},  [WORD_UNVERIFIABLE] = {S, S, B},
    [WORD_SPELLING] = {S, S, S}, [WORD_PINNED] = {S, S, S},   [WORD_VERIFIABLE] = {S, S, F},
    [WORD_STARTED] = {S, S, S},  [WORD_STOPPED] = {S, S, S},  [WORD_RELOADED] = {S, S, S},
    [WORD_REJECTED] = {S, S, S},
};

static void each_word_begins_and_ends_what_it_says(void **state)
{
    (void)state;
    for (unsigned w = 0; w < WORD_COUNT; w++) {
        bool is_concerned = false;

        for (unsigned f = 0; f < FIRING_COUNT; f++) {
            assert_int_equal(firing_effect((enum word)w, (enum firing)f), effects[w][f]);
            is_concerned |= effects[w][f] != S;
        }
        assert_int_equal(firing_is_concerned((enum word)w), is_concerned);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_on_is_told_whole),
        cmocka_unit_test(what_has_ended_has_no_age_and_may_have_no_beginning),
        cmocka_unit_test(severities_are_those_of_the_rules),
        cmocka_unit_test(a_whole_directory_has_no_label_of_a_watch),
        cmocka_unit_test(texts_are_made_clean),
        cmocka_unit_test(long_texts_are_cut_between_two_characters),
        cmocka_unit_test(each_word_begins_and_ends_what_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
