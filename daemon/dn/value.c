#include "dn/value.h"

#include <string.h>

#include "dn/ber_string.h"

/* What may follow a backslash (RFC 4514 section 3), and a question mark, which Samba writes behind one. */
static const char specials[] = " \"#+,;<=>\\?";

/* The octet of two hex digits, or -1. */
static int hex_pair(const char *digits)
{
    int high = g_ascii_xdigit_value(digits[0]);
    int low = high < 0 ? -1 : g_ascii_xdigit_value(digits[1]);

    return low < 0 ? -1 : high * 16 + low;
}

/* Reads what stands behind the backslash at the scanner. */
static bool read_escape(struct scanner *scanner, GString *out, GError **error)
{
    const char *escaped = scanner->at + 1;
    int octet = hex_pair(escaped);

    if (octet >= 0) {
        g_string_append_c(out, (char)octet);
        scanner->at += 3;
        return true;
    }
    if (*escaped == '\0' || !strchr(specials, *escaped))
        return scanner_fail(scanner,
                            "behind the backslash two hex digits or one of space \" # + , ; < = > \\", error);
    g_string_append_c(out, *escaped);
    scanner->at += 2;
    return true;
}

static bool read_string(struct scanner *scanner, GString *out, GError **error)
{
    size_t kept = 0; /* spaces at the end belong to the value only when they are escaped */

    while (!scanner_is_at_boundary(scanner)) {
        char c = *scanner->at;

        if (c == '\\') {
            if (!read_escape(scanner, out, error))
                return false;
            kept = out->len;
            continue;
        }
        if (strchr("\"<>", c))
            return scanner_fail(scanner, "a backslash before this character inside a value", error);
        g_string_append_c(out, c);
        if (c != ' ')
            kept = out->len;
        scanner->at++;
    }
    g_string_truncate(out, kept);
    return true;
}

static bool read_quoted(struct scanner *scanner, GString *out, GError **error)
{
    const struct scanner opening = *scanner;

    scanner->at++;
    while (*scanner->at != '"') {
        if (*scanner->at == '\0')
            return scanner_fail(&opening, "a closing quotation mark behind this one", error);
        if (*scanner->at == '\\') {
            if (!read_escape(scanner, out, error))
                return false;
            continue;
        }
        g_string_append_c(out, *scanner->at++);
    }
    scanner->at++;
    return true;
}

static bool read_hex(struct scanner *scanner, GString *out, GError **error)
{
    int octet = 0;

    scanner->at++;
    while ((octet = hex_pair(scanner->at)) >= 0) {
        g_string_append_c(out, (char)octet);
        scanner->at += 2;
    }
    if (out->len == 0)
        return scanner_fail(
            scanner, "pairs of hex digits behind `#` (a value that begins with # is written \\#)", error);
    return true;
}

static void take_octets(struct dn_ava *ava, GString *octets, bool is_hex)
{
    size_t skip = 0;

    ava->is_ber = is_hex && !ber_string_find(octets->str, octets->len, &skip);
    g_string_erase(octets, 0, (gssize)skip);
    ava->length = octets->len;
    ava->value = g_string_free(octets, FALSE);
}

bool value_read(struct scanner *scanner, struct dn_ava *ava, GError **error)
{
    GString *octets = g_string_new(NULL);
    char first = *scanner->at;
    bool is_read = first == '#'   ? read_hex(scanner, octets, error)
                   : first == '"' ? read_quoted(scanner, octets, error)
                                  : read_string(scanner, octets, error);

    if (is_read) {
        scanner_skip_blanks(scanner);
        is_read = scanner_is_at_boundary(scanner) || scanner_fail(scanner, "a comma or the end", error);
    }
    if (!is_read) {
        g_string_free(octets, TRUE);
        return false;
    }
    take_octets(ava, octets, first == '#');
    return true;
}
