/* A table for people: columns as wide as their widest cell, as a terminal shows it. Cells are clean text, as
 * the daemon tells it; what is not is made so. */
#ifndef DNDRIFT_CTL_TABLE_H
#define DNDRIFT_CTL_TABLE_H

#include <glib.h>

#define TABLE_MAX_COLUMNS 8

struct table;

struct table *table_new(unsigned n_columns);

/* Adds a row of n_columns cells, copied; NULL shows as `-`. */
void table_add(struct table *table, const char *const *cells);

/* Adds a line of its own below the row before it, indented to the second column. */
void table_add_note(struct table *table, const char *note);

/* The whole table; g_free() it. */
char *table_print(const struct table *table);
void table_free(struct table *table);

/* Columns that a terminal needs for it; for tests, too. */
unsigned table_width(const char *clean);

typedef struct table table_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(table_t, table_free)
#endif
