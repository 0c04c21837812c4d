#include "source/xml_file.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#include "source/source.h"

/* Quiet: what libxml2 says of a malformed file quotes it. */
#define OPTIONS                                                                                              \
    (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS | XML_PARSE_COMPACT)

#define MAX_NODES 1000000  /* more than any export holds; each costs many times its bytes in the file */
#define MAX_STEPS 10000000 /* of the XPath */

static void stay_quiet(void *user, xmlErrorPtr problem)
{
    (void)user;
    (void)problem;
}

/* Each `//` looks through all that the one before has found: three of them never end on a file made for it.
 */
static bool is_quick(const char *xpath)
{
    unsigned n = 0;

    while ((xpath = strstr(xpath, "//"))) {
        n++;
        xpath += 2;
    }
    return n <= 2;
}

bool xml_file_check(const char *xpath, GError **error)
{
    xmlXPathContextPtr context = xmlXPathNewContext(NULL);
    xmlXPathCompExprPtr compiled;

    context->error = stay_quiet;
    compiled = xmlXPathCtxtCompile(context, (const xmlChar *)xpath);
    xmlXPathFreeContext(context);
    xmlXPathFreeCompExpr(compiled);
    if (!compiled)
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_SPEC, "`%s` is no XPath expression", xpath);
    else if (!is_quick(xpath))
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_SPEC, "`%s` has more than two // in it", xpath);
    return compiled && is_quick(xpath);
}

/* In the order of the document, without recursion: hostile files nest deeply. */
static xmlNodePtr next_node(xmlNodePtr node)
{
    if (node->children && node->type == XML_ELEMENT_NODE)
        return node->children;
    while (node && !node->next)
        node = node->parent && node->parent->type == XML_ELEMENT_NODE ? node->parent : NULL;
    return node ? node->next : NULL;
}

static void take_namespaces_off(xmlDocPtr document)
{
    for (xmlNodePtr node = xmlDocGetRootElement(document); node; node = next_node(node)) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        node->ns = NULL;
        for (xmlAttrPtr attribute = node->properties; attribute; attribute = attribute->next)
            attribute->ns = NULL;
    }
}

/* What the parser is to stop at, and what it has seen; the parser's own functions do the rest. */
struct guard {
    xmlSAXHandler own;
    int n_nodes; /* elements and attributes */
    bool has_doctype;
};

/* Entities are declared there, and a few lines of them make gigabytes of text. */
static void on_doctype(void *parser, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    struct guard *guard = ((xmlParserCtxtPtr)parser)->_private;

    (void)name;
    (void)public_id;
    (void)system_id;
    guard->has_doctype = true;
    xmlStopParser(parser);
}

static void on_element(void *parser, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                       int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
                       const xmlChar **attributes)
{
    struct guard *guard = ((xmlParserCtxtPtr)parser)->_private;

    guard->n_nodes += 1 + n_namespaces + n_attributes;
    if (guard->n_nodes > MAX_NODES)
        xmlStopParser(parser);
    else
        guard->own.startElementNs(parser, name, prefix, uri, n_namespaces, namespaces, n_attributes,
                                  n_defaulted, attributes);
}

static void fail(const struct guard *guard, const xmlError *problem, GError **error)
{
    if (guard->has_doctype)
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "declares a DOCTYPE, which is not read");
    else if (guard->n_nodes > MAX_NODES)
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "holds more than %d elements", MAX_NODES);
    else
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "is no well-formed XML (line %d)",
                    problem ? problem->line : 1);
}

/* Comments and processing instructions are left out. */
static xmlDocPtr parse(GBytes *content, GError **error)
{
    gsize size;
    const char *bytes = g_bytes_get_data(content, &size);
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    struct guard guard = {.own = *parser->sax};
    xmlDocPtr document;

    parser->_private = &guard;
    parser->sax->internalSubset = on_doctype;
    parser->sax->startElementNs = on_element;
    parser->sax->comment = NULL;
    parser->sax->processingInstruction = NULL;
    document = xmlCtxtReadMemory(parser, bytes, (int)size, NULL, NULL, OPTIONS);
    if (guard.has_doctype || guard.n_nodes > MAX_NODES) {
        xmlFreeDoc(document); /* what there was up to there */
        document = NULL;
    }
    if (!document)
        fail(&guard, xmlCtxtGetLastError(parser), error);
    xmlFreeParserCtxt(parser);
    return document;
}

static bool refuse(GError **error, const char *xpath, const char *why)
{
    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "cannot be searched by %s: %s", xpath, why);
    return false;
}

/* What is in each other is found with all of its text, again and again: no more of it than a file has. */
static bool add_texts(GPtrArray *values, const xmlNodeSet *nodes)
{
    size_t total = 0;

    for (int i = 0; nodes && i < nodes->nodeNr && values->len <= SOURCE_MAX_FOUND; i++) {
        xmlChar *text = xmlNodeGetContent(nodes->nodeTab[i]);
        g_autofree char *value = g_strstrip(g_strdup(text ? (const char *)text : ""));

        total += text ? strlen((const char *)text) : 0;
        xmlFree(text);
        if (total > SOURCE_MAX_BYTES)
            return false;
        if (*value)
            g_ptr_array_add(values, g_steal_pointer(&value));
    }
    return true;
}

static bool take(const xmlXPathObject *found, GPtrArray *values)
{
    if (found->type == XPATH_NODESET)
        return add_texts(values, found->nodesetval);
    if (found->type == XPATH_STRING && found->stringval && *found->stringval)
        g_ptr_array_add(values, g_strdup((const char *)found->stringval));
    return true;
}

static bool search(xmlDocPtr document, const char *xpath, const char *name, GPtrArray *values, GError **error)
{
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    xmlXPathObjectPtr found;
    bool is_fine;

    context->error = stay_quiet;
    context->opLimit = MAX_STEPS;
    if (name)
        xmlXPathRegisterVariable(context, (const xmlChar *)"name", xmlXPathNewCString(name));
    found = xmlXPathEvalExpression((const xmlChar *)xpath, context);
    if (!found)
        is_fine = refuse(error, xpath, "it takes too long");
    else
        is_fine = take(found, values) || refuse(error, xpath, "too much text is there");
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return is_fine;
}

GPtrArray *xml_file_values(GBytes *content, const char *xpath, const char *name, GError **error)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    xmlDocPtr document = parse(content, error);
    bool is_fine;

    if (!document)
        return NULL;
    take_namespaces_off(document);
    is_fine = search(document, xpath, name, values, error);
    xmlFreeDoc(document);
    if (!is_fine)
        return NULL;
    if (values->len > 0)
        return g_steal_pointer(&values);
    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "has nothing at %s%s%s%s", xpath, name ? " (" : "",
                name ? name : "", name ? ")" : "");
    return NULL;
}
