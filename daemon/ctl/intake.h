/* A text of any length, line by line: a whole log file passes through a bounded buffer. */
#ifndef DNDRIFT_CTL_INTAKE_H
#define DNDRIFT_CTL_INTAKE_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#define INTAKE_MAX_LINE   (1024 * 1024) /* bytes; the rest of a longer line is passed over */
#define INTAKE_PROGRESS_S 2             /* so often people at a terminal are told how far it is */

/* One line without its end (LF or CR LF), the first one without a byte order mark. NUL bytes are left out:
 * what Windows writes in UTF-16 becomes readable so far as it is ASCII. */
typedef void (*intake_line)(const char *line, size_t length, void *user);

struct intake {
    intake_line on_line;
    void *user;
    GString *line;
    guint64 n_bytes;
    guint64 n_lines;
    guint64 n_cut; /* lines longer than INTAKE_MAX_LINE */
};

void intake_init(struct intake *intake, intake_line on_line, void *user);
void intake_clear(struct intake *intake);

/* The next bytes, and that there are no more. */
void intake_add(struct intake *intake, const char *bytes, size_t length);
void intake_finish(struct intake *intake);

/* The whole file, with its progress on stderr if that is a terminal. False and a sentence if it cannot be
 * read to its end. */
bool intake_read(struct intake *intake, FILE *file, GError **error);
#endif
