/* Whether the password or key of a directory may be tried: on one server at a time, and after one refused it
 * not for minutes, on no server of the directory, so that asking never locks the account out - unless its
 * file was changed. Owned by the directory; never opens the file. */
#ifndef DNDRIFT_DIRECTORY_CREDENTIALS_H
#define DNDRIFT_DIRECTORY_CREDENTIALS_H

#include "directory/backoff.h"
#include "judge/observation.h"

#define CREDENTIALS_LOGIN_MS 2000 /* a login that takes longer holds up no other */

/* Which file it is, and of when. */
struct credentials_stamp {
    uint64_t device, inode;
    int64_t modified_s, modified_ns;
};

struct credentials {
    struct credentials_stamp seen; /* before the latest try */
    struct backoff backoff;
    struct failure failure; /* of the refusal */
    char *server;           /* that refused it */
    const void *login;      /* who logs in at the moment; NULL: nobody */
    int64_t login_until_ms; /* others wait for the outcome as long */
};

/* A round begins: looks at the file (NULL: none). true: a refusal is forgotten, for the file was changed. */
bool credentials_look(struct credentials *credentials, const char *secret_file);

void credentials_refuse(struct credentials *credentials, const char *server, const struct failure *failure,
                        int64_t now_ms, uint32_t random);
bool credentials_are_barred(const struct credentials *credentials, int64_t now_ms);
void credentials_forgive(struct credentials *credentials); /* as if never refused */

/* One login after the other: true, and it is under way with what the file (NULL: none) holds now; false: wait
 * for another one. `who` is told apart by its address. */
bool credentials_begin_login(struct credentials *credentials, const void *who, const char *secret_file,
                             int64_t now_ms);
void credentials_end_login(struct credentials *credentials, const void *who); /* fine if there was none */
void credentials_clear(struct credentials *credentials);
#endif
