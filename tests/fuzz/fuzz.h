/* What libFuzzer calls with one input after the other. */
#ifndef DNDRIFT_TESTS_FUZZ_H
#define DNDRIFT_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
#endif
