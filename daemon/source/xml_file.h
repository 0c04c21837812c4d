/* The texts that an XPath finds in an XML file. No network and no DOCTYPE, so no entities; namespaces are
 * taken off before the search, so that nobody has to name them. */
#ifndef DNDRIFT_SOURCE_XML_FILE_H
#define DNDRIFT_SOURCE_XML_FILE_H

#include <glib.h>
#include <stdbool.h>

/* Whether the expression is XPath 1.0, and such as comes to an end; else a sentence. */
bool xml_file_check(const char *xpath, GError **error);

/* The texts (char *) of the nodes found that are not empty; name (may be NULL) is $name in the expression.
 * NULL and a clause that follows the file's name. */
GPtrArray *xml_file_values(GBytes *content, const char *xpath, const char *name, GError **error);
#endif
