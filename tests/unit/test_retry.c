/* When the outlet is tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>

#include "alert/retry.h"

#define T DELIVERY_TAKEN
#define F DELIVERY_FULL
#define A DELIVERY_ABSENT

static const struct {
    enum delivery deliveries[12];
    int64_t waits_ms[12];
    int n;
    const char *why;
} cases[] = {
    {{T, T}, {0, 0}, 2, "nothing to wait for"},
    {{A, A, A, A, A, A, A}, {1000, 2000, 4000, 8000, 16000, 30000, 30000}, 7, "no reader: 1 s to 30 s"},
    {{F, F, F, F, F, F, F, F, F},
     {10, 20, 40, 80, 160, 320, 640, 1000, 1000},
     9,
     "a full queue: soon, then each second"},
    {{F, F, T, F}, {10, 20, 0, 10}, 4, "a reader that goes on is served quickly"},
    {{A, A, T, A}, {1000, 2000, 0, 1000}, 4, "what was taken begins anew"},
    {{A, A, F, A}, {1000, 2000, 10, 1000}, 4, "a reader that came back full is no absent one"},
};

static void each_history_has_its_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct retry retry = {0};

        for (int n = 0; n < cases[i].n; n++) {
            int64_t wait_ms = retry_step(&retry, cases[i].deliveries[n]);

            if (wait_ms != cases[i].waits_ms[n])
                fail_msg("%s: step %d waits %d ms", cases[i].why, n, (int)wait_ms);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_history_has_its_waits)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
