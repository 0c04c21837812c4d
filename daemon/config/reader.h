/* Reads a configuration file into a document, by inih, past its traps: the reader under ini_parse_stream().
 *
 * inih 55 as Debian builds it cuts a line silently at 199 bytes and a section name at 49, merges repeated
 * sections, tells its handler neither of an empty section nor of line numbers, reports only the first bad
 * line, takes an indented line for the rest of the value above (dropping it if it begins with ; or #), and
 * takes `key: value` for a setting. So it never sees the file as it stands. Each section is handed to it
 * under its number; each value in chunks that fit into its buffer, the second and later ones indented, as
 * continuations. A chunk stands between two marks, bytes that the grammar forbids in a file: blanks at its
 * ends are not trimmed, and a blank is always parted from a semicolon behind it, so that none begins a
 * comment. */
#ifndef DNDRIFT_CONFIG_READER_H
#define DNDRIFT_CONFIG_READER_H

#include "config/document.h"
#include "config/problems.h"

#include <stddef.h>

#define READER_MAX_FILE_BYTES (256 * 1024 * 1024) /* 100 000 watches take about 20 MiB */

/* The file's sections and settings, as far as they can be read; what cannot be goes to the problems. The
 * caller owns the document. */
struct document *reader_read_file(const char *file, struct problems *problems);
struct document *reader_read_text(const char *text, size_t length, struct problems *problems);
#endif
