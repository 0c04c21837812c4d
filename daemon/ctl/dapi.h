/* The error codes of the DAPI of Exchange 5.5 (Microsoft KB Q261283), as far as they are about names. */
#ifndef DNDRIFT_CTL_DAPI_H
#define DNDRIFT_CTL_DAPI_H

#include <stddef.h>
#include <stdint.h>

#include "ctl/meaning.h"

struct dapi_code {
    uint32_t code;          /* its low 16 bits are the id of the event that tells it, as in KB Q167203 */
    struct meaning meaning; /* its name is the symbol */
};

/* The first that stands in the line: as a number (0xC000011E, c000011e, 3221225758, -1073741538), by its
 * symbol, by the words of the article, or by its event id (`Event 286`, `Event ID: 286`). NULL: none. */
const struct dapi_code *dapi_find(const char *line, size_t length);

/* The code if the whole line is one number. */
const struct dapi_code *dapi_find_alone(const char *line, size_t length);
#endif
