/* What must hold for a DN whatever it was read from: written and read again it is the same. */
#ifndef DNDRIFT_TESTS_ROUND_TRIP_H
#define DNDRIFT_TESTS_ROUND_TRIP_H

#include <stddef.h>
#include <stdint.h>

#include "dn/form.h"

/* Reads the bytes as a DN that is in this form, and aborts where a promise of dn/ is broken. */
void round_trip(const uint8_t *bytes, size_t size, enum dn_form form);
#endif
