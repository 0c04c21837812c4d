/* A DN in any of its written forms, and what about it may not be taken everywhere. */
#ifndef DNDRIFT_DN_WRITE_H
#define DNDRIFT_DN_WRITE_H

#include "dn/dn.h"
#include "dn/form.h"

/* NULL and a sentence where the form cannot say it. g_free() it. */
char *dn_write(const struct dn *dn, enum dn_form form, GError **error);

/* The live DN `text` as somebody wrote it who wrote `like`, in its form and prefix; NULL and a sentence where
 * that form cannot say it. g_free() it. */
char *dn_write_like(const char *text, const char *like, GError **error);

/* What MS-OXOABK 2.2.1.1 does not allow in a slash form, though it occurs: more than 64 characters in a
 * component, 256 in all, 16 levels; characters outside its set; blanks at an end. Sentences (char *), none:
 * empty. Free with g_ptr_array_unref(). */
GPtrArray *dn_lint(const struct dn *dn, enum dn_form form);
#endif
