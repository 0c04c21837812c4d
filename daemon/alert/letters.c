#include "alert/letters.h"

#include <time.h>

#define MAX_SEARCHED 1000 /* for a reminder */

static int64_t boot_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct letter *letter_new(struct alert *alert, GPtrArray *members, const char *store_id, bool is_stored)
{
    struct letter *letter = g_rc_box_new0(struct letter);

    letter->alert = alert;
    letter->members = members;
    letter->id = g_strdup_printf("%s-%" G_GUINT64_FORMAT, store_id, alert->number);
    letter->is_stored = is_stored;
    letter->boot_added_ms = boot_now_ms();
    return letter;
}

struct letter *letter_ref(struct letter *letter)
{
    return g_rc_box_acquire(letter);
}

static void letter_clear(void *data)
{
    struct letter *letter = data;

    alert_free(letter->alert);
    g_clear_pointer(&letter->members, g_ptr_array_unref);
    g_free(letter->id);
}

void letter_unref(struct letter *letter)
{
    if (letter)
        g_rc_box_release_full(letter, letter_clear);
}

int64_t letter_age_ms(const struct letter *letter)
{
    return boot_now_ms() - letter->boot_added_ms;
}

void letters_init(struct letters *letters)
{
    g_queue_init(&letters->queue);
    letters->n_unstored = 0;
}

void letters_clear(struct letters *letters)
{
    while (letters_depth(letters) > 0)
        letter_unref(letters_take_first(letters));
}

static uint64_t number_of(const GList *link)
{
    return ((const struct letter *)link->data)->alert->number;
}

/* Before `link`; NULL: at the end. */
static void letters_insert(struct letters *letters, GList *link, struct letter *letter)
{
    letters->n_unstored += letter->is_stored ? 0 : 1;
    g_queue_insert_before(&letters->queue, link, letter);
}

void letters_add(struct letters *letters, struct letter *letter)
{
    GList *next = NULL;

    for (GList *link = letters->queue.tail; link && number_of(link) > letter->alert->number;
         link = link->prev)
        next = link;
    letters_insert(letters, next, letter);
}

void letters_put_back(struct letters *letters, struct letter *letter)
{
    GList *next = letters->queue.head;

    while (next && number_of(next) < letter->alert->number)
        next = next->next;
    letters_insert(letters, next, letter);
}

unsigned letters_depth(const struct letters *letters)
{
    return letters->queue.length;
}

struct letter *letters_first(const struct letters *letters)
{
    return letters->queue.head ? letters->queue.head->data : NULL;
}

static struct letter *letters_take_link(struct letters *letters, GList *link)
{
    struct letter *letter = link->data;

    g_queue_delete_link(&letters->queue, link);
    letters->n_unstored -= letter->is_stored ? 0 : 1;
    return letter;
}

struct letter *letters_take_first(struct letters *letters)
{
    return letters_take_link(letters, letters->queue.head);
}

struct letter *letters_take(struct letters *letters, uint64_t number)
{
    GList *link = letters->queue.head;

    while (link && number_of(link) != number)
        link = link->next;
    return link ? letters_take_link(letters, link) : NULL;
}

struct letter *letters_take_victim(struct letters *letters, bool is_stored)
{
    GList *victim = NULL;
    int n_searched = 0;

    for (GList *link = letters->queue.head; link && n_searched < MAX_SEARCHED; link = link->next) {
        const struct letter *letter = link->data;

        if (letter->is_stored != is_stored)
            continue;
        n_searched++;
        victim = victim ? victim : link;
        if (letter->alert->word == WORD_REMINDER) {
            victim = link;
            break;
        }
    }
    return victim ? letters_take_link(letters, victim) : NULL;
}
