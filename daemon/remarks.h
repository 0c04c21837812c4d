/* What the operator is told about the servers themselves: what one cannot do for us, and that its certificate
 * expires soon. Remembers what was told; tells nothing itself. Owned by service.c. */
#ifndef DNDRIFT_REMARKS_H
#define DNDRIFT_REMARKS_H

#include <glib.h>

#include "directory/directory.h"

#define REMARKS_CERTIFICATE_MS (24 * 60 * 60 * 1000)
#define REMARKS_LIMITS_MS      (5 * 60 * 1000)

struct remarks;

/* told: of struct server_notice, as the store kept them. */
struct remarks *remarks_new(GPtrArray *told);
void remarks_free(struct remarks *remarks);

/* Whether the limits of the server are to be told now: once each text, however often it is connected to; a
 * server that always says something else is heard once in REMARKS_LIMITS_MS. Then they count as told. */
bool remarks_note_limits(struct remarks *remarks, const char *directory, const struct server_health *server,
                         int64_t boot_ms);

/* Whether it is to be told now that the certificate expires within warning_ms (0: never): once in
 * REMARKS_CERTIFICATE_MS. Then it counts as told; the caller sees to it that a restart does not forget it. */
bool remarks_note_certificate(struct remarks *remarks, const char *directory,
                              const struct server_health *server, int64_t warning_ms, int64_t wall_ms);
#endif
