#include "ctl/command.h"

#include <stdio.h>

#include "ctl/client.h"
#include "ctl/exit.h"
#include "ctl/say.h"

/* Sends the order and prints the daemon's sentence about it. */
static int send(const struct order *order, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(reply_t) reply = client_ask(order->config->control, true, path, &error);
    json_t *json = reply ? reply_json(reply, &error) : NULL;
    const char *sentence = json_string_value(json_object_get(json, "sentence"));
    int status = EXIT_UNREACHED;

    if (!json) {
        say_problem(error->message);
    } else if (reply->code == 200) {
        say(stdout, sentence ? sentence : "done");
        status = EXIT_OK;
    } else {
        say_problem(sentence ? sentence : "the daemon refuses and does not say why");
        status = EXIT_REFUSED;
    }
    json_decref(json);
    return status;
}

int command_compare(const struct order *order)
{
    g_autofree char *path = order->watch ? client_path(order->watch, "compare") : g_strdup("/compare");

    return send(order, path);
}

int command_adopt(const struct order *order)
{
    g_autofree char *path = client_path(order->watch, "adopt");

    return send(order, path);
}
