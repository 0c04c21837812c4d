#include "alert/posts.h"

void posts_init(struct posts *posts)
{
    g_queue_init(&posts->queue);
    posts->n_taken = 0;
}

static void posts_remove(struct posts *posts, GList *link)
{
    struct post *post = link->data;

    posts->n_taken -= post->is_taken ? 1 : 0;
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

/* The oldest stand first. */
static void posts_forget(struct posts *posts, int64_t mono_now_ms)
{
    const struct post *first = posts->queue.head ? posts->queue.head->data : NULL;

    while (first && first->is_taken && !first->is_owed &&
           (posts->n_taken > POSTS_MAX_TAKEN || mono_now_ms - first->mono_taken_ms > POSTS_KEPT_MS)) {
        posts_remove(posts, posts->queue.head);
        first = posts->queue.head ? posts->queue.head->data : NULL;
    }
}

bool posts_note_taken(struct posts *posts, uint64_t number, int64_t mono_now_ms)
{
    GList *link = posts->queue.tail;
    struct post *post;
    bool is_news;

    while (link && ((const struct post *)link->data)->number != number)
        link = link->prev;
    if (!link)
        return false;
    post = link->data;
    is_news = !post->is_taken;
    posts->n_taken += is_news ? 1 : 0;
    post->is_taken = true;
    post->is_owed = false;
    if (is_news)
        post->mono_taken_ms = mono_now_ms;
    posts_forget(posts, mono_now_ms);
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

void posts_break(struct posts *posts, int64_t kept_ms, int64_t mono_now_ms)
{
    GList *next;

    for (GList *link = posts->queue.head; link; link = next) {
        struct post *post = link->data;

        next = link->next;
        if (!post->is_taken || !post_is_due(post, kept_ms, mono_now_ms)) {
            posts_remove(posts, link);
            continue;
        }
        post->is_owed = true;
        post->n_owed += kept_ms > 0 ? 1 : 0;
    }
}

static bool posts_has(const struct posts *posts, bool (*is_such)(const struct post *post))
{
    for (const GList *link = posts->queue.head; link; link = link->next)
        if (is_such(link->data))
            return true;
    return false;
}

static bool is_untaken(const struct post *post)
{
    return !post->is_taken;
}

static bool is_owed(const struct post *post)
{
    return post->is_owed;
}

bool posts_has_untaken(const struct posts *posts)
{
    return posts_has(posts, is_untaken);
}

bool posts_has_owed(const struct posts *posts)
{
    return posts_has(posts, is_owed);
}
