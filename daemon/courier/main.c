/* dndrift-courier: takes the alerts that dndriftd hands over at its standard input to one server on the
 * network, and answers the number of each that arrived. Synchronous on purpose: whatever hangs here, the
 * daemon kills. */
#include <stdlib.h>
#include <unistd.h>

#include "courier/desk.h"
#include "courier/http.h"
#include "courier/order.h"
#include "courier/stream.h"
#include "prober/harden.h"

int main(int argc, char **argv)
{
    g_autoptr(desk_t) desk = desk_new(STDIN_FILENO);
    struct order order;

    if (!order_read(argc, argv, &order)) {
        g_printerr("dndrift-courier is started by dndriftd: URI CA CERTIFICATE KEY USER PASSWORD TOKEN\n");
        return EXIT_FAILURE;
    }
    harden();
    if (order_is_http(&order))
        http_carry(desk, &order);
    else
        stream_carry(desk, &order);
    order_clear(&order);
    return EXIT_SUCCESS;
}
