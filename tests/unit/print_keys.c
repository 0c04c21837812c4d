/* Prints each row of the table of settings as `section key availability`, for the checks of manual and
 * sample. */
#include "config/settings.h"

#include <stdio.h>

int main(void)
{
    for (unsigned i = 0; i < settings_n(); i++) {
        const struct setting *setting = settings_at(i);

        printf("%s %s %s\n", section_type(setting->section)->word, setting->key,
               setting->type ? "available" : "later");
    }
    return 0;
}
