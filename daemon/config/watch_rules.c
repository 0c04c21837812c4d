#include "config/watch_rules.h"

#include "config/duration.h"
#include "config/name.h"
#include "config/settings.h"

enum {
    CONFIRM_INTERVAL_MS = 5000,
    STALE_AFTER_MS = 600000,
    STALE_AFTER_INTERVALS = 10,
};

/* Fresh only for a part of the time between two comparisons: /health would flap although nothing is wrong. */
static void check_stale_after(const struct watch_config *watch, const struct section *section,
                              struct problems *problems)
{
    g_autofree char *interval = duration_print(watch->interval_ms);

    if (watch->stale_after_ms < watch->interval_ms)
        problems_add(problems, section_line_of(section, "stale_after"),
                     "`stale_after` is shorter than the interval, expected %s or more", interval);
}

static void check_dn(const struct watch_config *watch, const struct section *section,
                     struct problems *problems)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *dn = NULL;

    if (watch->dn && !value_dn.parse(watch->dn, NULL, &dn, &error))
        problems_add(problems, section_line_of(section, "dn"), "dn: %s", error->message);
}

/* One of `dn` and `dn_from`. */
static void check_told(const struct section *section, struct problems *problems)
{
    bool is_told = section_find(section, "dn"), is_kept = section_find(section, "dn_from");

    if (is_told && is_kept)
        problems_add(problems, section_line_of(section, "dn_from"),
                     "`dn_from` stands beside `dn` on line %d, expected one of them",
                     section_line_of(section, "dn"));
    if (is_told || is_kept)
        return;
    g_autofree char *title = section_title(section);
    problems_add(problems, section->line, "%s lacks `dn`, expected: %s", title,
                 settings_at((unsigned)settings_find(SECTION_WATCH, "dn"))->help);
}

/* What `dn` has to be and whether `find` means something depends on what is compared. */
static void apply_compare(struct watch_config *watch, const struct section *section,
                          struct problems *problems)
{
    if (!watch->compare || g_ascii_strcasecmp(watch->compare, "dn") != 0)
        return; /* an attribute, or a problem that is known */
    g_clear_pointer(&watch->compare, g_free);
    check_dn(watch, section, problems);
    if (section_find(section, "find"))
        problems_add(problems, section_line_of(section, "find"),
                     "`find` finds nothing for a DN, expected compare = ATTRIBUTE too, or no such line");
}

static void apply_contents(struct watch_config *watch, const struct section *section,
                           struct problems *problems)
{
    bool is_filtered = section_find(section, "entry_filter"),
         is_counted = section_find(section, "min_entries");

    if (is_filtered && !is_counted)
        watch->min_entries = 1;
    if (is_counted && !is_filtered)
        watch->entry_filter = g_strdup("(objectClass=*)");
    if (section_find(section, "entry_limit") && !is_filtered && !is_counted)
        problems_add(
            problems, section_line_of(section, "entry_limit"),
            "`entry_limit` counts nothing, expected entry_filter or min_entries too, or no such line");
    if (watch->min_entries > watch->entry_limit && watch->entry_limit > 0)
        problems_add(problems, section_line_of(section, "min_entries"),
                     "`min_entries` is more than are counted, expected entry_limit = %u or more",
                     watch->min_entries);
}

/* 0 is below the least value of each of these: it means that the file does not set it. */
void watch_rules_apply(struct watch_config *watch, const struct section *section, int64_t interval_ms,
                       struct problems *problems)
{
    bool is_interval_known = watch->interval_ms > 0 || !section_find(section, "interval");

    if (watch->interval_ms == 0)
        watch->interval_ms = interval_ms;
    if (watch->confirm_recovery == 0)
        watch->confirm_recovery = watch->confirm;
    if (watch->confirm_interval_ms == 0)
        watch->confirm_interval_ms = MIN(CONFIRM_INTERVAL_MS, watch->interval_ms);
    if (watch->stale_after_ms == 0)
        watch->stale_after_ms = MAX(STALE_AFTER_MS, STALE_AFTER_INTERVALS * watch->interval_ms);
    if (!watch->fix)
        watch->fix = g_strdup(watch->dn_from);
    check_told(section, problems);
    apply_compare(watch, section, problems);
    apply_contents(watch, section, problems);
    if (is_interval_known)
        check_stale_after(watch, section, problems);
}
