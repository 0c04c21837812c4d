/* The daemon put together: every part made in order, wired to the engine, and taken down in reverse. Owned by
 * main.c. */
#ifndef DNDRIFT_SERVICE_H
#define DNDRIFT_SERVICE_H

#include "config/config.h"

enum exit_code { EXIT_OK = 0, EXIT_CONFIGURATION = 1, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

/* Runs until SIGTERM or SIGINT; takes the configuration. The answer is the exit code. */
enum exit_code service_run(struct config *config);
#endif
