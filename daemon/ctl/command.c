#include "ctl/command.h"

#include <stdio.h>

#include "ctl/client.h"
#include "ctl/exit.h"
#include "ctl/say.h"

/* Sends it and prints the daemon's sentence about it. */
static int send(const struct config *config, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(reply_t) reply = client_ask(config->control, true, path, &error);
    json_t *json = reply ? reply_json(reply, &error) : NULL;
    const char *sentence = json_string_value(json_object_get(json, "sentence"));
    int status = EXIT_UNREACHED;

    if (!json) {
        say_problem(error->message);
    } else if (reply->code == 200) {
        say_clean(stdout, sentence ? sentence : "done");
        status = EXIT_OK;
    } else {
        say_problem(sentence ? sentence : "the daemon refuses and does not say why");
        status = EXIT_REFUSED;
    }
    json_decref(json);
    return status;
}

/* all: what goes for all watches; NULL: one has to be named. */
static int run(const struct request *request, const char *verb, const char *all)
{
    const char *watch = NULL;
    const struct request_words words = {"the name of a watch", "one watch", all ? 0 : 1, 1, &watch};
    g_autoptr(config_t) config = NULL;
    g_autofree char *path = NULL;

    if (!request_read(request, NULL, &words))
        return EXIT_USAGE;
    config = request_config_of_daemon(request);
    if (!config)
        return EXIT_UNREACHED;
    path = watch ? client_path(watch, verb) : g_strdup(all);
    return send(config, path);
}

int command_compare(const struct request *request)
{
    return run(request, "compare", "/compare");
}

int command_adopt(const struct request *request)
{
    return run(request, "adopt", NULL);
}
