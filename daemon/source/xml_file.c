#include "source/xml_file.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "source/source.h"

/* Quiet: what libxml2 says of a malformed file quotes it. */
#define OPTIONS                                                                                              \
    (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS | XML_PARSE_COMPACT)

static void stay_quiet(void *user, xmlErrorPtr problem)
{
    (void)user;
    (void)problem;
}

bool xml_file_check(const char *xpath, GError **error)
{
    xmlXPathContextPtr context = xmlXPathNewContext(NULL);
    xmlXPathCompExprPtr compiled;

    context->error = stay_quiet;
    compiled = xmlXPathCtxtCompile(context, (const xmlChar *)xpath);
    if (!compiled)
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_SPEC, "`%s` is no XPath expression", xpath);
    xmlXPathFreeCompExpr(compiled);
    xmlXPathFreeContext(context);
    return compiled != NULL;
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

static xmlDocPtr parse(GBytes *content, GError **error)
{
    gsize size;
    const char *bytes = g_bytes_get_data(content, &size);
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    xmlDocPtr document = xmlCtxtReadMemory(parser, bytes, (int)size, NULL, NULL, OPTIONS);

    if (!document) {
        const xmlError *problem = xmlCtxtGetLastError(parser);
        g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "is no well-formed XML (line %d)",
                    problem ? problem->line : 1);
    }
    xmlFreeParserCtxt(parser);
    return document;
}

/* The text of one that holds others is theirs, and a password may be among them. */
static bool holds_others(xmlNodePtr node)
{
    return node->type == XML_DOCUMENT_NODE || (node->type == XML_ELEMENT_NODE && xmlFirstElementChild(node));
}

static void add_texts(GPtrArray *values, const xmlNodeSet *nodes)
{
    for (int i = 0; nodes && i < nodes->nodeNr && values->len <= SOURCE_MAX_VALUES; i++) {
        if (holds_others(nodes->nodeTab[i]))
            continue;
        xmlChar *text = xmlNodeGetContent(nodes->nodeTab[i]);
        g_autofree char *value = g_strstrip(g_strdup(text ? (const char *)text : ""));

        if (*value)
            g_ptr_array_add(values, g_steal_pointer(&value));
        xmlFree(text);
    }
}

static GPtrArray *search(xmlDocPtr document, const char *xpath, const char *name)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    xmlXPathObjectPtr found;

    context->error = stay_quiet;
    if (name)
        xmlXPathRegisterVariable(context, (const xmlChar *)"name", xmlXPathNewCString(name));
    found = xmlXPathEvalExpression((const xmlChar *)xpath, context);
    if (found && found->type == XPATH_NODESET)
        add_texts(values, found->nodesetval);
    else if (found && found->type == XPATH_STRING && found->stringval && *found->stringval)
        g_ptr_array_add(values, g_strdup((const char *)found->stringval));
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return values;
}

GPtrArray *xml_file_values(GBytes *content, const char *xpath, const char *name, GError **error)
{
    xmlDocPtr document = parse(content, error);
    g_autoptr(GPtrArray) values = NULL;

    if (!document)
        return NULL;
    take_namespaces_off(document);
    values = search(document, xpath, name);
    xmlFreeDoc(document);
    if (values->len > 0)
        return g_steal_pointer(&values);
    g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CONTENT, "has no text at %s%s%s%s", xpath, name ? " (" : "",
                name ? name : "", name ? ")" : "");
    return NULL;
}
