#include "alert/posts.h"

void posts_init(struct posts *posts, posts_sure_fn on_sure, void *user)
{
    g_queue_init(&posts->queue);
    posts->n_taken = posts->n_owed = 0;
    posts->on_sure = on_sure;
    posts->user = user;
}

static void post_trust(const struct posts *posts, struct post *post)
{
    if (!post->is_taken || post->is_sure)
        return;
    post->is_sure = true;
    posts->on_sure(posts->user, post->number);
}

static void posts_remove(struct posts *posts, GList *link)
{
    struct post *post = link->data;

    posts->n_taken -= post->is_taken;
    posts->n_owed -= post->is_owed;
    g_free(post->message);
    g_free(post);
    g_queue_delete_link(&posts->queue, link);
}

void posts_clear(struct posts *posts)
{
    while (posts->queue.head)
        posts_remove(posts, posts->queue.head);
}

void posts_add(struct posts *posts, uint64_t number, char *message)
{
    struct post *post = g_new0(struct post, 1);

    post->number = number;
    post->message = message;
    g_queue_push_tail(&posts->queue, post);
}

static struct post *posts_first(const struct posts *posts)
{
    return posts->queue.head ? posts->queue.head->data : NULL;
}

/* The oldest stand first. */
void posts_forget(struct posts *posts, int64_t kept_ms, int64_t mono_now_ms)
{
    struct post *first;

    while ((first = posts_first(posts)) && first->is_taken && !first->is_owed &&
           (posts->n_taken > POSTS_MAX_TAKEN || mono_now_ms - first->mono_taken_ms >= kept_ms)) {
        post_trust(posts, first);
        posts_remove(posts, posts->queue.head);
    }
}

void posts_trust(struct posts *posts)
{
    for (GList *link = posts->queue.head; link; link = link->next)
        if (!((const struct post *)link->data)->is_owed)
            post_trust(posts, link->data);
}

bool posts_note_taken(struct posts *posts, uint64_t number, int64_t mono_now_ms)
{
    GList *link = posts->queue.tail;
    struct post *post;
    bool is_news, is_owed;

    while (link && ((const struct post *)link->data)->number != number)
        link = link->prev;
    if (!link)
        return false;
    post = link->data;
    is_news = !post->is_taken;
    is_owed = post->is_owed;
    posts->n_taken += is_news;
    posts->n_owed -= is_owed;
    post->is_taken = true;
    post->is_owed = false;
    if (is_news || is_owed)
        post->mono_taken_ms = mono_now_ms;
    posts_forget(posts, POSTS_KEPT_MS, mono_now_ms);
    return is_news;
}

/* Whether what was taken goes out again. */
static bool post_is_due(const struct post *post, int64_t kept_ms, int64_t mono_now_ms)
{
    bool is_young = mono_now_ms - post->mono_taken_ms < kept_ms;

    if (kept_ms == 0)
        return post->is_owed;
    return (post->is_owed || is_young) && post->n_owed < POSTS_MAX_OWED;
}

static void post_owe(struct posts *posts, struct post *post, int64_t kept_ms)
{
    posts->n_owed += !post->is_owed;
    post->is_owed = true;
    post->n_owed += kept_ms > 0;
}

void posts_break(struct posts *posts, int64_t kept_ms, int64_t mono_now_ms)
{
    GList *next;

    for (GList *link = posts->queue.head; link; link = next) {
        struct post *post = link->data;

        next = link->next;
        if (post->is_taken && post_is_due(post, kept_ms, mono_now_ms)) {
            post_owe(posts, post, kept_ms);
            continue;
        }
        post_trust(posts, post);
        posts_remove(posts, link);
    }
}

bool posts_has_untaken(const struct posts *posts)
{
    for (const GList *link = posts->queue.head; link; link = link->next)
        if (!((const struct post *)link->data)->is_taken)
            return true;
    return false;
}

const struct post *posts_first_owed(const struct posts *posts)
{
    for (const GList *link = posts->n_owed > 0 ? posts->queue.head : NULL; link; link = link->next)
        if (((const struct post *)link->data)->is_owed)
            return link->data;
    return NULL;
}
