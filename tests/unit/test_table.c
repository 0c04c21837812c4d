#include "ctl/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void columns_are_as_wide_as_their_widest_cell(void **unused)
{
    g_autoptr(table_t) table = table_new(2);
    g_autofree char *text = NULL;

    (void)unused;
    table_add(table, (const char *const[]){"A", "B"});
    table_add(table, (const char *const[]){"long", "x"});
    table_add_note(table, "why");
    table_add(table, (const char *const[]){NULL, ""});
    text = table_print(table);
    assert_string_equal(text, "A     B\nlong  x\n      why\n-     -\n");
}

static void what_a_terminal_would_obey_is_shown_instead(void **unused)
{
    g_autoptr(table_t) table = table_new(1);
    g_autofree char *text = NULL;

    (void)unused;
    table_add(table, (const char *const[]){"\x1b[2J\r\n"});
    table_add_note(table, "\xc2\x9b"
                          "1m");
    table_add(table, (const char *const[]){"\\x1b, from the daemon"});
    text = table_print(table);
    assert_string_equal(text,
                        "\\x1b[2J\\x0d\\x0a\n                       \\xc2\\x9b1m\n\\x1b, from the daemon\n");
}

static void width_is_that_of_a_terminal(void **unused)
{
    static const struct {
        const char *text;
        unsigned width;
        const char *why;
    } cases[] = {
        {"", 0, "empty"},
        {"abc", 3, "ASCII"},
        {"stra\xc3\x9f"
         "e",
         6, "two bytes, one column"},
        {"\xe6\x9d\xb1\xe4\xba\xac", 4, "East Asian characters take two columns"},
        {"e\xcc\x81", 1, "a combining accent takes none"},
    };

    (void)unused;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (table_width(cases[i].text) != cases[i].width)
            fail_msg("%s", cases[i].why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
        cmocka_unit_test(what_a_terminal_would_obey_is_shown_instead),
        cmocka_unit_test(width_is_that_of_a_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
