/* GUIDs and replication metadata of Active Directory, as bytes of a server that may mean no good. Buffers are
 * as long as what is in them: whoever reads on is caught by the sanitizers. */
#include "prober/metadata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib.h>
#include <string.h>

#define NAME       0x00090001
#define IS_DELETED 0x00020030
#define TEXT       "2cfb1f1b-4201-434d-a1f6-051115e58d3b"
#define AT         (INT64_C(1795615629) * 1000) /* 2026-11-25 14:07:09 UTC */
#define AT_1601    (UINT64_C(1795615629) + 11644473600)

static const uint8_t octets[GUID_SIZE] = {0x1b, 0x1f, 0xfb, 0x2c, 0x01, 0x42, 0x4d, 0x43,
                                          0xa1, 0xf6, 0x05, 0x11, 0x15, 0xe5, 0x8d, 0x3b};

/* --- GUIDs */

static void a_guid_is_printed_with_its_first_fields_turned_round(void **state)
{
    g_autofree char *text = guid_print(octets, GUID_SIZE);

    (void)state;
    assert_string_equal(text, TEXT);
    assert_null(guid_print(octets, GUID_SIZE - 1));
    assert_null(guid_print("", 0));
}

static void a_guid_is_read_as_it_is_printed(void **state)
{
    uint8_t read[GUID_SIZE] = {0};

    (void)state;
    assert_true(guid_parse(TEXT, read));
    assert_memory_equal(read, octets, GUID_SIZE);
    memset(read, 0, GUID_SIZE);
    assert_true(guid_parse("2CFB1F1B-4201-434D-A1F6-051115E58D3B", read));
    assert_memory_equal(read, octets, GUID_SIZE);
}

static void what_is_no_guid_leaves_the_octets_alone(void **state)
{
    static const char *const texts[] = {"",
                                        "2cfb1f1b",
                                        "2cfb1f1b-4201-434d-a1f6-051115e58d3",
                                        "2cfb1f1b-4201-434d-a1f6-051115e58d3bb",
                                        "{2cfb1f1b-4201-434d-a1f6-051115e58d3}",
                                        "2cfb1f1b4201434da1f6051115e58d3b",
                                        "2cfb1f1b-4201-434d-a1f6-051115e58d3g",
                                        "2cfb1f1b-4201-434d-a1f60-51115e58d3b",
                                        "2cfb1f1b-4201-434d-a1f6-051115e58d >",
                                        "074a7418-e76c11f1-9c599d8d-89d878990",
                                        "------------------------------------"};
    uint8_t read[GUID_SIZE] = {7};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (guid_parse(texts[i], read) || read[0] != 7)
            fail_msg("`%s` is no GUID", texts[i]);
}

/* --- NDR */

static void put(GByteArray *blob, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)(number >> (8 * i));
        g_byte_array_append(blob, &byte, 1);
    }
}

static void put_header(GByteArray *blob, uint32_t version, uint32_t count)
{
    put(blob, version, 4);
    put(blob, 0, 4);
    put(blob, count, 4);
    put(blob, 0, 4);
}

static void put_entry(GByteArray *blob, uint32_t attribute, uint64_t seconds)
{
    put(blob, attribute, 4);
    put(blob, 3, 4);
    put(blob, seconds, 8);
    g_byte_array_append(blob, octets, GUID_SIZE);
    put(blob, 4711, 8);
    put(blob, 4712, 8);
}

static bool read_ndr(const void *bytes, size_t length, uint32_t attribute, struct metadata *ret_metadata)
{
    g_autofree uint8_t *exact = g_memdup2(bytes, length);

    return metadata_read_ndr(exact, length, attribute, ret_metadata);
}

/* What Samba 4.17 keeps of a container that was added at 14:07:09. */
static const char samba[] = "AQAAAAAAAAAJAAAAAAAAAAAAAAABAAAAjXwXIQMAAACrShyNBq7rTKIKF3lrIfhqYg8AAAAAAABiDwAA"
                            "AAAAAAMAAAABAAAAjXwXIQMAAACrShyN"
                            "Bq7rTKIKF3lrIfhqYg8AAAAAAABiDwAAAAAAAAEAAgABAAAAjXwXIQMAAACrShyNBq7rTKIKF3lrIfhq"
                            "Yg8AAAAAAABiDwAAAAAAAAIAAgABAAAA"
                            "jXwXIQMAAACrShyNBq7rTKIKF3lrIfhqYg8AAAAAAABiDwAAAAAAAA0AAgABAAAAjXwXIQMAAACrShyN"
                            "Bq7rTKIKF3lrIfhqYg8AAAAAAABiDwAA"
                            "AAAAAKkAAgABAAAAjXwXIQMAAACrShyNBq7rTKIKF3lrIfhqYg8AAAAAAABiDwAAAAAAABkBAgABAAAA"
                            "jXwXIQMAAACrShyNBq7rTKIKF3lrIfhq"
                            "Yg8AAAAAAABiDwAAAAAAAAEACQABAAAAjXwXIQMAAACrShyNBq7rTKIKF3lrIfhqYg8AAAAAAABiDwAA"
                            "AAAAAA4DCQABAAAAjXwXIQMAAACrShyN"
                            "Bq7rTKIKF3lrIfhqYg8AAAAAAABiDwAAAAAAAA==";

static void the_entry_of_the_attribute_is_found_in_what_a_server_wrote(void **state)
{
    gsize length;
    g_autofree uint8_t *blob = g_base64_decode(samba, &length);
    struct metadata metadata = {0};

    (void)state;
    assert_true(read_ndr(blob, length, NAME, &metadata));
    assert_int_equal(metadata.wall_ms, AT);
    g_autofree char *invocation_id = guid_print(metadata.invocation_id, GUID_SIZE);
    assert_string_equal(invocation_id, "8d1c4aab-ae06-4ceb-a20a-17796b21f86a");
    assert_null(metadata.dsa);
    assert_false(read_ndr(blob, length, IS_DELETED, &metadata));
}

static void metadata_that_are_cut_off_anywhere_tell_nothing(void **state)
{
    gsize length;
    g_autofree uint8_t *blob = g_base64_decode(samba, &length);
    struct metadata metadata = {0};

    (void)state;
    for (gsize cut = 0; cut < length; cut++)
        assert_false(read_ndr(blob, cut, NAME, &metadata));
    assert_int_equal(metadata.wall_ms, 0);
}

static void a_count_beyond_the_bytes_tells_nothing(void **state)
{
    static const uint32_t counts[] = {2, 0x05555556, 0x10000000, 0x7fffffff, 0xffffffff};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_autoptr(GByteArray) blob = g_byte_array_new();
        struct metadata metadata;

        put_header(blob, 1, counts[i]);
        put_entry(blob, NAME, AT_1601);
        assert_false(read_ndr(blob->data, blob->len, NAME, &metadata));
    }
}

static void another_version_tells_nothing(void **state)
{
    g_autoptr(GByteArray) blob = g_byte_array_new();
    struct metadata metadata;

    (void)state;
    put_header(blob, 2, 1);
    put_entry(blob, NAME, AT_1601);
    assert_false(read_ndr(blob->data, blob->len, NAME, &metadata));
}

static void a_time_out_of_all_bounds_is_unknown(void **state)
{
    static const struct {
        uint64_t seconds;
        int64_t wall_ms;
    } times[] = {{0, 0},
                 {11644473600, 0},
                 {11644473601, 1000},
                 {AT_1601, AT},
                 {265046774399, INT64_C(253402300799) * 1000},
                 {265046774400, 0},
                 {UINT64_C(0x8000000000000000), 0},
                 {UINT64_MAX, 0}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autoptr(GByteArray) blob = g_byte_array_new();
        struct metadata metadata;

        put_header(blob, 1, 2);
        put_entry(blob, IS_DELETED, 1);
        put_entry(blob, NAME, times[i].seconds);
        assert_true(read_ndr(blob->data, blob->len, NAME, &metadata));
        assert_int_equal(metadata.wall_ms, times[i].wall_ms);
    }
}

/* --- XML */

#define VALUE(name, time, dsa)                                                                               \
    "<DS_REPL_ATTR_META_DATA>\n\t<pszAttributeName>" name "</pszAttributeName>\n"                            \
    "\t<dwVersion>3</dwVersion>\n\t<ftimeLastOriginatingChange>" time "</ftimeLastOriginatingChange>\n"      \
    "\t<uuidLastOriginatingDsaInvocationID>" TEXT "</uuidLastOriginatingDsaInvocationID>\n"                  \
    "\t<usnOriginatingChange>4711</usnOriginatingChange>\n\t<usnLocalChange>4712</usnLocalChange>\n"         \
    "\t<pszLastOriginatingDsaDN>" dsa "</pszLastOriginatingDsaDN>\n</DS_REPL_ATTR_META_DATA>\n"
#define DSA "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration,DC=ex"

static bool read_xml(const char *xml, size_t length, struct metadata *ret_metadata)
{
    g_autofree char *exact = g_memdup2(xml, length);

    return metadata_read_xml(exact, length, "name", ret_metadata);
}

static void a_value_tells_time_and_server(void **state)
{
    static const char value[] = VALUE("name", "2026-11-25T14:07:09Z", DSA);
    struct metadata metadata;

    (void)state;
    for (size_t n_nuls = 0; n_nuls < 2; n_nuls++) { /* Windows sends one along */
        assert_true(read_xml(value, sizeof value - 1 + n_nuls, &metadata));
        assert_int_equal(metadata.wall_ms, AT);
        assert_string_equal(metadata.dsa, DSA);
        assert_memory_equal(metadata.invocation_id, octets, GUID_SIZE);
        metadata_clear(&metadata);
    }
}

static void the_name_of_a_server_may_hold_what_xml_escapes(void **state)
{
    static const char value[] =
        VALUE("Name", "2026-11-25T14:07:09Z", "CN=NTDS Settings,CN=A&amp;B,CN=Servers");
    struct metadata metadata;

    (void)state;
    assert_true(read_xml(value, sizeof value - 1, &metadata));
    assert_string_equal(metadata.dsa, "CN=NTDS Settings,CN=A&B,CN=Servers");
    metadata_clear(&metadata);
}

static void what_is_not_told_stays_unknown(void **state)
{
    static const char value[] = VALUE("name", "1601-01-01T00:00:00Z", "");
    static const char *const times[] = {"", "soon", "2026-11-25T14:07:09", "20261325T000000Z", "-1"};
    struct metadata metadata;

    (void)state;
    assert_true(read_xml(value, sizeof value - 1, &metadata));
    assert_int_equal(metadata.wall_ms, 0);
    assert_null(metadata.dsa);
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autofree char *xml = g_strdup_printf(VALUE("name", "%s", ""), times[i]);
        assert_true(read_xml(xml, strlen(xml), &metadata));
        assert_int_equal(metadata.wall_ms, 0);
    }
}

static void what_is_no_value_of_this_attribute_tells_nothing(void **state)
{
    static const char *const values[] = {
        VALUE("ou", "2026-11-25T14:07:09Z", DSA),
        VALUE("names", "2026-11-25T14:07:09Z", DSA),
        VALUE("", "2026-11-25T14:07:09Z", DSA),
        "",
        "name",
        "<pszAttributeName>name",
        "<a><pszAttributeName>name</pszAttributeName></b>",
        "<a><pszAttributeName><pszAttributeName>ou</pszAttributeName>name</pszAttributeName>",
        "<a><pszAttributeName>name&nope;</pszAttributeName></a>",
        "<a><pszAttributeName>na\xffme</pszAttributeName></a>",
        "<!DOCTYPE a [<!ENTITY x \"name\">]><a><pszAttributeName>&x;</pszAttributeName></a>",
    };
    struct metadata metadata = {0};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        if (read_xml(values[i], strlen(values[i]), &metadata))
            fail_msg("taken for a value: %s", values[i]);
    assert_null(metadata.dsa);
}

static void a_value_that_is_cut_off_anywhere_tells_nothing(void **state)
{
    static const char value[] = VALUE("name", "2026-11-25T14:07:09Z", DSA);
    size_t whole = strlen(value) - 1; /* the last line feed may be missing */
    struct metadata metadata = {0};

    (void)state;
    for (size_t cut = 0; cut < whole; cut++)
        assert_false(read_xml(value, cut, &metadata));
}

static void a_deep_value_comes_to_an_end(void **state)
{
    g_autoptr(GString) deep = g_string_new(NULL);
    struct metadata metadata = {0};

    (void)state;
    while (deep->len < 1024 * 1024)
        g_string_append(deep, "<a>");
    assert_false(read_xml(deep->str, deep->len, &metadata));
}

static void flipped_bytes_are_survived(void **state)
{
    static const char value[] = VALUE("name", "2026-11-25T14:07:09Z", DSA);

    (void)state;
    for (size_t i = 0; i < sizeof value - 1; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            g_autofree char *flipped = g_memdup2(value, sizeof value);
            struct metadata metadata = {0};

            flipped[i] ^= (char)(1 << bit);
            read_xml(flipped, sizeof value - 1, &metadata);
            metadata_clear(&metadata);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guid_is_printed_with_its_first_fields_turned_round),
        cmocka_unit_test(a_guid_is_read_as_it_is_printed),
        cmocka_unit_test(what_is_no_guid_leaves_the_octets_alone),
        cmocka_unit_test(the_entry_of_the_attribute_is_found_in_what_a_server_wrote),
        cmocka_unit_test(metadata_that_are_cut_off_anywhere_tell_nothing),
        cmocka_unit_test(a_count_beyond_the_bytes_tells_nothing),
        cmocka_unit_test(another_version_tells_nothing),
        cmocka_unit_test(a_time_out_of_all_bounds_is_unknown),
        cmocka_unit_test(a_value_tells_time_and_server),
        cmocka_unit_test(the_name_of_a_server_may_hold_what_xml_escapes),
        cmocka_unit_test(what_is_not_told_stays_unknown),
        cmocka_unit_test(what_is_no_value_of_this_attribute_tells_nothing),
        cmocka_unit_test(a_value_that_is_cut_off_anywhere_tells_nothing),
        cmocka_unit_test(a_deep_value_comes_to_an_end),
        cmocka_unit_test(flipped_bytes_are_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
