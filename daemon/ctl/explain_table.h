/* Explanations for people: a paragraph each. */
#ifndef DNDRIFT_CTL_EXPLAIN_TABLE_H
#define DNDRIFT_CTL_EXPLAIN_TABLE_H

#include <jansson.h>
#include <stdbool.h>

/* Prints what explanation_new() made on standard output. is_live: the daemon told what stands in it of the
 * watches. */
void explain_table_print(const json_t *explanation, bool is_live);
#endif
