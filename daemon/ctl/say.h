/* Lines for the terminal: whatever came from outside is made clean on the way. */
#ifndef DNDRIFT_CTL_SAY_H
#define DNDRIFT_CTL_SAY_H

#include <glib.h>
#include <stdio.h>

/* One line of whatever. */
void say(FILE *file, const char *text);

/* One that whoever made it made clean, as the daemon does; should it not be, it is made so. */
void say_clean(FILE *file, const char *text);

/* `dndriftctl: text` on stderr, clean as well. */
void say_problem(const char *text);
void say_problem_of(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The same of a wrong call, and where to look how it is meant; answers EXIT_USAGE. */
int say_misuse(const char *format, ...) G_GNUC_PRINTF(1, 2);
#endif
