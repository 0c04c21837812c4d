/* The verb `obtain`: the DN of a container, found by its name or by what it holds. Asks a directory, not the
 * daemon. */
#ifndef DNDRIFT_CTL_OBTAIN_H
#define DNDRIFT_CTL_OBTAIN_H

/* file: the configuration. Answers the exit status. */
int obtain_run(const char *file, char **arguments);
#endif
