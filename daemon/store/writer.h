/* The thread that writes: takes what the exchange holds, makes one transaction of it, answers queries; prunes
 * the history, and copies the database when there was change. The only user of the database while it runs. */
#ifndef DNDRIFT_STORE_WRITER_H
#define DNDRIFT_STORE_WRITER_H

#include "store/exchange.h"
#include "store/database.h"

struct writer;

/* Takes the database; folder and exchange are borrowed until writer_free(). From the content: what a database
 * that takes this one's place goes on with. */
struct writer *writer_new(struct exchange *exchange, const struct folder *folder, struct database *database,
                          const struct store_content *content);
void writer_start(struct writer *writer);

uint64_t writer_errors_total(const struct writer *writer); /* from any thread */

/* After the thread has left. */
void writer_free(struct writer *writer);

#endif
