#include "config/reader.h"

#include "config/content.h"
#include "config/line.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

#define MARK '\001'

static const char byte_order_mark[] = "\xef\xbb\xbf";

struct reader {
    const char *at, *end; /* what is still to be read */
    int line;             /* of the line last taken, from 1 */
    struct problems *problems;
    struct document *document;
    char *value,
        *rest;        /* of the setting being handed over; rest: what inih has not had yet, NULL when done */
    GString *arrived; /* ... and what came back from inih */
};

static bool reader_take_line(struct reader *reader, const char **ret_bytes, size_t *ret_length)
{
    if (reader->at >= reader->end)
        return false;
    const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    const char *line_end = newline ? newline : reader->end;

    *ret_bytes = reader->at;
    *ret_length = (size_t)(line_end - reader->at);
    if (*ret_length > 0 && line_end[-1] == '\r')
        (*ret_length)--;
    reader->at = newline ? newline + 1 : reader->end;
    reader->line++;
    return true;
}

/* How much of the rest goes into one chunk: never a blank together with a semicolon behind it. */
static size_t chunk_length(const char *rest, size_t most)
{
    size_t length = 0;

    while (rest[length] && length < most) {
        if (length > 0 && rest[length] == ';' && strchr(" \t", rest[length - 1]))
            break;
        length++;
    }
    return length;
}

static void reader_hand_chunk(struct reader *reader, const char *prefix, char *buffer, size_t size)
{
    size_t overhead = strlen(prefix) + 2 + 1; /* two marks, and the NUL at the end */
    size_t length = chunk_length(reader->rest, size - overhead);

    snprintf(buffer, size, "%s%c%.*s%c", prefix, MARK, (int)length, reader->rest, MARK);
    reader->rest += length;
    if (*reader->rest == '\0')
        reader->rest = NULL;
}

static void reader_begin_section(struct reader *reader, const struct line *line, char *buffer, size_t size)
{
    document_add_section(reader->document, line->word, line->value, reader->line);
    snprintf(buffer, size, "[%u]", reader->document->sections->len);
}

static void reader_begin_entry(struct reader *reader, struct line *line, char *buffer, size_t size)
{
    struct entry *entry = document_add_entry(reader->document, line->word, reader->line);
    g_autofree char *prefix = g_strconcat(line->word, "=", NULL);

    entry->is_indented = line->is_indented;
    g_free(reader->value);
    reader->value = reader->rest = g_steal_pointer(&line->value);
    g_string_truncate(reader->arrived, 0);
    reader_hand_chunk(reader, prefix, buffer, size);
}

/* false: nothing for inih in this line. */
static bool reader_hand_line(struct reader *reader, struct line *line, char *buffer, size_t size)
{
    if (line->kind == LINE_SECTION) {
        reader_begin_section(reader, line, buffer, size);
        return true;
    }
    if (line->kind != LINE_PAIR)
        return false;
    if (!document_last_section(reader->document)) {
        problems_add(reader->problems, reader->line,
                     "`%s` stands before the first section, expected a line such as [daemon] above it",
                     line->word);
        return false;
    }
    reader_begin_entry(reader, line, buffer, size);
    return true;
}

/* A line that cannot be read. A bad section line, which has no word, still ends the section above it. */
static bool reader_report(struct reader *reader, const struct line *line, const GError *error, char *buffer,
                          size_t size)
{
    problems_add(reader->problems, reader->line, "%s", error->message);
    if (line->kind == LINE_SECTION)
        reader_begin_section(reader, line, buffer, size);
    return line->kind == LINE_SECTION;
}

/* The ini_reader of inih, like fgets(): the next line for it. */
static char *on_line_wanted(char *buffer, int size, void *stream)
{
    struct reader *reader = stream;
    const char *bytes = NULL;
    size_t length = 0;
    bool is_handed = false;

    if (reader->rest) {
        reader_hand_chunk(reader, " ", buffer, (size_t)size);
        return buffer;
    }
    while (!is_handed && reader_take_line(reader, &bytes, &length)) {
        g_autoptr(GError) error = NULL;
        struct line line;

        if (line_parse(bytes, length, &line, &error))
            is_handed = reader_hand_line(reader, &line, buffer, (size_t)size);
        else
            is_handed = reader_report(reader, &line, error, buffer, (size_t)size);
        line_clear(&line);
    }
    return is_handed ? buffer : NULL;
}

/* The ini_handler of inih: a chunk comes back. 0 if it is not what was handed over. */
static int on_chunk(void *user, const char *section_number, const char *key, const char *chunk)
{
    struct reader *reader = user;
    struct section *section = document_last_section(reader->document);
    struct entry *entry = section ? section_last_entry(section) : NULL;
    size_t length = strlen(chunk);

    if (!entry || !g_str_equal(entry->key, key) || length < 2 || chunk[0] != MARK ||
        chunk[length - 1] != MARK ||
        g_ascii_strtoull(section_number, NULL, 10) != reader->document->sections->len)
        return 0;
    g_string_append_len(reader->arrived, chunk + 1, (gssize)(length - 2));
    if (!reader->rest) {
        document_set_value(reader->document, entry, reader->arrived->str, reader->arrived->len);
        if (!g_str_equal(entry->value, reader->value))
            return 0;
    }
    return 1;
}

struct document *reader_read_text(const char *text, size_t length, struct problems *problems)
{
    size_t n_mark = strlen(byte_order_mark);
    bool is_marked = length >= n_mark && memcmp(text, byte_order_mark, n_mark) == 0;
    struct reader reader = {
        .at = is_marked ? text + n_mark : text,
        .end = text + length,
        .problems = problems,
        .document = document_new(),
        .arrived = g_string_new(NULL),
    };

    if (ini_parse_stream(on_line_wanted, &reader, on_chunk, &reader) != 0) {
        problems_add(problems, 0,
                     "cannot be read: this libinih does not hand values back as it got them, "
                     "expected inih 53 or later with multi-line values");
        g_ptr_array_set_size(reader.document->sections, 0);
    }
    g_free(reader.value);
    g_string_free(reader.arrived, TRUE);
    return reader.document;
}

struct document *reader_read_file(const char *file, struct problems *problems)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = content_read(file, READER_MAX_FILE_BYTES, &error);
    gsize length = 0;

    if (!content) {
        problems_add(problems, 0, "%s", error->message);
        return document_new();
    }
    const char *text = g_bytes_get_data(content, &length);

    return reader_read_text(text ? text : "", length, problems);
}
