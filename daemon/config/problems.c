#include "config/problems.h"

struct problem {
    int line;
    char *message;
};

struct problems {
    char *file;
    GArray *list; /* of struct problem, in the order of discovery */
    unsigned n_untold;
};

static void problem_clear(gpointer data)
{
    struct problem *problem = data;

    g_free(problem->message);
}

struct problems *problems_new(const char *file)
{
    struct problems *problems = g_new0(struct problems, 1);

    problems->file = g_strdup(file);
    problems->list = g_array_new(FALSE, FALSE, sizeof(struct problem));
    g_array_set_clear_func(problems->list, problem_clear);
    return problems;
}

void problems_free(struct problems *problems)
{
    if (!problems)
        return;
    g_free(problems->file);
    g_array_unref(problems->list);
    g_free(problems);
}

void problems_add(struct problems *problems, int line, const char *format, ...)
{
    struct problem problem = {.line = line};
    va_list arguments;

    if (problems_is_full(problems)) {
        problems->n_untold++;
        return;
    }
    va_start(arguments, format);
    problem.message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_array_append_val(problems->list, problem);
}

const char *problems_file(const struct problems *problems)
{
    return problems->file;
}

unsigned problems_count(const struct problems *problems)
{
    return problems->list->len + problems->n_untold;
}

gboolean problems_is_full(const struct problems *problems)
{
    return problems->list->len >= PROBLEMS_MAX_TOLD;
}

/* What concerns the whole file comes last: it often follows from what stands on a line. */
static gint problem_compare(gconstpointer a, gconstpointer b)
{
    const struct problem *one = a;
    const struct problem *other = b;
    int line = one->line > 0 ? one->line : G_MAXINT;
    int other_line = other->line > 0 ? other->line : G_MAXINT;

    return (line > other_line) - (line < other_line);
}

GPtrArray *problems_tell(struct problems *problems)
{
    GPtrArray *told = g_ptr_array_new_with_free_func(g_free);

    g_array_sort(problems->list, problem_compare); /* stable */
    for (guint i = 0; i < problems->list->len; i++) {
        const struct problem *problem = &g_array_index(problems->list, struct problem, i);

        if (problem->line > 0)
            g_ptr_array_add(told,
                            g_strdup_printf("%s:%d: %s", problems->file, problem->line, problem->message));
        else
            g_ptr_array_add(told, g_strdup_printf("%s: %s", problems->file, problem->message));
    }
    if (problems->n_untold)
        g_ptr_array_add(told,
                        g_strdup_printf("%s: and %u more problems", problems->file, problems->n_untold));
    return told;
}
