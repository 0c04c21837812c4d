#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "health/accept.h"
#include "health/answer.h"

static const struct {
    const char *accept;
    bool is_open; /* OpenMetrics before the plain text */
    const char *why;
} cases[] = {
    {NULL, false, "no header: the oldest format"},
    {"", false, "an empty one says as little"},
    {"*/*", false, "curl takes anything"},
    {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false, "a browser"},
    {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
     "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
     true, "Prometheus 2.42"},
    {"application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", false,
     "Prometheus 2.5 knows another version of it"},
    {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
     "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
     "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
     false, "an escaping that was not asked for here"},
    {"application/openmetrics-text;version=1.0.0;escaping=values;q=0.6,application/"
     "openmetrics-text;version=1.0.0;"
     "q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
     true, "but the plain version is there as well"},
    {"application/openmetrics-text", true, "any version"},
    {"APPLICATION/OpenMetrics-Text ; Version=1.0.0 ; Q=0.5", true, "case and spaces do not count"},
    {"application/openmetrics-text; version=\"1.0.0\"", true, "quotes neither"},
    {"application/openmetrics-text; version=1.0.0; charset=UTF-8", true, "the charset is ours"},
    {"application/openmetrics-text; charset=latin-1", false, "that one is not"},
    {"application/openmetrics-text; version=2.0.0", false, "a version that is not there"},
    {"application/*", true, "the other is none of these"},
    {"text/*", false, "nor this"},
    {"text/plain, application/openmetrics-text", false, "no preference: the oldest format"},
    {"text/plain, application/openmetrics-text; version=1.0.0", true, "named more closely"},
    {"application/openmetrics-text, */*", true, "named more closely than anything"},
    {"application/openmetrics-text;q=0.1, */*", false, "but wanted less"},
    {"text/plain;q=0.5, application/openmetrics-text;q=0.501", true, "a thousandth counts"},
    {"application/openmetrics-text;q=0", false, "not wanted"},
    {"application/openmetrics-text;q=0, text/plain;q=0", false, "neither: better a page than none"},
    {"*/*;q=0.1, text/plain;q=0", true, "the closest range decides, not the first"},
    {"application/json", false, "neither"},
    {"application/openmetrics-text;q=1.001", false, "more than 1 is malformed"},
    {"application/openmetrics-text;q=0.5000", false, "four decimals"},
    {"application/openmetrics-text;q=", false, "no quality"},
    {"application/openmetrics-text;q=-1", false, "a sign"},
    {"application/openmetrics-text;q=nan", false, "no number"},
    {"application/openmetrics-text;q=0.5;level=2", true, "what follows the quality is no parameter"},
    {",,;,\"", false, "nothing in it"},
    {";q=1,/,*,application/,application/openmetrics-text/x", false, "no ranges"},
    {"\"application/openmetrics-text,", false, "a quote that never ends"},
    {"x\",\",application/openmetrics-text", true, "a comma in quotes ends no range"},
};

static void the_format_is_the_one_that_is_wanted_most(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (accept_prefers(cases[i].accept, ANSWER_OPENMETRICS, ANSWER_METRICS) != cases[i].is_open)
            fail_msg("%s: %s", cases[i].why, cases[i].accept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_format_is_the_one_that_is_wanted_most),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
