/* The DN code under input nobody means well with: pseudo-random bytes from a fixed seed, and the worst cases
 * of each rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "dn/ber_string.h"
#include "dn/diff.h"
#include "dn/dn.h"
#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "dn/text.h"

/* Pieces that a parser has rules about, so that random text gets past its first byte. */
static const char *const pieces[] = {
    "cn=", "OU=",      "2.5.4.3=", "OID.2.5.4.3=", "=",        ",",        ";",    "+",        " ",
    "\\",  "\\2C",     "\\,",      "\\00",         "\\0a",     "\"",       "#",    "#0402",    "6f",
    "a",   "B",        "\n",       "\xC3\xBC",     "\xC3\x9F", "\xCC\x88", "\xFF", "\xC2\x9B", "<",
    "/",   "\xE2\x80", "\\c3",     "\\9F",         "x-y=",
};

static char *random_text(GRand *random)
{
    GString *text = g_string_new(g_rand_boolean(random) ? "cn=" : "");
    int n_pieces = g_rand_int_range(random, 0, 24);

    for (int i = 0; i < n_pieces; i++) {
        if (g_rand_int_range(random, 0, 8) == 0)
            g_string_append_c(text, (char)g_rand_int_range(random, 1, 256));
        else
            g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
    }
    return g_string_free(text, FALSE);
}

static void assert_round_trip(const char *text, const struct dn *dn)
{
    g_autofree char *printed = dn_print(dn);
    g_autoptr(dn_t) again = dn_parse(printed, NULL, NULL);
    g_autofree char *printed_again = again ? dn_print(again) : NULL;
    g_autofree char *key = dn_key(dn);
    g_autofree char *key_again = again ? dn_key(again) : NULL;
    struct dn_diff diff = {0};
    g_autofree char *clause = NULL;

    if (!again || strcmp(printed, printed_again) != 0 || strcmp(key, key_again) != 0 || !dn_equal(dn, again))
        fail_msg("<%s> printed <%s> and then <%s>", text, printed, printed_again);
    dn_diff(dn, text, again, printed, &diff);
    clause = dn_diff_explain(&diff);
    if (diff.difference > DN_SPELLED_ESCAPE || !text_is_clean(printed, strlen(printed)) ||
        !text_is_clean(clause, strlen(clause)))
        fail_msg("<%s> printed <%s>: %s", text, printed, clause);
    dn_diff_clear(&diff);
}

static void random_text_is_refused_in_clean_words_or_survives_its_print(void **state)
{
    GRand *random = g_rand_new_with_seed(260907);
    unsigned n_parsed = 0;

    (void)state;
    for (unsigned i = 0; i < 100000; i++) {
        g_autofree char *text = random_text(random);
        g_autoptr(GError) error = NULL;
        g_autoptr(dn_t) dn = dn_parse(text, NULL, &error);
        g_autofree char *shown = dn_show(text);

        assert_true(text_is_clean(shown, strlen(shown)));
        if (!dn) {
            assert_true(text_is_clean(error->message, strlen(error->message)));
            continue;
        }
        n_parsed++;
        assert_round_trip(text, dn);
    }
    g_rand_free(random);
    assert_in_range(n_parsed, 10000, 90000); /* else the pieces test one side only */
}

static void random_pairs_are_equal_exactly_when_their_keys_are(void **state)
{
    GRand *random = g_rand_new_with_seed(4514);
    unsigned n_equal = 0;

    (void)state;
    for (unsigned i = 0; i < 50000; i++) {
        g_autofree char *text_a = random_text(random);
        g_autofree char *text_b =
            g_utf8_validate(text_a, -1, NULL) ? g_utf8_strup(text_a, -1) : random_text(random);
        g_autoptr(dn_t) a = dn_parse(text_a, NULL, NULL);
        g_autoptr(dn_t) b = dn_parse(text_b, NULL, NULL);
        g_autofree char *key_a = a ? dn_key(a) : NULL;
        g_autofree char *key_b = b ? dn_key(b) : NULL;

        if (!a || !b)
            continue;
        n_equal += dn_equal(a, b);
        if (dn_equal(a, b) != (strcmp(key_a, key_b) == 0))
            fail_msg("<%s> and <%s>: keys <%s> and <%s>", text_a, text_b, key_a, key_b);
    }
    g_rand_free(random);
    assert_in_range(n_equal, 1000, 50000);
}

/* Every beginning of a rich DN: whatever is cut off in the middle of an escape, a quote, a hex pair. */
static void every_cut_is_refused_or_survives_its_print(void **state)
{
    static const char rich[] = "cn=\"a\\2C\\\" \"+sn=#0402C3BC;2.5.4.3=\\C3\\9F\\,\\ ,OID.1.2=\xC3\xBC,o=x";

    (void)state;
    for (size_t length = 0; length < sizeof rich; length++) {
        g_autofree char *text = g_strndup(rich, length);
        g_autoptr(dn_t) dn = dn_parse(text, NULL, NULL);

        if (dn)
            assert_round_trip(text, dn);
    }
}

/* In memory of their own size, so that the sanitizer sees a step too far. */
static void random_ber_is_never_read_beyond_its_end(void **state)
{
    GRand *random = g_rand_new_with_seed(8825);

    (void)state;
    for (unsigned i = 0; i < 100000; i++) {
        size_t length = (size_t)g_rand_int_range(random, 0, 12);
        char *octets = g_malloc(length);
        size_t skip = 0;

        for (size_t at = 0; at < length; at++)
            octets[at] = (char)g_rand_int_range(random, 0, 256);
        if (length)
            octets[0] = 0x04;
        if (ber_string_find(octets, length, &skip))
            assert_in_range(skip, 2, length);
        g_free(octets);
    }
    g_rand_free(random);
}

/* A value of DN_MAX_BYTES made of `piece` alone. */
static char *fill(const char *piece)
{
    GString *text = g_string_new("cn=");

    while (text->len + strlen(piece) <= DN_MAX_BYTES)
        g_string_append(text, piece);
    return g_string_free(text, FALSE);
}

static void the_longest_value_of_the_worst_characters_is_compared_at_once(void **state)
{
    static const char *const worst[] = {
        "\xEF\xB7\xBA",             /* one character that NFKC makes 18 of */
        "\xCC\x88\xCC\xA7",         /* marks in the wrong order */
        "\xCD\x85\xCC\x80\xCC\xA8", /* and one that folds to a letter */
        " \xCC\x88",
        "\\00",
        "\xC3\x9F",
        "\xFF",
        "  ",
        "\xE2\x80\x8B",
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(worst); i++) {
        g_autofree char *text = fill(worst[i]);
        g_autoptr(dn_t) dn = dn_parse(text, NULL, NULL);
        gint64 start_us = g_get_monotonic_time();
        g_autofree char *key = dn_key(dn);
        gint64 spent_us = g_get_monotonic_time() - start_us;

        print_message("%zu: %zu bytes of key in %" G_GINT64_FORMAT " us\n", i, strlen(key), spent_us);
        assert_in_range(strlen(key), 3, 64 * DN_MAX_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_text_is_refused_in_clean_words_or_survives_its_print),
        cmocka_unit_test(random_pairs_are_equal_exactly_when_their_keys_are),
        cmocka_unit_test(every_cut_is_refused_or_survives_its_print),
        cmocka_unit_test(random_ber_is_never_read_beyond_its_end),
        cmocka_unit_test(the_longest_value_of_the_worst_characters_is_compared_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
