#include "config/document.h"
#include "config/line.h"
#include "config/problems.h"
#include "config/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { GENERATED = 1000, SEED = 20261123 };

static struct document *read_text(const char *text, size_t length, char **ret_told)
{
    g_autoptr(problems_t) problems = problems_new("C");
    struct document *document = reader_read_text(text, length, problems);
    g_autoptr(GPtrArray) told = problems_tell(problems);

    g_ptr_array_add(told, NULL);
    *ret_told = g_strjoinv("\n", (char **)told->pdata);
    return document;
}

/* "[word name]@line key<value>@line ..." */
static char *describe(const struct document *document)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < document->sections->len; i++) {
        const struct section *section = g_ptr_array_index(document->sections, i);

        g_string_append_printf(text, "[%s %s]@%d ", section->word, section->name ? section->name : "-",
                               section->line);
        for (unsigned j = 0; j < section_n(section); j++) {
            const struct entry *entry = section_at(section, j);

            g_string_append_printf(text, "%s<%s>@%d ", entry->key, entry->value, entry->line);
        }
    }
    return g_string_free(text, FALSE);
}

static const struct {
    const char *text, *expected, *why;
} good[] = {
    {"", "", "an empty file holds nothing"},
    {"[a]\nk=v\n", "[a -]@1 k<v>@2 ", "the plainest file"},
    {"[a]\nk=v", "[a -]@1 k<v>@2 ", "no newline at the end"},
    {"\xef\xbb\xbf[a]\nk=v\n", "[a -]@1 k<v>@2 ", "a byte order mark"},
    {"[a]\r\nk = v\r\n", "[a -]@1 k<v>@2 ", "line ends of Windows"},
    {"\n\n# c\n; d\n\t# e\n[a]\n", "[a -]@6 ", "empty lines and comments count as lines"},
    {"[a]\n# caf\xe9\n", "[a -]@1 ", "a comment may hold any bytes"},
    {" [ a   b c ] ; x\n", "[a b c]@1 ", "blanks round a section, and a comment behind it"},
    {"[a]\n[a]\nk=v\n", "[a -]@1 [a -]@2 k<v>@3 ", "a repeated section is not merged, an empty one not lost"},
    {"[a xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]\n",
     "[a xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]@1 ",
     "a section name is not cut at 49 bytes"},
    {"[a]\n  k = v\n  l = w\n", "[a -]@1 k<v>@2 l<w>@3 ", "an indented setting is no continuation"},
    {"[a]\nk = v ; c\n", "[a -]@1 k<v>@2 ", "a blank and a semicolon end a value"},
    {"[a]\nk = v;c\n", "[a -]@1 k<v;c>@2 ", "a semicolon alone does not"},
    {"[a]\nk = v\t;c\n", "[a -]@1 k<v>@2 ", "a tab is a blank"},
    {"[a]\nk = v \\; c\n", "[a -]@1 k<v ; c>@2 ", "an escaped semicolon"},
    {"[a]\nk = v \\\\; c\n", "[a -]@1 k<v \\; c>@2 ", "an escaped backslash and semicolon"},
    {"[a]\nk = v\\; c\n", "[a -]@1 k<v\\; c>@2 ", "without a blank there is nothing to escape"},
    {"[a]\nk = v \\x\n", "[a -]@1 k<v \\x>@2 ", "a backslash escapes nothing but a semicolon"},
    {"[a]\nk = \\;x\nl=;x\n", "[a -]@1 k<;x>@2 l<>@3 ", "at the beginning of a value the same holds"},
    {"[a]\nk = v # x\n", "[a -]@1 k<v # x>@2 ", "# is a comment at the start of a line only"},
    {"[a]\nk = a = b : c [d]\n", "[a -]@1 k<a = b : c [d]>@2 ", "only the first = counts"},
    {"[a]\nk =\n", "[a -]@1 k<>@2 ", "no value is an empty one"},
    {"[a]\nk=v\nk=w\n", "[a -]@1 k<v>@2 k<w>@3 ", "a repeated key is no continuation"},
};

static void files_are_read_as_the_grammar_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *told = NULL;
        g_autoptr(document_t) document = read_text(good[i].text, strlen(good[i].text), &told);
        g_autofree char *found = describe(document);

        if (strcmp(found, good[i].expected) != 0 || *told)
            fail_msg("%s: %s (%s)", good[i].why, found, told);
    }
}

/* Values are made of what could go wrong: separators, comments, escapes, blanks, letters of several bytes. */
static char *generate_value(GRand *random, size_t bytes)
{
    static const char *const parts[] = {";",    "#",  "=",  "[",    "]",      "\\",         " ",
                                        "\t",   ":",  "\"", "'",    ",",      "+",          "a",
                                        "Z",    "0",  "é",  "ß",    "\u2003", "\U0001f600", " ;",
                                        " \\;", " #", "  ", "\\\\", "k=v",    "[watch x]",  "\xef\xbb\xbf"};
    GString *value = g_string_new(NULL);

    while (value->len < bytes) {
        const char *part = parts[g_rand_int_range(random, 0, G_N_ELEMENTS(parts))];

        if (value->len + strlen(part) <= LINE_MAX_VALUE_BYTES)
            g_string_append(value, part);
        else
            break;
    }
    return g_strstrip(g_string_free(value, FALSE));
}

static void a_thousand_generated_values_come_back_as_they_were(void **state)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) text = g_string_new("[a]\n");
    g_autofree char *told = NULL;
    size_t longest = 0;

    (void)state;
    for (int i = 0; i < GENERATED; i++) {
        size_t bytes = i % 4 ? (size_t)g_rand_int_range(random, 0, 500)
                             : (size_t)g_rand_int_range(random, 500, LINE_MAX_VALUE_BYTES + 1);
        char *value = generate_value(random, i == 0 ? LINE_MAX_VALUE_BYTES : bytes);
        g_autofree char *escaped = line_escape_value(value);

        g_ptr_array_add(values, value);
        g_string_append_printf(text, "%skey%d =%s%s\n", i % 3 ? "" : "  ", i, i % 5 ? " " : "", escaped);
        longest = MAX(longest, strlen(value));
    }
    g_autoptr(document_t) document = read_text(text->str, text->len, &told);

    assert_string_equal(told, "");
    assert_int_equal(section_n(document_last_section(document)), GENERATED);
    for (unsigned i = 0; i < GENERATED; i++)
        assert_string_equal(section_at(document_last_section(document), i)->value,
                            g_ptr_array_index(values, i));
    printf("%d values round-tripped, the longest of %zu bytes\n", GENERATED, longest);
}

/* Blanks alone give no place where a chunk could be split but between blanks. */
static void runs_of_one_byte_of_every_length_round_a_chunk_come_back(void **state)
{
    static const char bytes[] = " \t;#\\=[]\"";

    (void)state;
    for (size_t b = 0; bytes[b]; b++) {
        for (size_t n = 150; n <= 450; n++) {
            g_autofree char *run = g_strnfill(n, bytes[b]);
            g_autofree char *value = g_strdup_printf("a%s;b", run);
            g_autofree char *escaped = line_escape_value(value);
            g_autofree char *text = g_strdup_printf("[a]\nk=%s\n", escaped);
            g_autofree char *told = NULL;
            g_autoptr(document_t) document = read_text(text, strlen(text), &told);

            assert_string_equal(told, "");
            assert_string_equal(section_at(document_last_section(document), 0)->value, value);
        }
    }
}

static void a_value_of_8_kib_is_taken_and_one_byte_more_is_told(void **state)
{
    g_autofree char *value = g_strnfill(LINE_MAX_VALUE_BYTES, 'v');
    g_autofree char *text = g_strdup_printf("[a]\nk=%s\nl=%sx\n", value, value);
    g_autofree char *told = NULL;
    g_autoptr(document_t) document = read_text(text, strlen(text), &told);

    (void)state;
    assert_string_equal(told, "C:3: `l` has a value of 8193 bytes, expected at most 8192");
    assert_int_equal(section_n(document_last_section(document)), 1);
    assert_string_equal(section_at(document_last_section(document), 0)->value, value);
}

/* Arbitrary bytes: no crash, no value that the grammar would not give. */
static void random_bytes_are_read_or_told(void **state)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    static const char likely[] = "[]=;#\\ \n\n\nab\t\r\001\xff";

    (void)state;
    for (int round = 0; round < 3000; round++) {
        char bytes[300];
        g_autofree char *told = NULL;

        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = round % 3 ? likely[g_rand_int_range(random, 0, sizeof likely)]
                                 : (char)g_rand_int_range(random, 0, 256);
        g_autoptr(document_t) document = read_text(bytes, sizeof bytes, &told);

        assert_true(g_utf8_validate(told, -1, NULL));
        if (strstr(told, "libinih"))
            fail_msg("round %d: %s\n%.*s", round, told, (int)sizeof bytes, bytes);
        for (guint i = 0; i < document->sections->len; i++) {
            const struct section *section = g_ptr_array_index(document->sections, i);

            for (unsigned j = 0; j < section_n(section); j++)
                assert_non_null(section_at(section, j)->value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_as_the_grammar_says),
        cmocka_unit_test(a_thousand_generated_values_come_back_as_they_were),
        cmocka_unit_test(runs_of_one_byte_of_every_length_round_a_chunk_come_back),
        cmocka_unit_test(a_value_of_8_kib_is_taken_and_one_byte_more_is_told),
        cmocka_unit_test(random_bytes_are_read_or_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
