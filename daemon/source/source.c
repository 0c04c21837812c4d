#include "source/source.h"

#include <string.h>

#include "dn/read.h"
#include "source/base.h"
#include "source/dovecot_file.h"
#include "source/freeradius_file.h"
#include "source/ini_file.h"
#include "source/json_file.h"
#include "source/keyvalue_file.h"
#include "source/nslcd_file.h"
#include "source/postfix_file.h"
#include "source/preset.h"
#include "source/source_file.h"
#include "source/sssd_file.h"
#include "source/words.h"
#include "source/xml_file.h"

#define DOVECOT_FILE "/etc/dovecot/dovecot-ldap.conf.ext"
#define NSLCD_FILE   "/etc/nslcd.conf"

G_DEFINE_QUARK(source - error - quark, source_error)

void source_free(struct source *source)
{
    if (!source)
        return;
    g_free(source->file);
    g_free(source->section);
    g_free(source->path);
    g_free(source->name);
    g_free(source);
}

static void *refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void *refuse(GError **error, const char *format, ...)
{
    va_list arguments;
    g_autofree char *text = NULL;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, SOURCE_ERROR, SOURCE_ERROR_SPEC, text);
    return NULL;
}

static struct source *source_of_model(const struct source *model)
{
    struct source *source = g_memdup2(model, sizeof *model);

    source->file = g_strdup(model->file);
    source->section = g_strdup(model->section);
    source->path = g_strdup(model->path);
    source->name = g_strdup(model->name);
    return source;
}

static void set(char **text, const char *value)
{
    if (!value)
        return;
    g_free(*text);
    *text = g_strdup(value);
}

/* Which argument says what differs from kind to kind. */
static void take_words(struct source *source, const char *kind, char **words)
{
    unsigned n = g_strv_length(words);
    const char *first = n > 0 ? words[0] : NULL, *second = n > 1 ? words[1] : NULL;

    if (strcmp(kind, "sssd") == 0) {
        source->section = g_strconcat("domain/", first, NULL);
        set(&source->path, second);
        return;
    }
    if (strcmp(kind, "ldap") == 0) {
        set(&source->section, first);
        set(&source->file, second);
        set(&source->path, words[2]);
        return;
    }
    if (strcmp(kind, "dovecot") == 0 || strcmp(kind, "nslcd") == 0)
        set(&source->file, *kind == 'd' ? DOVECOT_FILE : NSLCD_FILE);
    set(&source->file, first);
    if (strcmp(kind, "ini") == 0) {
        set(&source->section, second);
        set(&source->path, words[2]);
    } else if (strcmp(kind, "lsc") == 0 || strcmp(kind, "keycloak") == 0) {
        set(&source->name, second);
    } else {
        set(&source->path, second);
    }
}

/* The DN and the attribute that a server will be asked for. */
static bool check_entry(const struct source *source, GError **error)
{
    g_autoptr(GError) syntax = NULL;
    g_autofree char *dn = dn_read_as_ldap(source->file, &syntax);

    if (!dn)
        return refuse(error, "`%s` is no DN: %s", source->file, syntax->message);
    if (strspn(source->path, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-.;") != strlen(source->path))
        return refuse(error, "`%s` is no name of an attribute", source->path);
    return true;
}

struct source *source_new(const char *text, GError **error)
{
    size_t length = strcspn(text, ":");
    g_autofree char *kind = g_strstrip(g_strndup(text, length)), *known = NULL;
    const struct preset *preset = preset_find(kind);
    g_auto(GStrv) words = words_split(text[length] ? text + length + 1 : "", error);
    g_autoptr(source_t) source = NULL;

    if (!words)
        return NULL;
    known = preset_list();
    if (!preset)
        return refuse(error, "there is no kind `%s`, expected one of: %s", kind, known);
    if (g_strv_length(words) < preset->n_least || g_strv_length(words) > preset->n_most)
        return refuse(error, "expected %s:%s", kind, preset->arguments);
    source = source_of_model(&preset->model);
    take_words(source, kind, words);
    if (source->kind == SOURCE_LDAP)
        return check_entry(source, error) ? g_steal_pointer(&source) : NULL;
    if (*source->file != '/')
        return refuse(error, "`%s` is no absolute path, expected %s:%s", source->file, kind,
                      preset->arguments);
    if (source->kind == SOURCE_JSON && *source->path != '/')
        return refuse(error, "`%s` is no JSON Pointer, expected one that begins with /", source->path);
    if (source->kind == SOURCE_XML && !xml_file_check(source->path, error))
        return NULL;
    return g_steal_pointer(&source);
}

bool source_check(const char *text, char **ret_directory, GError **error)
{
    g_autoptr(source_t) source = source_new(text, error);

    if (!source)
        return false;
    *ret_directory = source->kind == SOURCE_LDAP ? g_strdup(source->section) : NULL;
    return true;
}

static GPtrArray *read_values(const struct source *source, GBytes *content, GError **error)
{
    switch (source->kind) {
    case SOURCE_INI:
        return ini_file_values(content, source->section, source->path, error);
    case SOURCE_KEYVALUE:
        return keyvalue_file_values(content, source->path, error);
    case SOURCE_XML:
        return xml_file_values(content, source->path, source->name, error);
    case SOURCE_JSON:
        return json_file_values(content, source->path, source->name, error);
    case SOURCE_POSTFIX:
        return postfix_file_values(content, source->path, error);
    case SOURCE_SSSD:
        return sssd_file_values(content, source->section, source->path, error);
    case SOURCE_DOVECOT:
        return dovecot_file_values(content, source->path, error);
    case SOURCE_NSLCD:
        return nslcd_file_bases(content, error);
    case SOURCE_FREERADIUS:
        return freeradius_file_bases(content, source->path, error);
    case SOURCE_LDAP: /* source_take() */
        break;
    }
    g_assert_not_reached();
}

GPtrArray *source_take(const struct source *source, const GPtrArray *values, GError **error)
{
    GPtrArray *bases = NULL;

    if (values->len == 0)
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "has no %s that this account may read",
                    source->path);
    else
        bases = base_list(values, source->kind, error);
    if (!bases)
        g_prefix_error(error, "%s of directory %s: ", source->file, source->section);
    return bases;
}

GPtrArray *source_read(const struct source *source, GError **error)
{
    g_autoptr(GBytes) content = source_file_read(source->file, error);
    g_autoptr(GPtrArray) values = content ? read_values(source, content, error) : NULL;
    GPtrArray *bases = values ? base_list(values, source->kind, error) : NULL;

    if (!bases)
        g_prefix_error(error, "%s: ", source->file);
    return bases;
}
