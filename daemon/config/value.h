/* The types of settings: how the text of a value becomes a field of a struct. One value_type per kind of
 * value; the table of settings names them. */
#ifndef DNDRIFT_CONFIG_VALUE_H
#define DNDRIFT_CONFIG_VALUE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct choice {
    const char *word;
    int number;
    bool is_later; /* a word of a later version: an error that says so */
};

/* What narrows a type in one row of the table. */
struct value_limits {
    int64_t least, most;          /* numbers and durations (in ms) */
    bool is_zero_allowed;         /* ... and 0 although it is below the least */
    const struct choice *choices; /* for words of a set; ends with a NULL word */
};

/* target: the field, of the type that the value_type says. It is replaced on success (the old text or list
 * freed), untouched on failure. */
typedef bool value_parse_func(const char *text, const struct value_limits *limits, void *target,
                              GError **error);

struct value_type {
    const char *name; /* as the manual calls it */
    value_parse_func *parse;
};

extern const struct value_type value_duration;    /* int64_t, ms */
extern const struct value_type value_count;       /* unsigned */
extern const struct value_type value_flag;        /* bool; yes or no */
extern const struct value_type value_text;        /* char * */
extern const struct value_type value_path;        /* char *, absolute */
extern const struct value_type value_choice;      /* int, or an enum of that size */
extern const struct value_type value_choice_flag; /* bool: the chosen number is not 0 */

/* Frees what the field held; takes the new one. */
void value_set_text(void *target, char *text);
void value_set_list(void *target, char **list);

/* The parts of a list, without the blanks between them; g_strfreev() it. */
char **value_split_words(const char *text);

/* A list of servers: each word goes to `add`, which appends to the list or joins the problem to the others.
 * Refused if there are more than `most`, or any problem. */
typedef void value_add_server(GPtrArray *list, const char *word, GError **problems);
bool value_parse_servers(const char *text, unsigned most, value_add_server *add, void *target,
                         GError **error);
#endif
