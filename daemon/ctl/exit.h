/* How dndriftctl ends. */
#ifndef DNDRIFT_CTL_EXIT_H
#define DNDRIFT_CTL_EXIT_H

enum {
    EXIT_OK,
    EXIT_REFUSED, /* the daemon says no */
    EXIT_USAGE,
    EXIT_UNREACHED, /* the daemon cannot be reached, or its socket cannot be found out */

    /* of the verb dn */
    EXIT_DIFFERENT = 1,
    EXIT_NO_DN = 2,

    /* of extract */
    EXIT_UNTOLD = 1, /* the source gives no DN */
    EXIT_UNWRITTEN = 3,

    /* of the verb explain */
    EXIT_UNKNOWN_TEXT = 1,

    /* of the verb obtain */
    EXIT_NONE_FOUND = 1
};
#endif
