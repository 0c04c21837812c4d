#include "config/silence_rules.h"

#include <string.h>

#include "config/name.h"
#include "config/value_error.h"

#define ONE_WAY "expected either `from` and `until` or `calendar` and `duration`"

static bool parse_patterns(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    g_auto(GStrv) patterns = value_split_words(text);

    (void)limits;
    for (char **pattern = patterns; *pattern; pattern++)
        if (strspn(*pattern, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-*?") != strlen(*pattern))
            return value_fail(error, *pattern,
                              "is no pattern of names, expected letters, digits, `.`, `_`, "
                              "`-`, and * or ? for what may be any");
    value_set_list(target, g_steal_pointer(&patterns));
    return true;
}

const struct value_type value_patterns = {"patterns of names", parse_patterns};

void silence_rules_apply(const struct silence_config *silence, const struct section *section,
                         struct problems *problems)
{
    bool has_from = section_find(section, "from"), has_until = section_find(section, "until");
    bool has_calendar = section_find(section, "calendar"), has_duration = section_find(section, "duration");
    g_autofree char *title = section_title(section);

    if (has_from != has_until || has_calendar != has_duration || has_from == has_calendar)
        problems_add(problems, section->line, "%s does not say when, " ONE_WAY, title);
    else if (silence->wall_from_ms && silence->wall_until_ms &&
             silence->wall_from_ms >= silence->wall_until_ms)
        problems_add(problems, section_line_of(section, "until"),
                     "`until` is not after `from`, expected a later time");
}
