#include "ctl/intake.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (256 * 1024)
#define MIB   (1024 * 1024)

void intake_init(struct intake *intake, intake_line on_line, void *user)
{
    *intake = (struct intake){.on_line = on_line, .user = user, .line = g_string_new(NULL)};
}

void intake_clear(struct intake *intake)
{
    g_string_free(intake->line, TRUE);
}

/* Without NUL bytes. */
static void append(GString *line, const char *bytes, size_t length)
{
    while (length > 0) {
        const char *nul = memchr(bytes, '\0', length);
        size_t step = nul ? (size_t)(nul - bytes) : length;

        g_string_append_len(line, bytes, (gssize)step);
        bytes += step + (nul != NULL);
        length -= step + (nul != NULL);
    }
}

static void drop_byte_order_mark(GString *line)
{
    static const char *const marks[] = {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"};

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (g_str_has_prefix(line->str, marks[i])) {
            g_string_erase(line, 0, (gssize)strlen(marks[i]));
            return;
        }
}

static void end_line(struct intake *intake)
{
    GString *line = intake->line;

    if (intake->n_lines++ == 0)
        drop_byte_order_mark(line);
    if (line->len > 0 && line->str[line->len - 1] == '\r')
        g_string_truncate(line, line->len - 1);
    intake->n_cut += line->len > INTAKE_MAX_LINE;
    intake->on_line(line->str, MIN(line->len, INTAKE_MAX_LINE), intake->user);
    g_string_truncate(line, 0);
}

void intake_add(struct intake *intake, const char *bytes, size_t length)
{
    intake->n_bytes += length;
    while (length > 0) {
        const char *end = memchr(bytes, '\n', length);
        size_t step = end ? (size_t)(end - bytes) : length;

        if (intake->line->len <= INTAKE_MAX_LINE)
            append(intake->line, bytes, step);
        if (end)
            end_line(intake);
        bytes += step + (end != NULL);
        length -= step + (end != NULL);
    }
}

void intake_finish(struct intake *intake)
{
    if (intake->line->len > 0)
        end_line(intake);
}

static void tell_progress(const struct intake *intake, gint64 *told_us)
{
    gint64 now_us = g_get_monotonic_time();

    if (now_us - *told_us < INTAKE_PROGRESS_S * G_USEC_PER_SEC)
        return;
    *told_us = now_us;
    fprintf(stderr, "\rdndriftctl: %" G_GUINT64_FORMAT " MiB read", intake->n_bytes / MIB);
}

bool intake_read(struct intake *intake, FILE *file, GError **error)
{
    g_autofree char *chunk = g_malloc(CHUNK);
    gint64 begun_us = g_get_monotonic_time(), told_us = begun_us;
    bool is_watched = isatty(STDERR_FILENO);
    size_t length;

    while ((length = fread(chunk, 1, CHUNK, file)) > 0) {
        intake_add(intake, chunk, length);
        if (is_watched)
            tell_progress(intake, &told_us);
    }
    if (told_us != begun_us)
        fputs("\n", stderr);
    intake_finish(intake);
    if (!ferror(file))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "the text cannot be read to its end: %s",
                g_strerror(errno));
    return false;
}
