/* A configuration file for one test: written to a folder of its own, loaded, and taken away. */
#ifndef DNDRIFT_TESTS_CONFIG_FILE_H
#define DNDRIFT_TESTS_CONFIG_FILE_H

#include "config/config.h"

struct config_file {
    char *folder;
    char *path; /* FOLDER/dndriftd.conf */
};

void config_file_init(struct config_file *file);
void config_file_clear(struct config_file *file); /* takes the folder away with all files in it */

/* For cmocka: *state is a struct config_file. */
int config_file_set_up(void **state);
int config_file_tear_down(void **state);

void config_file_write(const struct config_file *file, const char *text, size_t length);

/* Writes another file beside it. */
char *config_file_add(const struct config_file *file, const char *name, int mode);

/* The loaded configuration; fails the test if there are problems. */
struct config *config_file_load(const struct config_file *file, const char *text);

/* All problems, a line each; FOLDER in them is `F` and the file `F/dndriftd.conf` is `C`. "" if it is good.
 * g_free() it. */
char *config_file_problems(const struct config_file *file, const char *text, size_t length);

/* One file and all its problems. In the text, `_file = F` and `keytab = F` stand for the folder. */
struct config_case {
    const char *text;
    const char *expected;
    const char *why;
};

/* Fails the test at the first file that is judged otherwise. */
void config_file_judge(const struct config_file *file, const struct config_case *cases, size_t n);
#endif
