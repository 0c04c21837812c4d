/* What must hold for the values that stand in a file, whatever else does. */
#ifndef DNDRIFT_TESTS_VALUES_H
#define DNDRIFT_TESTS_VALUES_H

#include "source/source.h"

/* Checks what a reader of source/ found: bases that are DNs, or a refusal that can be shown. Takes both. */
void values_check(GPtrArray *values, enum source_kind kind, GError *error);
#endif
