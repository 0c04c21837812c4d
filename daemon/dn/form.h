/* The written forms of a DN: which one a text is in, recognised by its look or named by a prefix. */
#ifndef DNDRIFT_DN_FORM_H
#define DNDRIFT_DN_FORM_H

enum dn_form {
    DN_FORM_LDAP, /* RFC 4514: cn=custom,cn=recipients,o=mms */
    DN_FORM_X500, /* Obj-Dist-Name, legacyExchangeDN (MS-OXOABK 2.2.1.1): /o=mms/cn=recipients/cn=custom */
    DN_FORM_CANONICAL, /* canonicalName (MS-ADTS 3.1.1.4.5.3): example.com/Sales/Partner Contacts */
    DN_FORM_EXTENDED,  /* <GUID=...>, <SID=...>, <WKGUID=...,DN> (MS-ADTS 3.1.1.3.1.2.4): a server resolves it
                        */
    DN_FORMS
};

/* ldap, x500, canonical, extended: the words of /watches and of the command line. */
const char *dn_form_name(enum dn_form form);

/* "an X.500 slash form", for a sentence. */
const char *dn_form_description(enum dn_form form);

/* A prefix decides (`EX:` and `X500:` as Exchange writes them, `canonical:`, `ldap:`), else the look. What
 * can be read as an LDAP DN is one, but for `o=a/ou=b`: that is a slash form without its first slash, as
 * nobody names an organization so. *ret_rest is the text behind the prefix. */
enum dn_form dn_form_of(const char *text, const char **ret_rest);

/* What a text that is no DN seems to be ("an LDAP URL", ...), or NULL; static. */
const char *form_foreign(const char *text);
#endif
