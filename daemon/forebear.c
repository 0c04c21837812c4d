#include "forebear.h"

#include "judge/state.h"

bool forebear_is_due(const struct forebear *forebear)
{
    return !forebear->of_dn || forebear->n_since >= FOREBEAR_EVERY;
}

void forebear_note(struct forebear *forebear, const struct observation *observation)
{
    if (!observation->entry_dn || !observation->found_dn)
        return;
    if (observation->is_parent_read) {
        state_set_text(&forebear->value, observation->parent_value);
        state_set_text(&forebear->of_dn, observation->entry_dn);
        state_set_text(&forebear->of_value, observation->found_dn);
        forebear->n_since = 0;
    }
    bool is_other = g_strcmp0(forebear->of_dn, observation->entry_dn) != 0 ||
                    g_strcmp0(forebear->of_value, observation->found_dn) != 0;
    forebear->n_since = is_other ? FOREBEAR_EVERY : forebear->n_since + 1;
}

void forebear_clear(struct forebear *forebear)
{
    g_free(forebear->value);
    g_free(forebear->of_dn);
    g_free(forebear->of_value);
    *forebear = (struct forebear){0};
}
