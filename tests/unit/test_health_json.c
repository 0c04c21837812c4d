#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "dn/text.h"
#include "health/expiry.h"
#include "health/health_json.h"
#include "health/watch_json.h"
#include "health_case.h"

static int set_up(void **state)
{
    struct health_case *health_case = g_new0(struct health_case, 1);

    health_case_init(health_case);
    *state = health_case;
    return 0;
}

static int tear_down(void **state)
{
    health_case_clear(*state);
    g_free(*state);
    return 0;
}

static json_t *render(const struct health_case *health_case, const struct snapshot_kind *kind, int *ret_code)
{
    g_autofree char *text = health_case_render(health_case, kind, ret_code);
    json_t *json = json_loads(text, 0, NULL);

    assert_non_null(json);
    return json;
}

/* The one check that is always there: how many watches have which verdict. */
static const json_t *counts_of(const json_t *health)
{
    return json_array_get(json_object_get(json_object_get(health, "checks"), "watches:verdicts"), 0);
}

static int64_t count_of(const json_t *health, const char *verdict)
{
    return json_integer_value(json_object_get(json_object_get(counts_of(health), "observedValue"), verdict));
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* All that can be known of a watch. */
static struct watch_state *add_full(struct health_case *health_case)
{
    struct watch_state *state = health_case_add(health_case, "custom", VERDICT_REPLACED);

    state->consumer = g_strdup("MMS");
    state->fix = g_strdup("here");
    state->alert = g_strdup("ab12-7");
    state->wall_last_attempt_ms = health_case->now.wall_ms;
    state->pin.identity = g_strdup("entryUUID:1");
    state->pin.dn = g_strdup("cn=custom,o=MMS");
    state->pin.wall_pinned_ms = health_case->now.wall_ms;
    state->pin.is_lookup_refused = true;
    state->silence = g_strdup("night");
    state->alarm.quiet.is_flapping = true;
    state->shown = (struct judgement){
        .live = g_strdup("cn=live"),
        .first_missing = g_strdup("cn=custom"),
        .identity = g_strdup("entryUUID:2"),
        .pinned_live = g_strdup("cn=old"),
        .certainty = g_strdup("absent"),
        .server = g_strdup("ldap://a:389"),
        .sentence = g_strdup("it was replaced"),
        .remedy = g_strdup("adopt it"),
        .is_parent_identity_unknown = true,
    };
    state->last_failure =
        (struct failure){.phase = PHASE_TLS, .reason = REASON_TIMEOUT, .code = 110, .text = g_strdup("late")};
    return state;
}

static void a_watch_has_every_field_of_the_contract_by_its_name(void **user)
{
    static const struct {
        const char *key;
        const char *value;
    } fields[] = {
        {"watch", "custom"},
        {"directory", "mms"},
        {"consumer", "MMS"},
        {"verdict", "replaced"},
        {"class", "drift"},
        {"observed", "replaced"},
        {"since", "2026-11-23T21:30:23Z"},
        {"last_attempt", "2026-11-23T21:30:23Z"},
        {"last_compared", "2026-11-23T21:30:23Z"},
        {"configured", "cn=custom,o=mms"},
        {"configured_form", "ldap"},
        {"live", "cn=live"},
        {"live_in_configured_form", "cn=live"},
        {"first_missing", "cn=custom"},
        {"identity", "entryUUID:1"},
        {"pinned_at", "2026-11-23T21:30:23Z"},
        {"pinned_dn", "cn=custom,o=MMS"},
        {"pinned_live", "cn=old"},
        {"server", "ldap://a:389"},
        {"sentence", "it was replaced"},
        {"remedy", "adopt it"},
        {"fix", "here"},
        {"alert", "ab12-7"},
        {"certainty", "absent"},
        {"identity_lookup", "refused"},
        {"parent_identity", "unknown"},
        {"silenced", "night"},
    };
    struct health_case *health_case = *user;
    json_t *watch = watch_json(add_full(health_case), health_case->now);
    const json_t *reason = json_object_get(watch, "reason");

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (!text_of(watch, fields[i].key))
            fail_msg("%s is missing", fields[i].key);
        assert_string_equal(text_of(watch, fields[i].key), fields[i].value);
    }
    assert_int_equal(json_integer_value(json_object_get(watch, "observed_count")), 1);
    assert_true(json_is_false(json_object_get(watch, "stale")));
    assert_string_equal(text_of(reason, "phase"), "tls");
    assert_int_equal(json_integer_value(json_object_get(reason, "code")), 110);
    assert_string_equal(text_of(reason, "text"), "late");
    assert_int_equal(json_integer_value(json_object_get(watch, "age_seconds")), 0);
    assert_true(json_is_true(json_object_get(watch, "flapping")));
    assert_int_equal(json_object_size(watch), G_N_ELEMENTS(fields) + 5);
    json_decref(watch);
}

static void what_is_not_known_is_absent(void **user)
{
    struct health_case *health_case = *user;
    struct watch_state *state = watch_state_new("fresh");
    json_t *watch = watch_json(state, health_case->now);
    const char *key;
    json_t *value;

    json_object_foreach(watch, key, value)
        assert_true(strcmp(key, "watch") == 0 || strcmp(key, "stale") == 0);
    assert_int_equal(json_object_size(watch), 2);
    json_decref(watch);
    watch_state_free(state);
}

static void a_match_without_readable_identity_says_null(void **user)
{
    struct health_case *health_case = *user;
    struct watch_state *state = health_case_add(health_case, "bare", VERDICT_MATCH);
    json_t *watch;

    state->shown.is_identity_unreadable = true;
    watch = watch_json(state, health_case->now);
    assert_true(json_is_null(json_object_get(watch, "identity")));
    json_decref(watch);
}

static void hostile_texts_come_out_clean(void **user)
{
    struct health_case *health_case = *user;
    struct watch_state *state = health_case_add(health_case, "custom", VERDICT_RENAMED);
    json_t *watch;

    state->shown.live = g_strdup("cn=" HOSTILE);
    state->shown.sentence = g_strdup(HOSTILE);
    watch = watch_json(state, health_case->now);
    assert_true(text_is_clean(text_of(watch, "live"), strlen(text_of(watch, "live"))));
    assert_string_equal(text_of(watch, "sentence"), "<b>\"'\\\\x0a\\x01\\xc2\\x9b\\xe2\\x80\\xae\\xff");
    json_decref(watch);
}

static void the_list_of_no_watches_is_a_list(void **user)
{
    int code;
    json_t *list = render(*user, &watch_json_list, &code);

    assert_int_equal(code, 200);
    assert_int_equal(json_integer_value(json_object_get(list, "version")), 1);
    assert_string_equal(text_of(list, "time"), "2026-11-23T21:30:23Z");
    assert_true(json_is_array(json_object_get(list, "watches")));
    json_decref(list);
}

static void health_fails_for_a_drift_and_lists_only_that(void **user)
{
    struct health_case *health_case = *user;
    const json_t *checks, *check;
    json_t *health;
    int code;

    health_case_add(health_case, "good", VERDICT_MATCH);
    health_case_add(health_case, "bad", VERDICT_MOVED)->shown.sentence = g_strdup("it moved");
    health = render(health_case, &health_json_all, &code);
    checks = json_object_get(health, "checks");
    check = json_array_get(json_object_get(checks, "bad:verdict"), 0);
    assert_int_equal(code, 503);
    assert_string_equal(text_of(health, "status"), "fail");
    assert_non_null(text_of(health, "output"));
    assert_int_equal(json_object_size(checks), 2);
    assert_string_equal(text_of(check, "status"), "fail");
    assert_string_equal(text_of(check, "observedValue"), "moved");
    assert_string_equal(text_of(check, "output"), "it moved");
    assert_int_equal(count_of(health, "match"), 1);
    json_decref(health);
}

static void health_passes_when_all_is_well_and_says_no_more(void **user)
{
    struct health_case *health_case = *user;
    json_t *health;
    int code;

    health_case_add(health_case, "good", VERDICT_MATCH);
    health = render(health_case, &health_json_all, &code);
    assert_int_equal(code, 200);
    assert_string_equal(text_of(health, "status"), "pass");
    assert_null(json_object_get(health, "output"));
    assert_int_equal(json_object_size(json_object_get(health, "checks")), 1);
    json_decref(health);
}

static void health_warns_of_the_daemon_itself_with_200(void **user)
{
    struct health_case *health_case = *user;
    const json_t *checks, *check;
    json_t *health;
    int code;

    health_case->outlets[1].oldest_ms = 61000;
    health_case->daemon.is_store_failing = true;
    health = render(health_case, &health_json_all, &code);
    checks = json_object_get(health, "checks");
    assert_int_equal(code, 200);
    assert_string_equal(text_of(health, "status"), "warn");
    assert_int_equal(json_object_size(checks), 3);
    assert_string_equal(text_of(health, "output"), "0 of 0 watches fail, 0 warn, other checks warn");
    check = json_array_get(json_object_get(checks, "outbox:age"), 0);
    assert_int_equal(json_integer_value(json_object_get(check, "observedValue")), 61);
    assert_string_equal(text_of(check, "componentId"), "tls://log.example.com:6514");
    json_decref(health);
}

#define DAY_S INT64_C(86400)

static void health_warns_of_each_certificate_that_expires_soon(void **user)
{
    struct health_case *health_case = *user;
    int64_t now_s = health_case->now.wall_ms / 1000;
    struct directory_view directory = {.name = "mms",
                                       .certificate_warning_ms = 14 * DAY_S * 1000,
                                       .n_servers = 4,
                                       .servers = {{"ldaps://a:636", true, now_s + 6 * DAY_S + 5},
                                                   {"ldap://b:389", true, 0},
                                                   {"ldaps://c:636", true, now_s + 14 * DAY_S},
                                                   {"ldaps://d:636", false, now_s - 3 * DAY_S}}};
    struct directory_view quiet = directory;
    const json_t *checks, *nodes;
    json_t *health;
    int code;

    quiet.name = "quiet";
    quiet.certificate_warning_ms = 0;
    g_ptr_array_add(health_case->directories, &directory);
    g_ptr_array_add(health_case->directories, &quiet);
    health_case_add(health_case, "good", VERDICT_MATCH);
    health = render(health_case, &health_json_all, &code);
    checks = json_object_get(health, "checks");
    nodes = json_object_get(checks, "mms:certificate");
    assert_int_equal(code, 200);
    assert_string_equal(text_of(health, "status"), "warn");
    assert_int_equal(json_object_size(checks), 2);
    assert_int_equal(json_array_size(nodes), 2);
    assert_string_equal(text_of(json_array_get(nodes, 0), "status"), "warn");
    assert_string_equal(text_of(json_array_get(nodes, 0), "componentId"), "ldaps://a:636");
    assert_string_equal(text_of(json_array_get(nodes, 0), "output"),
                        "the certificate of ldaps://a:636 expires in 6 days, on 2026-11-29T21:30:28Z");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(nodes, 0), "observedValue")),
                     6 * DAY_S + 5);
    assert_string_equal(text_of(json_array_get(nodes, 1), "output"),
                        "the certificate of ldaps://d:636 expired 3 days ago, on 2026-11-20T21:30:23Z");
    json_decref(health);
}

static void a_certificate_does_not_hide_a_drift(void **user)
{
    struct health_case *health_case = *user;
    struct directory_view directory = {.name = "mms",
                                       .certificate_warning_ms = 1000,
                                       .n_servers = 1,
                                       .servers = {{"ldaps://a:636", true, 1}}};
    json_t *health;
    int code;

    g_ptr_array_add(health_case->directories, &directory);
    health_case_add(health_case, "bad", VERDICT_MOVED);
    health = render(health_case, &health_json_all, &code);
    assert_int_equal(code, 503);
    assert_string_equal(text_of(health, "status"), "fail");
    assert_int_equal(json_object_size(json_object_get(health, "checks")), 3);
    json_decref(health);
}

static void an_expiry_is_told_in_units_that_fit(void **user)
{
    static const struct {
        int64_t left_s;
        const char *expected;
    } cases[] = {
        {13 * DAY_S + 86399, "expires in 13 days"},
        {2 * DAY_S, "expires in 2 days"},
        {2 * DAY_S - 1, "expires in 47 hours"},
        {7199, "expires in 119 minutes"},
        {119, "expires in 119 seconds"},
        {1, "expires in 1 second,"},
        {0, "expires in 0 seconds"},
        {-1, "expired 1 second ago"},
        {-400 * DAY_S, "expired 400 days ago"},
    };

    (void)user;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sentence = expiry_sentence("s", 1795469423 + cases[i].left_s, 1795469423000);
        if (!strstr(sentence, cases[i].expected))
            fail_msg("%s: %s", cases[i].expected, sentence);
    }
    g_autofree char *last = expiry_sentence("s", INT64_C(253402300799), 1795469423000);
    assert_string_equal(last, "the certificate of s expires in 2912116 days, on 9999-12-31T23:59:59Z");
}

static void a_check_is_dated_by_its_reading(void **user)
{
    struct health_case *health_case = *user;
    struct watch_state *state = health_case_add(health_case, "custom", VERDICT_MOVED);
    const json_t *check;
    g_autofree char *text = NULL;
    json_t *health;
    int code;

    state->wall_last_compared_ms += 60000;
    state->wall_last_attempt_ms = health_case->now.wall_ms + 120000;
    text = health_json_watch(state, health_case->now, &code);
    health = json_loads(text, 0, NULL);
    check = json_array_get(json_object_get(json_object_get(health, "checks"), "custom:verdict"), 0);
    assert_string_equal(text_of(check, "time"), "2026-11-23T21:31:23Z");
    assert_string_equal(text_of(check, "since"), "2026-11-23T21:30:23Z");
    json_decref(health);
}

static void a_watch_that_passes_has_no_output(void **user)
{
    struct health_case *health_case = *user;
    struct watch_state *state = health_case_add(health_case, "custom", VERDICT_MATCH);
    g_autofree char *text = NULL;
    int code;

    state->shown.sentence = g_strdup("all is well");
    text = health_json_watch(state, health_case->now, &code);
    assert_int_equal(code, 200);
    assert_null(strstr(text, "output"));
}

static void health_lists_a_thousand_and_counts_the_rest(void **user)
{
    struct health_case *health_case = *user;
    json_t *health;
    int code;

    for (unsigned i = 0; i < HEALTH_JSON_MAX_CHECKS + 5; i++) {
        g_autofree char *name = g_strdup_printf("w%u", i);

        health_case_add(health_case, name, VERDICT_DELETED);
    }
    health = render(health_case, &health_json_all, &code);
    assert_int_equal(json_object_size(json_object_get(health, "checks")), HEALTH_JSON_MAX_CHECKS + 1);
    assert_int_equal(json_integer_value(json_object_get(counts_of(health), "unlisted")), 5);
    assert_int_equal(count_of(health, "deleted"), HEALTH_JSON_MAX_CHECKS + 5);
    json_decref(health);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_watch_has_every_field_of_the_contract_by_its_name, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_match_without_readable_identity_says_null, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hostile_texts_come_out_clean, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_list_of_no_watches_is_a_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(health_fails_for_a_drift_and_lists_only_that, set_up, tear_down),
        cmocka_unit_test_setup_teardown(health_passes_when_all_is_well_and_says_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(health_warns_of_the_daemon_itself_with_200, set_up, tear_down),
        cmocka_unit_test_setup_teardown(health_warns_of_each_certificate_that_expires_soon, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_certificate_does_not_hide_a_drift, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_expiry_is_told_in_units_that_fit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_check_is_dated_by_its_reading, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_watch_that_passes_has_no_output, set_up, tear_down),
        cmocka_unit_test_setup_teardown(health_lists_a_thousand_and_counts_the_rest, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
