#include "dn/scanner.h"

#include <string.h>

#include "dn/parse.h"
#include "dn/text.h"

enum { EXCERPT_BYTES = 24 };

void scanner_skip_blanks(struct scanner *scanner)
{
    scanner->at += strspn(scanner->at, " \t\r\n");
}

bool scanner_is_at_boundary(const struct scanner *scanner)
{
    return strchr(",;+", *scanner->at) != NULL; /* also true of the NUL at the end */
}

/* Counted from 1 in characters, as an editor shows it. */
static unsigned position(const struct scanner *scanner)
{
    unsigned count = 1;

    for (const char *p = scanner->text; p < scanner->at; p++)
        if (((unsigned char)*p & 0xC0) != 0x80)
            count++;
    return count;
}

/* A few characters from here on, never cut inside one. */
static char *excerpt(const struct scanner *scanner)
{
    size_t rest = strlen(scanner->at);
    size_t length = 0;

    while (length < MIN(rest, EXCERPT_BYTES)) {
        bool is_clean = false;

        length += text_step(scanner->at + length, rest - length, &is_clean);
    }
    return text_clean(scanner->at, length);
}

bool scanner_fail(const struct scanner *scanner, const char *expected, GError **error)
{
    g_autofree char *found = excerpt(scanner);

    if (*found)
        g_set_error(error, DN_ERROR, DN_ERROR_SYNTAX, "at position %u (`%s`): expected %s", position(scanner),
                    found, expected);
    else
        g_set_error(error, DN_ERROR, DN_ERROR_SYNTAX, "at the end: expected %s", expected);
    return false;
}
