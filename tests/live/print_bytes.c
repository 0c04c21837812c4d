/* print_bytes: texts as no directory would hold them, through every printer there is. Reads batches from
 * stdin: how many alerts, and for each of them N_TEXTS texts; numbers are 32 bits in the machine's order, a
 * text is its length and its bytes. Answers each alert with ALERT_PRINTS texts and the batch with
 * PAGE_PRINTS. bytes_run.py knows the order. Field i of alert n has text (i + n) % N_TEXTS, so that each text
 * comes through each printer, and in time into each field. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alert/event_json.h"
#include "alert/fields.h"
#include "alert/firing.h"
#include "alert/message.h"
#include "alert/record.h"
#include "alert/record_plain.h"
#include "ctl/plugin.h"
#include "ctl/say.h"
#include "ctl/table.h"
#include "dn/print.h"
#include "health/health_json.h"
#include "health/history_json.h"
#include "health/metrics.h"
#include "health/page.h"
#include "health/watch_json.h"
#include "health_case.h"

#define N_TEXTS   3
#define MAX_BYTES (1 << 20)
#define ID        "ab12cd34-1"
#define WALL_MS   INT64_C(1795469423000)

/* --- the pipe */

static bool read_number(uint32_t *ret_number)
{
    return fread(ret_number, sizeof *ret_number, 1, stdin) == 1;
}

static GBytes *read_bytes(void)
{
    uint32_t length = 0;
    char *bytes;

    if (!read_number(&length) || length > MAX_BYTES)
        exit(2);
    bytes = g_malloc(length + 1);
    if (fread(bytes, 1, length, stdin) != length)
        exit(2);
    return g_bytes_new_take(bytes, length);
}

static void write_bytes(FILE *out, const char *bytes, size_t length)
{
    uint32_t number = (uint32_t)length;

    fwrite(&number, sizeof number, 1, out);
    fwrite(bytes, 1, length, out);
}

/* Takes it. */
static void write_text(FILE *out, char *text)
{
    write_bytes(out, text, strlen(text));
    free(text); /* as g_free() does */
}

/* --- one case */

struct sample {
    unsigned number;
    char *texts[N_TEXTS];
    char *dns[N_TEXTS]; /* the same as the name of an entry */
};

static const char *text_of(const struct sample *sample, unsigned field)
{
    return sample->texts[(field + sample->number) % N_TEXTS];
}

static char *dn_of(GBytes *bytes)
{
    size_t length;
    const char *value = g_bytes_get_data(bytes, &length);
    struct dn_ava ava = {(char *)"cn", (char *)value, length, false};
    struct dn_rdn rdn = {&ava, 1};

    return dn_print_rdn(&rdn);
}

/* What has a NUL is a text only inside a DN. */
static struct sample sample_read(unsigned number)
{
    struct sample sample = {.number = number};

    for (unsigned i = 0; i < N_TEXTS; i++) {
        g_autoptr(GBytes) bytes = read_bytes();
        size_t length;
        const char *data = g_bytes_get_data(bytes, &length);

        sample.dns[i] = dn_of(bytes);
        sample.texts[i] = memchr(data, '\0', length) ? g_strdup(sample.dns[i]) : g_strndup(data, length);
    }
    return sample;
}

static void sample_clear(struct sample *sample)
{
    for (unsigned i = 0; i < N_TEXTS; i++) {
        g_free(sample->texts[i]);
        g_free(sample->dns[i]);
    }
}

static struct stamp stamp_of(const struct sample *sample)
{
    return (struct stamp){WALL_MS, g_strdup(text_of(sample, 0)), g_strdup(text_of(sample, 1))};
}

static struct history_entry *entry_of(const struct sample *sample)
{
    struct history_entry *entry = history_entry_new();
    struct alert *alert = &entry->alert;

    alert->number = sample->number + 1;
    alert->word = WORD_DRIFT;
    alert->severity = word_severity(WORD_DRIFT);
    alert->wall_time_ms = WALL_MS;
    alert->name = g_strdup_printf("watch-%u", sample->number);
    alert->sentence = g_strdup(text_of(sample, 0));
    alert->cause = g_strdup(text_of(sample, 1));
    for (unsigned i = 0; i < TAG_COUNT; i++)
        alert_set_tag(alert, (enum tag)i, i == TAG_ALERT ? ID : text_of(sample, i));
    alert->changed = stamp_of(sample);
    return entry;
}

static void watch_fill(struct watch_state *state, const struct sample *sample)
{
    char **fields[] = {&state->directory,           &state->consumer,
                       &state->configured,          &state->shown.live,
                       &state->shown.sentence,      &state->fix,
                       &state->shown.remedy,        &state->shown.identity,
                       &state->shown.first_missing, &state->shown.pinned_live,
                       &state->shown.certainty,     &state->shown.server,
                       &state->shown.vintage,       &state->pin.dn,
                       &state->pin.parent_identity, &state->silence,
                       &state->last_failure.text,   &state->alert};

    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++)
        state_set_text(fields[i], text_of(sample, i));
    state->attribute = sample->number % 2 ? NULL : g_strdup("description");
    state->shown.changed = stamp_of(sample);
    state->last_failure.phase = PHASE_SEARCH;
}

/* --- what is printed of one */

static char *print_environment(const struct alert *alert)
{
    g_auto(GStrv) variables = event_json_environment(alert, ID);

    return g_strjoinv("\n", variables);
}

static char *print_plain(const struct alert *alert, const char *line)
{
    struct fields fields;
    char *plain;

    fields_fill(&fields, alert, ID, RECORD_MAX_VALUE);
    plain = record_plain_print(&fields);
    fields_clear(&fields);
    if (strlen(plain) <= RECORD_MAX_BYTES)
        return plain;
    g_free(plain);
    return g_strdup(line); /* all its values are shorter */
}

static char *print_firing(const struct alert *alert)
{
    const struct alertmanager_config config = {0};
    const struct firing_post post = {FIRING_DRIFT, alert, alert->severity, WALL_MS, WALL_MS + 1, WALL_MS};
    GString *text = g_string_new(NULL);

    firing_print(text, &post, &config);
    return g_string_free(text, FALSE);
}

static void print_alert(FILE *out, const struct alert *alert)
{
    const struct message_origin origin = {24, "mail1.example.com", 1, 32473};
    char *line = record_format(alert, ID);

    write_text(out, print_plain(alert, line));
    write_text(out, line);
    write_text(out, message_print(&origin, alert, ID, MESSAGE_MAX_BYTES));
    write_text(out, message_print(&origin, alert, ID, MESSAGE_MAX_DATAGRAM));
    write_text(out, event_json_print(alert, ID));
    write_text(out, print_environment(alert));
    write_text(out, print_firing(alert));
}

/* What the tool shows of the daemon's answer. */
static char *print_table(const json_t *watch)
{
    g_autoptr(table_t) table = table_new(2);
    const char *cells[] = {"live", json_string_value(json_object_get(watch, "live"))};

    table_add(table, cells);
    table_add_note(table, json_string_value(json_object_get(watch, "sentence")));
    return table_print(table);
}

static char *print_watch(const json_t *watch)
{
    char *json = json_dumps(watch, JSON_INDENT(1));
    char *text = g_strdup(json);

    free(json);
    return text;
}

/* What the tool says by itself. */
static char *print_said(const char *text)
{
    FILE *terminal = stdout;
    char *said = NULL;
    size_t length;

    stdout = open_memstream(&said, &length);
    say(stdout, text);
    plugin_say(PLUGIN_CRITICAL, text, "time=1s");
    plugin_say_more(text);
    fclose(stdout);
    stdout = terminal;
    return said;
}

static void print_one(FILE *out, const struct sample *sample, const struct history_entry *entry,
                      const struct watch_state *state, struct now now)
{
    json_t *watch = watch_json(state, now);
    int code;

    for (unsigned i = 0; i < N_TEXTS; i++)
        write_bytes(out, sample->dns[i], strlen(sample->dns[i]));
    print_alert(out, &entry->alert);
    write_text(out, print_watch(watch));
    write_text(out, health_json_watch(state, now, &code));
    write_text(out, print_table(watch));
    write_text(out, print_said(text_of(sample, 0)));
    json_decref(watch);
}

/* --- what is printed of all */

static char *print_history(const struct history_page *page)
{
    GString *text = history_json_begin(page, WALL_MS);

    for (unsigned i = 0; i < page->entries->len; i++)
        history_json_add(text, page->entries->pdata[i]);
    return history_json_end(text);
}

static void print_pages(FILE *out, const struct health_case *health_case, const struct history_page *page)
{
    static const struct snapshot_kind *const kinds[] = {&watch_json_list, &health_json_all,
                                                        &metrics_prometheus, &metrics_openmetrics, &page_all};
    int code;

    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        write_text(out, health_case_render(health_case, kinds[i], &code));
    write_text(out, print_history(page));
}

static void print_batch(FILE *out, unsigned n_samples)
{
    struct directory_view directory = {.name = "mms"};
    g_autofree struct sample *samples = g_new0(struct sample, n_samples);
    struct history_page *page = history_page_new();
    struct health_case health_case;

    health_case_init(&health_case);
    for (unsigned i = 0; i < n_samples; i++) {
        g_autofree char *name = g_strdup_printf("watch-%u", i);
        struct watch_state *state = health_case_add(&health_case, name, VERDICT_RENAMED);
        struct history_entry *entry;

        samples[i] = sample_read(i);
        entry = entry_of(&samples[i]);
        watch_fill(state, &samples[i]);
        g_ptr_array_add(page->entries, entry);
        print_one(out, &samples[i], entry, state, health_case.now);
    }
    for (unsigned i = 0; n_samples > 0 && i < N_TEXTS; i++)
        directory.servers[directory.n_servers++].server = samples[0].texts[i];
    g_ptr_array_add(health_case.directories, &directory);
    print_pages(out, &health_case, page);
    history_page_free(page);
    health_case_clear(&health_case);
    for (unsigned i = 0; i < n_samples; i++)
        sample_clear(&samples[i]);
}

int main(void)
{
    FILE *out = fdopen(dup(STDOUT_FILENO), "w");
    uint32_t n_samples;

    if (!out)
        return 2;
    while (read_number(&n_samples)) {
        print_batch(out, n_samples);
        fflush(out);
    }
    return 0;
}
