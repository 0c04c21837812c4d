/* text_escape() and its kin: nothing a terminal, a log or a page would act on gets through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "dn/text.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct {
    const char *bytes;
    size_t length;
    const char *also, *escaped, *cleaned, *why;
} cases[] = {
    {BYTES(""), NULL, "", "", "nothing"},
    {BYTES("plain = text"), NULL, "plain = text", "plain = text", "plain text stays"},
    {BYTES("M\xC3\xBCller \xE2\x82\xAC \xF0\x9F\x98\x80"), NULL,
     "M\xC3\xBCller \xE2\x82\xAC \xF0\x9F\x98\x80", "M\xC3\xBCller \xE2\x82\xAC \xF0\x9F\x98\x80",
     "UTF-8 of every length stays"},
    {BYTES("\\x1b\x1b"), NULL, "\\\\x1b\\x1b", "\\x5cx1b\\x1b", "what reads as an escape is told from one"},
    {BYTES("\\\\x1B\\x5c"), NULL, "\\\\\\\\x1B\\\\x5c", "\\\\x5cx1B\\x5cx5c", "however it is written"},
    {BYTES("\\x\\x4\\xg0\\X41"), NULL, "\\\\x\\\\x4\\\\xg0\\\\X41", "\\x\\x4\\xg0\\X41",
     "what is nearly one is none"},
    {BYTES("\\\n"), NULL, "\\\\\\x0a", "\\\\x0a", "a backslash before an escape"},
    {BYTES("a\\b"), NULL, "a\\\\b", "a\\b", "a backslash is doubled, but not for other encoders"},
    {BYTES("it's; so"), "';", "it\\'s\\; so", "it's; so", "what the sink asked for"},
    {BYTES("a\0b"), "';", "a\\x00b", "a\\x00b", "NUL"},
    {BYTES("\x1b[2J\n\r\t"), NULL, "\\x1b[2J\\x0a\\x0d\\x09", "\\x1b[2J\\x0a\\x0d\\x09", "C0"},
    {BYTES("\x7F"), NULL, "\\x7f", "\\x7f", "DEL"},
    {BYTES("\xC2\x9B"
           "31m"),
     NULL, "\\xc2\\x9b31m", "\\xc2\\x9b31m", "C1 in UTF-8: CSI"},
    {BYTES("\xC2\x9F"), NULL, "\\xc2\\x9f", "\\xc2\\x9f", "the last one of C1"},
    {BYTES("\xC2\xA0"), NULL, "\xC2\xA0", "\xC2\xA0", "the first one above C1"},
    {BYTES("\x9B"), NULL, "\\x9b", "\\x9b", "a bare C1 byte"},
    {BYTES("\xE2\x80\xA8\xE2\x80\xA9"), NULL, "\\xe2\\x80\\xa8\\xe2\\x80\\xa9",
     "\\xe2\\x80\\xa8\\xe2\\x80\\xa9", "line and paragraph separator"},
    {BYTES("\xE2\x80\xAE"), NULL, "\\xe2\\x80\\xae", "\\xe2\\x80\\xae", "right-to-left override"},
    {BYTES("\xE2\x81\xA6"), NULL, "\\xe2\\x81\\xa6", "\\xe2\\x81\\xa6", "isolate"},
    {BYTES("\xD8\x9C\xE2\x80\x8F"), NULL, "\\xd8\\x9c\\xe2\\x80\\x8f", "\\xd8\\x9c\\xe2\\x80\\x8f",
     "bidi marks"},
    {BYTES("\xFF\xC3"), NULL, "\\xff\\xc3", "\\xff\\xc3", "no UTF-8, and a cut-off character"},
    {BYTES("\xC3\\"), NULL, "\\xc3\\\\", "\\xc3\\", "a lead byte does not swallow the backslash behind it"},
    {BYTES("\xC0\xAF\xED\xA0\x80"), NULL, "\\xc0\\xaf\\xed\\xa0\\x80", "\\xc0\\xaf\\xed\\xa0\\x80",
     "overlong form and surrogate"},
    {BYTES("\xF4\x90\x80\x80"), NULL, "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80", "beyond Unicode"},
};

/* Whether escaping it does nothing to it but to its backslashes. */
static bool is_whole(const char *bytes, size_t length)
{
    g_autofree char *escaped = text_escape(bytes, length, NULL);

    for (const char *at = escaped; (at = strchr(at, '\\')); at += 2)
        if (at[1] == 'x')
            return false;
    return true;
}

static void each_text_comes_out_safe(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *escaped = text_escape(cases[i].bytes, cases[i].length, cases[i].also);
        g_autofree char *cleaned = text_clean(cases[i].bytes, cases[i].length);

        if (strcmp(escaped, cases[i].escaped) != 0 || strcmp(cleaned, cases[i].cleaned) != 0)
            fail_msg("%s: escaped <%s>, cleaned <%s>", cases[i].why, escaped, cleaned);
        assert_true(text_is_clean(cleaned, strlen(cleaned)));
        assert_int_equal(text_is_clean(cases[i].bytes, cases[i].length),
                         is_whole(cases[i].bytes, cases[i].length));
    }
}

static void what_was_escaped_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *escaped = text_escape(cases[i].bytes, cases[i].length, NULL);
        g_autofree char *back = text_unescape(escaped);

        if (memchr(cases[i].bytes, '\0', cases[i].length))
            assert_null(back);
        else
            assert_string_equal(back, cases[i].bytes);
    }
}

static void what_was_cleaned_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *cleaned = text_clean(cases[i].bytes, cases[i].length);
        g_autofree char *back = text_unclean(cleaned);

        if (memchr(cases[i].bytes, '\0', cases[i].length))
            assert_string_equal(back, cleaned);
        else
            assert_string_equal(back, cases[i].bytes);
    }
    assert_null(text_unclean(NULL));
}

static void what_nobody_escaped_is_told_from_it(void **state)
{
    static const char *const texts[] = {"\\",    "a\\", "\\x",   "\\x0", "\\x0g",
                                        "\\xg0", "\\;", "\\x00", "\\X0a"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_null(text_unescape(texts[i]));
}

static void every_sequence_of_three_bytes_comes_out_as_clean_utf_8(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 1u << 24; n += 7) {
        char bytes[] = {(char)(n >> 16), (char)(n >> 8), (char)n};
        g_autofree char *escaped = text_escape(bytes, sizeof bytes, "'");

        if (!text_is_clean(escaped, strlen(escaped)) || !g_utf8_validate(escaped, -1, NULL))
            fail_msg("%06x", n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_comes_out_safe),
        cmocka_unit_test(what_was_escaped_comes_back),
        cmocka_unit_test(what_was_cleaned_comes_back),
        cmocka_unit_test(what_nobody_escaped_is_told_from_it),
        cmocka_unit_test(every_sequence_of_three_bytes_comes_out_as_clean_utf_8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
