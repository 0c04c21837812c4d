#include "health/control.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "health/answer.h"
#include "health/watch_json.h"

#define WATCHES "/watches/"

static void print_answer(struct evhttp_request *request, int code, const char *sentence)
{
    json_t *object = json_object();
    char *json;

    json_object_set_new(object, "ok", json_boolean(code == 200));
    watch_json_set_text(object, "sentence", sentence ? sentence : "");
    json = json_dumps(object, JSON_COMPACT);
    answer_string(request, code, ANSWER_JSON, g_strconcat(json, "\n", NULL));
    free(json);
    json_decref(object);
}

static void answer(struct evhttp_request *request, bool is_done, const char *sentence)
{
    print_answer(request, is_done ? 200 : 409, sentence);
}

static void answer_unknown(struct evhttp_request *request, const char *what, const char *name)
{
    g_autofree char *sentence = g_strdup_printf("there is no %s %s", what, name);

    print_answer(request, 404, sentence);
}

/* /watches/NAME/VERB: the name; NULL if the path is another. */
static char *name_before(const char *path, const char *verb)
{
    const char *name = path + strlen(WATCHES);

    if (!g_str_has_prefix(path, WATCHES) || !g_str_has_suffix(name, verb))
        return NULL;
    return g_strndup(name, strlen(name) - strlen(verb));
}

static void do_watch(const struct health_view *view, struct evhttp_request *request, const char *name,
                     bool (*verb)(void *user, const char *watch, char **ret_sentence))
{
    g_autofree char *sentence = NULL;
    bool is_done;

    if (!view->find_watch(view->user, name)) {
        answer_unknown(request, "watch", name);
        return;
    }
    is_done = verb(view->user, name, &sentence);
    answer(request, is_done, sentence);
}

static void do_all(const struct health_view *view, struct evhttp_request *request)
{
    g_autofree char *sentence = NULL;
    bool is_done = view->compare(view->user, NULL, &sentence);

    answer(request, is_done, sentence);
}

static void do_reload(const struct health_view *view, struct evhttp_request *request)
{
    g_autofree char *sentence = NULL;
    bool is_done = view->reload(view->user, &sentence);

    answer(request, is_done, sentence);
}

void control_answer(const struct health_view *view, struct evhttp_request *request, const char *path)
{
    g_autofree char *adopted = name_before(path, "/adopt");
    g_autofree char *compared = name_before(path, "/compare");

    if (adopted)
        do_watch(view, request, adopted, view->adopt);
    else if (compared)
        do_watch(view, request, compared, view->compare);
    else if (strcmp(path, "/compare") == 0)
        do_all(view, request);
    else if (strcmp(path, "/reload") == 0)
        do_reload(view, request);
    else
        answer_unknown(request, "verb", path);
}
