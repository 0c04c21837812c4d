#include "ctl/table.h"

#include <stdbool.h>
#include <string.h>

#include "dn/text.h"

#define GAP 2

struct row {
    bool is_note;
    char *cells[TABLE_MAX_COLUMNS];
};

struct table {
    unsigned n_columns;
    unsigned widths[TABLE_MAX_COLUMNS];
    GPtrArray *rows;
};

static void row_free(void *user)
{
    struct row *row = user;

    for (unsigned i = 0; i < TABLE_MAX_COLUMNS; i++)
        g_free(row->cells[i]);
    g_free(row);
}

struct table *table_new(unsigned n_columns)
{
    struct table *table = g_new0(struct table, 1);

    g_assert(n_columns > 0 && n_columns <= TABLE_MAX_COLUMNS);
    table->n_columns = n_columns;
    table->rows = g_ptr_array_new_with_free_func(row_free);
    return table;
}

unsigned table_width(const char *clean)
{
    unsigned width = 0;

    for (; *clean; clean = g_utf8_next_char(clean)) {
        gunichar c = g_utf8_get_char(clean);

        width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

static char *clean_dup(const char *text)
{
    size_t length = strlen(text);

    return text_is_clean(text, length) ? g_strdup(text) : text_clean(text, length);
}

void table_add(struct table *table, const char *const *cells)
{
    struct row *row = g_new0(struct row, 1);

    for (unsigned i = 0; i < table->n_columns; i++) {
        row->cells[i] = clean_dup(cells[i] && *cells[i] ? cells[i] : "-");
        table->widths[i] = MAX(table->widths[i], table_width(row->cells[i]));
    }
    g_ptr_array_add(table->rows, row);
}

void table_add_note(struct table *table, const char *note)
{
    struct row *row = g_new0(struct row, 1);

    row->is_note = true;
    row->cells[0] = clean_dup(note);
    g_ptr_array_add(table->rows, row);
}

static void append_blanks(GString *text, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        g_string_append_c(text, ' ');
}

static void append_row(GString *text, const struct table *table, const struct row *row)
{
    for (unsigned i = 0; i < table->n_columns; i++) {
        g_string_append(text, row->cells[i]);
        if (i + 1 < table->n_columns)
            append_blanks(text, table->widths[i] - table_width(row->cells[i]) + GAP);
    }
}

char *table_print(const struct table *table)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < table->rows->len; i++) {
        const struct row *row = g_ptr_array_index(table->rows, i);

        if (row->is_note) {
            append_blanks(text, table->widths[0] + GAP);
            g_string_append(text, row->cells[0]);
        } else {
            append_row(text, table, row);
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

void table_free(struct table *table)
{
    if (!table)
        return;
    g_ptr_array_unref(table->rows);
    g_free(table);
}
