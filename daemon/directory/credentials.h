/* Whether the password or key of a directory may be tried: on one server at a time, and after one refused it
 * not for minutes, on no server of the directory, so that asking never locks the account out - unless its
 * file was changed. A server that refuses what another one takes bars itself alone: it is that server which
 * differs. Owned by the directory; never opens the file. */
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
    struct backoff backoff;        /* of all servers */
    struct failure failure;        /* of the latest refusal by which all are barred */
    char *server;                  /* that refused it */
    GHashTable *refusals;          /* URI -> of one server, since the file was changed; NULL: none */
    const void *login;             /* who logs in at the moment; NULL: nobody */
    int64_t login_until_ms;        /* others wait for the outcome as long */
};

/* A round begins: looks at the file (NULL: none). true: a refusal is forgotten, for the file was changed. */
bool credentials_look(struct credentials *credentials, const char *secret_file);

void credentials_refuse(struct credentials *credentials, const char *server, const struct failure *failure,
                        int64_t now_ms, uint32_t random);
bool credentials_are_barred(const struct credentials *credentials, int64_t now_ms); /* on all servers */

/* The server has taken them. */
void credentials_accept(struct credentials *credentials, const char *server);

/* How often the server has refused them, as far as it has not taken them since. Who did so least goes first.
 */
unsigned credentials_refusals(const struct credentials *credentials, const char *server);
int64_t credentials_until_ms(const struct credentials *credentials, const char *server); /* 0: not barred */

void credentials_forgive(struct credentials *credentials); /* as if never refused */

/* One login after the other: true, and it is under way with what the file (NULL: none) holds now; false: wait
 * for another one. `who` is told apart by its address. */
bool credentials_begin_login(struct credentials *credentials, const void *who, const char *secret_file,
                             int64_t now_ms);
/* Answers whether it was under way. */
bool credentials_end_login(struct credentials *credentials, const void *who);
void credentials_clear(struct credentials *credentials);
#endif
