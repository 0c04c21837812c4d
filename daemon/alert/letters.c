#include "alert/letters.h"

#define MAX_SEARCHED 1000 /* for a reminder */

void letters_init(struct letters *letters)
{
    g_queue_init(&letters->queue);
    letters->n_unstored = 0;
}

void letters_clear(struct letters *letters)
{
    while (letters_depth(letters) > 0)
        alert_free(letters_take_first(letters));
}

/* The first place from the end that keeps the numbers rising. */
void letters_add(struct letters *letters, struct alert *alert, bool is_stored, int64_t boot_now_ms)
{
    struct letter *letter = g_new0(struct letter, 1);
    GList *link = letters->queue.tail;

    letter->alert = alert;
    letter->is_stored = is_stored;
    letter->boot_added_ms = boot_now_ms;
    letters->n_unstored += is_stored ? 0 : 1;
    while (link && ((const struct letter *)link->data)->alert->number > alert->number)
        link = link->prev;
    if (link)
        g_queue_insert_after(&letters->queue, link, letter);
    else
        g_queue_push_head(&letters->queue, letter);
}

unsigned letters_depth(const struct letters *letters)
{
    return letters->queue.length;
}

const struct letter *letters_first(const struct letters *letters)
{
    return letters->queue.head ? letters->queue.head->data : NULL;
}

static struct alert *letters_take(struct letters *letters, GList *link)
{
    struct letter *letter = link->data;
    struct alert *alert = letter->alert;

    g_queue_delete_link(&letters->queue, link);
    letters->n_unstored -= letter->is_stored ? 0 : 1;
    g_free(letter);
    return alert;
}

struct alert *letters_take_first(struct letters *letters)
{
    return letters_take(letters, letters->queue.head);
}

struct alert *letters_take_victim(struct letters *letters, bool is_stored)
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
    return victim ? letters_take(letters, victim) : NULL;
}
