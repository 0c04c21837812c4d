/* A distinguished name (RFC 4514): a list of RDNs, leaf first, each a set of attribute values. Whoever got a
 * struct dn owns it and frees it with dn_free(); everything in it lives as long as it does.
 *
 * This folder is pure: no I/O, no clock, no globals, GLib only. dn/ explains differences; whether two
 * spellings are the same entry is the server's to say. */
#ifndef DNDRIFT_DN_DN_H
#define DNDRIFT_DN_DN_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define DN_MAX_BYTES 8192 /* of text; longer input is refused */
#define DN_MAX_RDNS  128
#define DN_MAX_AVAS  32 /* values in one RDN */

struct dn_ava {
    char *type;  /* as written, without an `OID.` prefix */
    char *value; /* the decoded octets, NUL-terminated beside their length; may hold any octet */
    size_t length;
    bool is_ber; /* written as #hex and no string type: value holds the raw BER, compared octet by octet */
};

struct dn_rdn {
    struct dn_ava *avas;
    unsigned n_avas;
};

struct dn {
    struct dn_rdn *rdns; /* rdns[0] is the leaf, rdns[n_rdns - 1] the top */
    unsigned n_rdns;     /* 0: the root DSE */
};

typedef struct dn dn_t; /* a name that g_autoptr(dn_t) can carry */

void dn_free(struct dn *dn);           /* NULL is fine */
void dn_rdn_clear(struct dn_rdn *rdn); /* frees what the struct holds, not the struct */
void dn_ava_clear(struct dn_ava *ava);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(dn_t, dn_free)

/* The name without its leaf, newly allocated; the parent of the root DSE is NULL. */
struct dn *dn_parent(const struct dn *dn);

#endif
