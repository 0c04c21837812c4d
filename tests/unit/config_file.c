#include "config_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

void config_file_init(struct config_file *file)
{
    file->folder = g_dir_make_tmp("dndriftd-config-XXXXXX", NULL);
    assert_non_null(file->folder);
    file->path = g_build_filename(file->folder, "dndriftd.conf", NULL);
}

void config_file_clear(struct config_file *file)
{
    g_autoptr(GDir) folder = g_dir_open(file->folder, 0, NULL);
    const char *name;

    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *path = g_build_filename(file->folder, name, NULL);

        g_remove(path);
    }
    g_rmdir(file->folder);
    g_free(file->folder);
    g_free(file->path);
}

int config_file_set_up(void **state)
{
    struct config_file *file = g_new0(struct config_file, 1);

    config_file_init(file);
    *state = file;
    return 0;
}

int config_file_tear_down(void **state)
{
    config_file_clear(*state);
    g_free(*state);
    return 0;
}

void config_file_write(const struct config_file *file, const char *text, size_t length)
{
    assert_true(g_file_set_contents(file->path, text, (gssize)length, NULL));
}

char *config_file_add(const struct config_file *file, const char *name, int mode)
{
    char *path = g_build_filename(file->folder, name, NULL);

    assert_true(g_file_set_contents(path, "secret\n", -1, NULL));
    assert_int_equal(chmod(path, (mode_t)mode), 0);
    return path;
}

struct config *config_file_load(const struct config_file *file, const char *text)
{
    g_autoptr(GPtrArray) problems = NULL;

    config_file_write(file, text, strlen(text));
    struct config *config = config_load(file->path, NULL, &problems);

    if (!config)
        fail_msg("%s", (const char *)g_ptr_array_index(problems, 0));
    return config;
}

char *config_file_problems(const struct config_file *file, const char *text, size_t length)
{
    g_autoptr(GPtrArray) problems = NULL;
    GString *lines = g_string_new(NULL);

    config_file_write(file, text, length);
    g_autoptr(config_t) config = config_load(file->path, NULL, &problems);

    assert_true(config ? !problems : problems && problems->len > 0);
    for (guint i = 0; problems && i < problems->len; i++)
        g_string_append_printf(lines, "%s\n", (const char *)g_ptr_array_index(problems, i));
    g_string_replace(lines, file->path, "C", 0);
    g_string_replace(lines, file->folder, "F", 0);
    return g_string_free(lines, FALSE);
}

static char *place(const struct config_file *file, const char *text)
{
    static const char *const keys[] = {"_file = ", "keytab = "};
    GString *placed = g_string_new(text);

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *written = g_strconcat(keys[i], "F", NULL);
        g_autofree char *meant = g_strconcat(keys[i], file->folder, NULL);

        g_string_replace(placed, written, meant, 0);
    }
    return g_string_free(placed, FALSE);
}

void config_file_judge(const struct config_file *file, const struct config_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_autofree char *text = place(file, cases[i].text);
        g_autofree char *found = config_file_problems(file, text, strlen(text));

        if (strcmp(found, cases[i].expected) != 0)
            fail_msg("%s\n--- found:\n%s--- expected:\n%s", cases[i].why, found, cases[i].expected);
    }
    printf("%zu files judged\n", n);
}
