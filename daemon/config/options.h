/* The settings of one directory and one watch as options of a command line, in place of a file: `--bind-dn
 * DN` is the key bind_dn, by the same table and the same rules. On the stack of its user; borrows the command
 * line. */
#ifndef DNDRIFT_CONFIG_OPTIONS_H
#define DNDRIFT_CONFIG_OPTIONS_H

#include "config/config.h"
#include "config/settings.h"

#define OPTIONS_NAME "command-line" /* of the directory and of the watch */

struct options {
    unsigned n;                            /* how many are given */
    const char *values[SETTINGS_MAX_ROWS]; /* by row of the table of settings; NULL: not given */
};

/* Takes the option at *arguments, `--KEY VALUE` or `--KEY=VALUE`, a yes or no also as `--KEY` alone, and goes
 * on to the next argument. false and a sentence if it is none. */
bool options_take(struct options *options, char ***arguments, GError **error);

/* As config_load(): on any problem NULL and all of them. */
struct config *options_load(const struct options *options, config_check_source *check_source,
                            GPtrArray **ret_problems);
#endif
