#include "alert/outbox.h"

#include "alert/alertmanager.h"
#include "alert/exec.h"
#include "alert/local.h"
#include "alert/remote.h"

#define GONE "it was taken out of the configuration"

/* The kinds of outlets, in the order in which they are shown. */
static const struct way_kind *const kinds[] = {&local_way, &remote_way, &exec_way, &alertmanager_way};

struct outbox {
    struct event_base *base;
    const struct outlet_listener *listener;
    void *user;
    char *store_id;
    GPtrArray *outlets; /* of struct outlet */
};

static struct outlet *outbox_find(const struct outbox *outbox, const char *name)
{
    for (unsigned i = 0; i < outbox->outlets->len; i++)
        if (outlet_name(outbox->outlets->pdata[i]) == name)
            return outbox->outlets->pdata[i];
    return NULL;
}

struct outbox *outbox_new(struct event_base *base, const struct config *config, const char *store_id,
                          const struct outlet_listener *listener, void *user)
{
    struct outbox *outbox = g_new0(struct outbox, 1);

    outbox->base = base;
    outbox->listener = listener;
    outbox->user = user;
    outbox->store_id = g_strdup(store_id);
    outbox->outlets = g_ptr_array_new_with_free_func((GDestroyNotify)outlet_free);
    outbox_reload(outbox, config);
    return outbox;
}

void outbox_list(const struct outbox *outbox, GPtrArray *names)
{
    for (unsigned i = 0; i < outbox->outlets->len; i++)
        g_ptr_array_add(names, (void *)outlet_name(outbox->outlets->pdata[i]));
}

/* They may be many, and are kept for those alone who tell each. */
static bool outbox_wants_members(const struct outbox *outbox)
{
    for (unsigned i = 0; i < outbox->outlets->len; i++)
        if (outlet_wants_members(outbox->outlets->pdata[i]))
            return true;
    return false;
}

void outbox_add(struct outbox *outbox, struct alert *alert, GPtrArray *members, bool is_stored,
                const GPtrArray *outlets)
{
    g_autoptr(letter_t) letter = letter_new(alert, members, outbox->store_id, is_stored);

    if (!outbox_wants_members(outbox))
        g_clear_pointer(&letter->members, g_ptr_array_unref);
    for (unsigned i = 0; i < outlets->len; i++) {
        struct outlet *outlet = outbox_find(outbox, outlets->pdata[i]);

        if (outlet)
            outlet_add(outlet, letter_ref(letter));
        else
            outbox->listener->on_given_up(outbox->user, outlets->pdata[i], alert->number, GONE);
    }
}

/* The outlet of that name goes on if there is one. */
static struct outlet *outbox_continue(struct outbox *outbox, const struct way_kind *kind, const char *name,
                                      const struct config *config)
{
    struct outlet *outlet = outbox_find(outbox, name);
    guint index;

    if (!g_ptr_array_find(outbox->outlets, outlet, &index))
        return outlet_new(outbox->base, kind, name, config, outbox->listener, outbox->user);
    g_ptr_array_steal_index(outbox->outlets, index);
    outlet_reload(outlet, config);
    return outlet;
}

void outbox_reload(struct outbox *outbox, const struct config *config)
{
    GPtrArray *outlets = g_ptr_array_new_with_free_func((GDestroyNotify)outlet_free);

    for (unsigned k = 0; k < G_N_ELEMENTS(kinds); k++) {
        g_autoptr(GPtrArray) names = g_ptr_array_new();

        kinds[k]->list(config, names);
        for (unsigned i = 0; i < names->len; i++)
            g_ptr_array_add(outlets, outbox_continue(outbox, kinds[k], names->pdata[i], config));
    }
    for (unsigned i = 0; i < outbox->outlets->len; i++)
        outlet_give_up(outbox->outlets->pdata[i], GONE);
    g_ptr_array_unref(outbox->outlets);
    outbox->outlets = outlets;
}

unsigned outbox_depth(const struct outbox *outbox)
{
    unsigned depth = 0;

    for (unsigned i = 0; i < outbox->outlets->len; i++)
        depth += outbox_outlet(outbox, i).depth;
    return depth;
}

unsigned outbox_n_outlets(const struct outbox *outbox)
{
    return outbox->outlets->len;
}

struct outlet_figures outbox_outlet(const struct outbox *outbox, unsigned index)
{
    return outlet_figures(outbox->outlets->pdata[index]);
}

void outbox_flush(struct outbox *outbox)
{
    for (unsigned i = 0; i < outbox->outlets->len; i++)
        outlet_flush(outbox->outlets->pdata[i]);
}

void outbox_free(struct outbox *outbox)
{
    if (!outbox)
        return;
    outbox_flush(outbox);
    g_ptr_array_unref(outbox->outlets);
    g_free(outbox->store_id);
    g_free(outbox);
}
