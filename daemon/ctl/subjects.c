#include "ctl/subjects.h"

struct subject {
    guint64 last_line;
    char *dn;
};

/* Two generations: when the young one is half of all, it becomes the old one, which is forgotten. */
struct subjects {
    GHashTable *young, *old;
};

static void subject_free(void *user)
{
    struct subject *subject = user;

    g_free(subject->dn);
    g_free(subject);
}

static GHashTable *generation_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, subject_free);
}

struct subjects *subjects_new(void)
{
    struct subjects *subjects = g_new0(struct subjects, 1);

    *subjects = (struct subjects){generation_new(), generation_new()};
    return subjects;
}

void subjects_free(struct subjects *subjects)
{
    if (!subjects)
        return;
    g_hash_table_unref(subjects->young);
    g_hash_table_unref(subjects->old);
    g_free(subjects);
}

static char *place_name(const char *speaker, const char *key)
{
    return g_strconcat(speaker, "\n", key, NULL);
}

static void forget_old(struct subjects *subjects)
{
    g_hash_table_unref(subjects->old);
    subjects->old = g_steal_pointer(&subjects->young);
    subjects->young = generation_new();
}

void subjects_put(struct subjects *subjects, const char *speaker, const char *key, char *dn,
                  guint64 last_line)
{
    g_autofree char *place = place_name(speaker, key);
    struct subject *subject;

    g_hash_table_remove(subjects->young, place);
    g_hash_table_remove(subjects->old, place);
    if (!dn)
        return;
    if (g_hash_table_size(subjects->young) >= SUBJECTS_MAX / 2)
        forget_old(subjects);
    subject = g_new(struct subject, 1);
    *subject = (struct subject){last_line, dn};
    g_hash_table_insert(subjects->young, g_steal_pointer(&place), subject);
}

char *subjects_take(struct subjects *subjects, const char *speaker, const char *key, guint64 line)
{
    g_autofree char *place = place_name(speaker, key);
    struct subject *subject = g_hash_table_lookup(subjects->young, place);
    char *dn = NULL;

    if (!subject)
        subject = g_hash_table_lookup(subjects->old, place);
    if (subject && (key || line <= subject->last_line))
        dn = g_steal_pointer(&subject->dn);
    g_hash_table_remove(subjects->young, place);
    g_hash_table_remove(subjects->old, place);
    return dn;
}
