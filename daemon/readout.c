#include "readout.h"

#include "config/family.h"
#include "derivation.h"
#include "directory/directory.h"
#include "enquiry.h"

struct readout {
    struct event_base *base;
    const char *prober;
    const struct config *sections;
    struct lookout *lookout;
    GHashTable *directories; /* name -> struct directory: those that keep a source */
    GHashTable *enquiries;   /* round (uint64_t *) -> struct enquiry */
    uint64_t n_enquiries;
};

static GPtrArray *pick_sections(const struct config *written, const char *only)
{
    GPtrArray *sections = g_ptr_array_new_with_free_func((GDestroyNotify)watch_config_unref);

    for (unsigned i = 0; i < written->watches->len; i++) {
        const struct watch_config *section = written->watches->pdata[i];
        if (!only || family_has(section->name, only))
            g_ptr_array_add(sections, watch_config_ref(section));
    }
    return sections;
}

/* --- sources that a directory keeps */

static void on_observation(void *user, const char *directory, uint64_t round, struct observation *observation)
{
    struct readout *readout = user;
    g_autoptr(observation_t) seen = observation;

    (void)directory;
    enquiry_tell(g_hash_table_lookup(readout->enquiries, &round), seen, readout->lookout);
}

static void on_round_end(void *user, const char *directory, uint64_t round)
{
    (void)user;
    (void)directory;
    (void)round;
}

/* NULL and a sentence if nobody can log in to it from here. */
static struct directory *find_directory(struct readout *readout, const char *name, GError **error)
{
    static const struct directory_listener listener = {on_observation, on_round_end, NULL};
    struct directory *directory = g_hash_table_lookup(readout->directories, name);
    struct directory_config *settings;

    if (directory)
        return directory;
    settings = directory_config_dup(config_directory(readout->sections, name));
    if (directory_config_find_secret(settings, error)) {
        directory = directory_new(readout->base, settings, readout->prober, &listener, readout);
        g_hash_table_insert(readout->directories, g_strdup(name), directory);
    }
    directory_config_free(settings);
    return directory;
}

static void on_ask(void *user, const char *watch, uint64_t number, const struct source *source)
{
    struct readout *readout = user;
    struct enquiry *enquiry = enquiry_new(++readout->n_enquiries, watch, number, source);
    g_autoptr(GError) error = NULL;
    struct directory *directory = find_directory(readout, source->section, &error);
    struct failure refused = {PHASE_BIND, REASON_BIND, 0, error ? error->message : NULL};

    g_hash_table_insert(readout->enquiries, &enquiry->round, enquiry);
    if (directory)
        directory_ask(directory,
                      enquiry_round(enquiry, source, config_directory(readout->sections, source->section)));
    else
        lookout_answer(readout->lookout, watch, number, NULL, &refused);
}

/* --- the loop */

static bool is_read(const struct config *sections, const struct lookout *lookout)
{
    for (unsigned i = 0; i < sections->watches->len; i++) {
        const struct watch_config *section = sections->watches->pdata[i];
        if (section->dn_from && !lookout_values(lookout, section->name) &&
            !lookout_failure(lookout, section->name)->text)
            return false;
    }
    return true;
}

/* It is seen when the loop comes back. */
static void on_change(void *user)
{
    (void)user;
}

struct config *readout_of(struct event_base *base, const char *prober, const struct config *written,
                          const char *only)
{
    static const struct lookout_listener listener = {on_change, on_ask};
    g_autoptr(config_t) sections = config_derive(written, pick_sections(written, only));
    g_autoptr(GHashTable) directories =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)directory_free);
    g_autoptr(GHashTable) enquiries = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, enquiry_free);
    struct readout readout = {base, prober, sections, NULL, directories, enquiries, 0};
    struct config *config;

    readout.lookout = lookout_new(base, &listener, &readout);
    lookout_follow(readout.lookout, sections);
    while (!is_read(sections, readout.lookout))
        event_base_loop(base, EVLOOP_ONCE);
    config = derivation_of(sections, readout.lookout);
    lookout_free(readout.lookout);
    return config;
}
