#include "alert/telling.h"

#include "alert/clock.h"

/* The body in the making. */
struct body {
    GString *text;
    unsigned n_alerts;
    int64_t wall_now_ms;
};

static void body_init(struct body *body)
{
    *body = (struct body){g_string_new("["), 0, g_get_real_time() / 1000};
}

static bool body_is_full(const struct body *body)
{
    return body->n_alerts >= TELLING_MAX_ALERTS || body->text->len >= TELLING_MAX_BYTES;
}

static void body_add(struct body *body, const struct firing_post *post,
                     const struct alertmanager_config *config)
{
    if (body->n_alerts++ > 0)
        g_string_append_c(body->text, ',');
    firing_print(body->text, post, config);
}

/* NULL: there is nothing in it. */
static char *body_finish(struct body *body)
{
    g_string_append_c(body->text, ']');
    return g_string_free(body->text, body->n_alerts == 0);
}

void telling_init(struct telling *telling, const struct alertmanager_config *config,
                  const struct open_view *open)
{
    *telling = (struct telling){.open = *open};
    alertmanager_config_copy(config, &telling->config);
    ledger_init(&telling->ledger);
}

void telling_clear(struct telling *telling)
{
    ledger_clear(&telling->ledger);
    alertmanager_config_clear(&telling->config);
}

void telling_take_letter(struct telling *telling, const struct letter *letter)
{
    telling->letter = letter;
    telling->next_member = 0;
}

void telling_start_sweep(struct telling *telling)
{
    ledger_open_sweep(&telling->ledger);
    telling->is_sweeping = true;
    telling->mono_sweep_ms = clock_ms();
    telling->next_place = telling->next_ended = 0;
}

void telling_take_back(struct telling *telling)
{
    telling->is_again = !telling->is_again;
    if (!telling->is_again)
        return;
    telling->next_place = telling->begun.place;
    telling->next_ended = telling->begun.ended;
}

void telling_stop(struct telling *telling)
{
    telling->letter = NULL;
    telling->mono_sweep_ms = clock_ms();
}

/* How long the sweep that is under way has taken. */
static int64_t swept_ms(const struct telling *telling)
{
    return telling->is_sweeping ? MIN(clock_ms() - telling->mono_sweep_ms, TELLING_MAX_SWEEP_MS) : 0;
}

/* So long what is told goes on without another word. */
static int64_t lasting_ms(const struct telling *telling)
{
    int64_t longest_ms = MAX(telling->sweep_ms, swept_ms(telling));

    return TELLING_INTERVALS * MAX(telling->config.interval_ms, longest_ms);
}

/* --- what goes on, and what has ended */

static enum firing firing_of(const struct alert *open)
{
    return open->word == WORD_DRIFT     ? FIRING_DRIFT
           : open->word == WORD_INVALID ? FIRING_INVALID
                                        : FIRING_UNVERIFIABLE;
}

/* A clock that was set back has no beginning or end after now. */
static void add_ended(const struct telling *telling, const struct ended *ended, struct body *body)
{
    int64_t wall_ends_ms = MIN(ended->alert->wall_time_ms, body->wall_now_ms);
    struct firing_post post = {
        .firing = ended->firing,
        .alert = ended->alert,
        .severity = ended->fire.severity,
        .wall_starts_ms = MIN(ended->fire.wall_starts_ms, wall_ends_ms),
        .wall_ends_ms = wall_ends_ms,
    };

    body_add(body, &post, &telling->config);
}

/* Takes the alert, and gives it the labels that it has there. */
static void end_fire(struct telling *telling, enum firing firing, struct alert *alert, struct fire fire,
                     struct body *body)
{
    if (fire.directory)
        alert_set_tag(alert, TAG_DIRECTORY, fire.directory);
    add_ended(telling, ledger_end(&telling->ledger, firing, alert, fire, clock_ms()), body);
}

/* A watch with another severity or directory is another alert there. */
static void end_relabelled(struct telling *telling, const struct firing_post *post, struct body *body)
{
    const struct fire *known = ledger_find(&telling->ledger, post->firing, post->alert->name);
    const char *label = firing_severity(post->firing, post->severity);
    struct alert *end;

    if (!known || (g_strcmp0(known->directory, post->alert->tags[TAG_DIRECTORY]) == 0 &&
                   g_str_equal(firing_severity(post->firing, known->severity), label)))
        return;
    end = alert_dup(post->alert);
    end->wall_time_ms = body->wall_now_ms;
    g_free(end->sentence);
    end->sentence = g_strdup("goes on with other labels");
    end_fire(telling, post->firing, end, *known, body);
}

static void add_open(struct telling *telling, const struct alert *open, struct body *body)
{
    struct firing_post post = {
        .firing = firing_of(open),
        .alert = open,
        .severity = open->severity,
        .wall_starts_ms = MIN(open->wall_time_ms, body->wall_now_ms),
        .wall_ends_ms = body->wall_now_ms + lasting_ms(telling),
        .wall_now_ms = body->wall_now_ms,
    };

    end_relabelled(telling, &post, body);
    body_add(body, &post, &telling->config);
    ledger_begin(&telling->ledger, &post);
}

/* --- of a letter */

static const struct alert *find_open(const GPtrArray *open, enum firing firing)
{
    for (unsigned i = 0; i < open->len; i++)
        if (firing_of(open->pdata[i]) == firing)
            return open->pdata[i];
    return NULL;
}

static bool goes_on_there(const struct telling *telling, const char *name)
{
    for (unsigned i = 0; i < FIRING_COUNT; i++)
        if (ledger_find(&telling->ledger, (enum firing)i, name))
            return true;
    return false;
}

/* Whether that ends something there, and what. What an earlier daemon told is not known: then it is what the
 * word means first of all, and anything else runs out by itself. */
static bool is_end(const struct telling *telling, enum firing firing, const struct alert *alert,
                   bool is_known_there, struct fire *fire)
{
    enum firing_effect effect = firing_effect(alert->word, firing);
    const struct fire *known = ledger_find(&telling->ledger, firing, alert->name);

    if (effect != FIRING_ENDS && effect != FIRING_ENDS_SURELY)
        return false;
    if (known)
        *fire = *known;
    return known || (effect == FIRING_ENDS_SURELY && !is_known_there &&
                     (firing == FIRING_UNVERIFIABLE || alert->tags[TAG_WATCH]));
}

static void add_end(struct telling *telling, enum firing firing, const struct alert *alert, struct fire fire,
                    struct body *body)
{
    const struct letter *letter = telling->letter;
    struct alert *copy = alert_dup(alert);

    alert_set_tag(copy, TAG_ALERT, letter->id);
    if (alert != letter->alert && !copy->cause)
        copy->cause = g_strdup(letter->alert->sentence);
    end_fire(telling, firing, copy, fire, body);
}

/* One watch, or one directory. */
static void add_told(struct telling *telling, const struct alert *alert, struct body *body)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    int drift_severity = telling->open.find(telling->open.user, alert->name, open);
    bool is_known_there = goes_on_there(telling, alert->name);

    for (unsigned i = 0; i < FIRING_COUNT; i++) {
        enum firing firing = (enum firing)i;
        const struct alert *now = find_open(open, firing);
        struct fire fire = {.severity = drift_severity};

        if (now && firing_effect(alert->word, firing) != FIRING_STAYS)
            add_open(telling, now, body);
        else if (!now && is_end(telling, firing, alert, is_known_there, &fire))
            add_end(telling, firing, alert, fire, body);
    }
}

char *telling_next_of_letter(struct telling *telling)
{
    const GPtrArray *members = telling->letter->members;
    struct body body;

    body_init(&body);
    for (; telling->next_member < (members ? members->len : 1) && !body_is_full(&body);
         telling->next_member++)
        add_told(telling, members ? members->pdata[telling->next_member] : telling->letter->alert, &body);
    return body_finish(&body);
}

/* --- of a sweep */

static bool add_open_at(struct telling *telling, unsigned place, struct body *body)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);

    if (!telling->open.list(telling->open.user, place, open))
        return false;
    for (unsigned i = 0; i < open->len; i++)
        add_open(telling, open->pdata[i], body);
    return true;
}

/* Where the next body begins; the same place as before: it is told once more. */
static void note_position(struct telling *telling)
{
    const struct position next = {telling->next_place, telling->next_ended};

    if (next.place != telling->begun.place || next.ended != telling->begun.ended)
        telling->is_again = false;
    telling->begun = next;
}

char *telling_next_of_sweep(struct telling *telling)
{
    struct body body;
    char *text;

    note_position(telling);
    body_init(&body);
    while (!body_is_full(&body) && add_open_at(telling, telling->next_place, &body))
        telling->next_place++;
    for (; telling->next_ended < telling->ledger.ended->len && !body_is_full(&body); telling->next_ended++) {
        const struct ended *ended = ledger_ended(&telling->ledger, telling->next_ended);

        if (ended)
            add_ended(telling, ended, &body);
    }
    text = body_finish(&body);
    if (text)
        return text;
    ledger_close_sweep(&telling->ledger, clock_ms());
    telling->sweep_ms = swept_ms(telling);
    telling->is_sweeping = false;
    return NULL;
}
