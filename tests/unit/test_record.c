/* An alert as one line: decodes back to what went in, whatever a directory put there. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "alert/clip.h"
#include "alert/fields.h"
#include "alert/record.h"
#include "alert/record_plain.h"
#ifdef HAVE_EVTLOG
#include "alert/record_evtlog.h"
#endif
#include "log_line.h"

#define HOSTILE_VALUES 100000

static struct alert *drift(const char *sentence)
{
    struct alert *alert = alert_new(WORD_DRIFT, 3, "w", 0);

    alert->sentence = g_strdup(sentence);
    return alert;
}

static const struct {
    const char *sentence, *live, *id, *line, *why;
} lines[] = {
    {"renamed", "cn=a", "ab-1", "DRIFT w: renamed; live='cn=a', alert='ab-1'", "the form of the contract"},
    {"renamed", NULL, NULL, "DRIFT w: renamed", "no tag, no semicolon"},
    {"renamed", "", "", "DRIFT w: renamed", "an empty value is absent"},
    {"", "x", NULL, "DRIFT w: ; live='x'", "an empty sentence"},
    {"a; live='b'", "x", NULL, "DRIFT w: a\\; live='b'; live='x'", "a sentence cannot begin the tags"},
    {"a\\; b", "x", NULL, "DRIFT w: a\\\\\\; b; live='x'", "nor with a backslash before it"},
    {"a", "x', alert='9", NULL, "DRIFT w: a; live='x\\', alert=\\'9'", "a value cannot end itself"},
    {"a", "x\\', alert='9", NULL, "DRIFT w: a; live='x\\\\\\', alert=\\'9'", "the hole in libevtlog"},
    {"a", "x\\", NULL, "DRIFT w: a; live='x\\\\'", "nor by a backslash at its end"},
    {"a", "x;y", NULL, "DRIFT w: a; live='x;y'", "a semicolon in a value stays"},
    {"it's", NULL, NULL, "DRIFT w: it's", "a quote in the sentence stays"},
    {"a\nDRIFT b: c", "x\r\n\t\x1b[2J\x7f", NULL,
     "DRIFT w: a\\x0aDRIFT b: c; live='x\\x0d\\x0a\\x09\\x1b[2J\\x7f'", "control bytes, the tab too"},
    {"a",
     "\xc2\x9b"
     "31m\xe2\x80\xae\xff",
     NULL, "DRIFT w: a; live='\\xc2\\x9b31m\\xe2\\x80\\xae\\xff'", "C1, bidi, no UTF-8"},
    {"M\xc3\xbcller", "ou=\xe2\x82\xac", NULL, "DRIFT w: M\xc3\xbcller; live='ou=\xe2\x82\xac'",
     "UTF-8 stays"},
    {"a...(+3)", "x...(+12)", NULL, "DRIFT w: a...(+3\\x29; live='x...(+12\\x29'",
     "what looks cut off is not"},
    {"a...(+)", "...(+1", NULL, "DRIFT w: a...(+); live='...(+1'", "what does not look so stays"},
    {"a", "\\x41", NULL, "DRIFT w: a; live='\\\\x41'", "what looks like an escape is none"},
};

static void each_alert_has_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(alert_t) alert = drift(lines[i].sentence);
        g_autofree char *line = NULL;

        alert_set_tag(alert, TAG_LIVE, lines[i].live);
        line = record_format(alert, lines[i].id);
        if (strcmp(line, lines[i].line) != 0)
            fail_msg("%s: <%s>, expected <%s>", lines[i].why, line, lines[i].line);
    }
}

static void the_tags_stand_in_the_order_of_the_contract(void **state)
{
    g_autoptr(alert_t) alert = drift("s");
    g_autofree char *line = NULL;

    (void)state;
    for (unsigned i = 0; i < TAG_COUNT; i++)
        alert_set_tag(alert, (enum tag)i, "v");
    line = record_format(alert, "ab-1");
    assert_string_equal(line,
                        "DRIFT w: s; watch='v', verdict='v', configured='v', live='v', first_missing='v', "
                        "identity='v', directory='v', server='v', since='v', alert='ab-1', fix='v'");
}

/* --- hostile values */

static const char *const nasty[] = {
    "'",
    ";",
    "\\",
    "; ",
    "', ",
    "='",
    "\n",
    "\r",
    "\t",
    "\x1b[2J",
    "\x7f",
    "\xc2\x9b",
    "\xff",
    "\xc3",
    "\xc3\xa9",
    "\xe2\x82",
    "\xe2\x82\xac",
    "\xe2\x80\xa8",
    "\xe2\x80\xae",
    "\\x41",
    "\\;",
    "\\'",
    "...(+3)",
    "%s%n",
    "a",
    "cn=x",
    ", fake='",
    "\xf0\x9f\x98\x80",
    "<13>",
    ": ",
    "\xed\xa0\x80",
    "\xc0\xaf",
};

static char *hostile_value(GRand *random)
{
    GString *value = g_string_new(NULL);
    int n_pieces = g_rand_int_range(random, 1, 12);

    /* One in fifty is long enough to be cut. */
    if (g_rand_int_range(random, 0, 50) == 0)
        n_pieces = g_rand_int_range(random, 200, 1500);
    while (n_pieces-- > 0) {
        if (g_rand_int_range(random, 0, 4) == 0)
            g_string_append_c(value, (char)g_rand_int_range(random, 1, 256));
        else
            g_string_append(value, nasty[g_rand_int_range(random, 0, G_N_ELEMENTS(nasty))]);
    }
    return g_string_free(value, FALSE);
}

static void expect_decodes(const char *line, const struct alert *alert)
{
    struct log_line parsed;
    const char *problem = log_line_parse(line, &parsed);

    if (problem)
        fail_msg("%s in <%s>", problem, line);
    assert_string_equal(parsed.word, "DRIFT");
    assert_string_equal(parsed.name, "w");
    assert_true(log_line_stands_for(parsed.sentence, alert->sentence));
    for (unsigned i = 0; i < TAG_COUNT; i++) {
        const char *decoded = log_line_tag(&parsed, tag_name((enum tag)i));

        if (i == TAG_ALERT)
            assert_string_equal(decoded, "ab-1");
        else if (!decoded || !log_line_stands_for(decoded, alert->tags[i]))
            fail_msg("%s does not decode in <%s>", tag_name((enum tag)i), line);
    }
    assert_int_equal(parsed.n_tags, TAG_COUNT);
    log_line_clear(&parsed);
}

/* record_format() is one of the two; both must agree byte for byte. */
static void expect_both_formatters_agree(const struct alert *alert)
{
#ifdef HAVE_EVTLOG
    struct fields fields;
    g_autofree char *plain = NULL, *evtlog = NULL;

    fields_fill(&fields, alert, "ab-1", RECORD_MAX_VALUE);
    plain = record_plain_print(&fields);
    evtlog = record_evtlog_print(&fields);
    fields_clear(&fields);
    assert_string_equal(plain, evtlog);
#else
    (void)alert;
#endif
}

static void hostile_values_decode_back_and_both_formatters_agree(void **state)
{
    GRand *random = g_rand_new_with_seed(260907);
    unsigned n_values = 0;

    (void)state;
    while (n_values < HOSTILE_VALUES) {
        g_autoptr(alert_t) alert = alert_new(WORD_DRIFT, 3, "w", 0);
        g_autofree char *line = NULL;

        alert->sentence = hostile_value(random);
        for (unsigned i = 0; i < TAG_COUNT; i++)
            alert->tags[i] = hostile_value(random);
        n_values += 1 + TAG_COUNT;
        line = record_format(alert, "ab-1");
        assert_true(strlen(line) <= RECORD_MAX_BYTES);
        expect_decodes(line, alert);
        expect_both_formatters_agree(alert);
    }
    g_rand_free(random);
    print_message("%u hostile values came back\n", n_values);
}

/* --- length */

static const struct {
    const char *piece;
    size_t n_pieces;
    size_t max_bytes;
    char quoted;
    const char *clipped, *why;
} clips[] = {
    {"a", 10, 10, '\'', "aaaaaaaaaa", "what fits stays"},
    {"a", 20, 12, '\'', "aaaa...(+16)", "the mark counts"},
    {"\xe2\x82\xac", 10, 15, '\'', "\xe2\x82\xac\xe2\x82\xac...(+24)", "between characters, in raw bytes"},
    {"\n", 10, 20, '\'', "\\x0a\\x0a\\x0a...(+7)", "never inside an escape"},
    {"\\", 20, 14, '\'', "\\\\\\\\\\\\...(+17)", "a doubled backslash is one"},
    {"'", 20, 14, '\'', "'''...(+17)", "room for the quoting to come"},
    {"'", 20, 14, ';', "''''''...(+14)", "which the sentence does not need"},
    {"a", 20, 0, '\'', "...(+20)", "no room: the mark alone"},
};

static void long_values_are_cut_where_a_character_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(clips); i++) {
        GString *raw = g_string_new(NULL);
        g_autofree char *clipped = NULL;

        for (size_t n = 0; n < clips[i].n_pieces; n++)
            g_string_append(raw, clips[i].piece);
        clipped = clip_text(raw->str, clips[i].quoted, clips[i].max_bytes);
        if (strcmp(clipped, clips[i].clipped) != 0)
            fail_msg("%s: <%s>, expected <%s>", clips[i].why, clipped, clips[i].clipped);
        g_string_free(raw, TRUE);
    }
}

static void no_alert_makes_a_line_too_long(void **state)
{
    static const char *const fillings[] = {"a", "'", ";", "\\", "\x1b", "\xff", "\xe2\x82\xac"};

    (void)state;
    for (size_t f = 0; f < G_N_ELEMENTS(fillings); f++) {
        g_autoptr(alert_t) alert = alert_new(WORD_DRIFT, 3, "w", 0);
        g_autoptr(GString) value = g_string_new(NULL);
        g_autofree char *line = NULL;

        for (int i = 0; i < 20000; i++)
            g_string_append(value, fillings[f]);
        alert->sentence = g_strdup(value->str);
        for (unsigned i = 0; i < TAG_COUNT; i++)
            alert_set_tag(alert, (enum tag)i, value->str);
        line = record_format(alert, "ab-1");
        assert_true(strlen(line) <= RECORD_MAX_BYTES);
        expect_decodes(line, alert);
    }
}

static void what_matters_first_stands_in_the_first_2_kib(void **state)
{
    g_autoptr(alert_t) alert = drift("renamed");
    g_autoptr(GString) value = g_string_new(NULL);
    g_autofree char *line = NULL;

    (void)state;
    for (int i = 0; i < 5000; i++)
        g_string_append_c(value, 'x');
    alert_set_tag(alert, TAG_CONFIGURED, value->str);
    alert_set_tag(alert, TAG_WATCH, "w");
    alert_set_tag(alert, TAG_VERDICT, "renamed");
    alert_set_tag(alert, TAG_FIX, value->str);
    line = record_format(alert, "ab-1");
    assert_in_range(strstr(line, "verdict='renamed'") - line, 1, 2048);
    assert_in_range(strstr(line, "alert='ab-1'") - line, 1, 2048);
}

static void a_line_that_the_socket_finds_too_long_says_what_is_missing(void **state)
{
    g_autofree char *whole = clip_line("short", 480);
    g_autofree char *line = g_strnfill(1000, 'a');
    g_autofree char *clipped = clip_line(line, 480);

    (void)state;
    assert_string_equal(whole, "short");
    assert_true(strlen(clipped) <= 480);
    assert_true(log_line_stands_for(clipped, line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_alert_has_its_line),
        cmocka_unit_test(the_tags_stand_in_the_order_of_the_contract),
        cmocka_unit_test(hostile_values_decode_back_and_both_formatters_agree),
        cmocka_unit_test(long_values_are_cut_where_a_character_ends),
        cmocka_unit_test(no_alert_makes_a_line_too_long),
        cmocka_unit_test(what_matters_first_stands_in_the_first_2_kib),
        cmocka_unit_test(a_line_that_the_socket_finds_too_long_says_what_is_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
