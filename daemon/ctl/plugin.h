/* The output of a Nagios plugin, as its guidelines want it: the status is the first word and the exit code,
 * what stands behind a bar is performance data. */
#ifndef DNDRIFT_CTL_PLUGIN_H
#define DNDRIFT_CTL_PLUGIN_H

enum plugin_status { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_CRITICAL, PLUGIN_UNKNOWN };

const char *plugin_status_name(enum plugin_status status); /* OK, WARNING ... */

/* The one of more weight: critical, unknown, warning, ok. */
enum plugin_status plugin_worse(enum plugin_status a, enum plugin_status b);

/* The first line: `DNDRIFT STATUS - text | performance`; performance may be NULL. The text may hold anything.
 */
void plugin_say(enum plugin_status status, const char *text, const char *performance);

/* A further line. */
void plugin_say_more(const char *text);
#endif
