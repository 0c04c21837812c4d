/* The verb `check`: one comparison without the daemon, told as a Nagios plugin tells it. */
#ifndef DNDRIFT_CTL_CHECK_H
#define DNDRIFT_CTL_CHECK_H

/* `file`: the configuration; `arguments`: what stands behind the verb, up to NULL. Answers the exit status:
 * whatever keeps it from comparing is `unknown`. */
int check_run(const char *file, char **arguments);
#endif
