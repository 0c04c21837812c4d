"""What dndrift-prober tells of an entry besides where it is, and what that costs, against slapd in odd configurations."""

import re

import pytest

from prober import Prober
from servers.slapd import ARTICLE, CUSTOM, RECIPIENTS, SUFFIX

CSNS = [f"2026112514132{n}.00000{n}Z#000000#00{n}#000000" for n in (1, 2)]


@pytest.fixture
def prober(started):
    """prober(slapd, **settings): a running one."""
    return lambda slapd, **settings: started(Prober(slapd.uri, **settings)).start()


def tree_with(n=0, **suffix):
    """The tree of the article with n more containers below CUSTOM, and more attributes of its top."""
    top, *below = ARTICLE
    more = [(f"cn=c{i},{CUSTOM}", {"objectClass": "container", "cn": f"c{i}"}) for i in range(n)]
    return [(top[0], {**top[1], **suffix}), *below, *more]


def searches(slapd):
    """Attributes of each search that slapd was sent, in order."""
    return re.findall(r" SRCH attr=(.*)", slapd.stderr())


# --- what it costs

def test_a_plain_question_takes_one_search(slapd_factory, prober):
    slapd = slapd_factory(tree=tree_with(100))
    asker = prober(slapd)
    asker.ask_one(SUFFIX)
    n = len(searches(slapd))
    asker.ask(*(f"ask cn=c{i},{CUSTOM}" for i in range(100)))
    asked = searches(slapd)[n:]
    assert asked.count("entryUUID") == 100
    assert [attributes for attributes in asked if attributes != "entryUUID"][1:] == ["contextCSN"], \
        "and once in a batch, besides the root DSE, how new the data is"
    assert len(asked) == 102


def test_details_of_the_entry_come_with_the_search_that_finds_it(slapd, prober):
    asker = prober(slapd)
    asker.ask_one(SUFFIX)
    n = len(searches(slapd))
    seen = asker.ask_one(CUSTOM, details=True, object_class="container")
    assert seen["stamp"]["wall_ms"] and seen["object_class"] == "FITS"
    assert searches(slapd)[n + 2:] == ["entryUUID objectClass modifyTimestamp modifiersName hasSubordinates"]


# --- how new the data is

def test_all_values_of_the_context_are_told_sorted(slapd_factory, prober):
    slapd = slapd_factory(tree=tree_with(contextCSN=CSNS[::-1]))
    missing, outside = prober(slapd).ask(f"ask cn=nobody,{CUSTOM}", "ask o=elsewhere")
    assert missing["vintage"] == "contextCSN:" + " ".join(CSNS)
    assert outside["vintage"] is None


def test_the_data_are_as_new_as_they_were_before_the_question(slapd_factory, prober):
    slapd = slapd_factory(modules=("syncprov",), extra_database=("overlay syncprov",))
    asker = prober(slapd)
    slapd.modify(CUSTOM, displayName="one")
    before = asker.ask_one(CUSTOM)["vintage"]
    slapd.modify(CUSTOM, displayName="two")
    after = asker.ask_one(CUSTOM)["vintage"]
    assert before.startswith("contextCSN:") and before < after
    [(_, top)] = slapd.connect().search_s(SUFFIX, 0, attrlist=["contextCSN"])
    assert after == "contextCSN:" + top["contextCSN"][0].decode()


SECOND = ("database mdb", "suffix o=other", "rootdn cn=admin,o=other", "rootpw secret", "maxsize 1048576")


def test_only_the_naming_contexts_in_use_are_read(slapd_factory, prober, tmp_path):
    slapd = slapd_factory(tree=tree_with(contextCSN=CSNS[0]), extra_database=(*SECOND, f"directory {tmp_path}"))
    asker = prober(slapd)
    assert asker.ask_one(CUSTOM)["vintage"] == "contextCSN:" + CSNS[0]
    bases = re.findall(r'SRCH base="([^"]*)" scope=0 .*\n.*SRCH attr=contextCSN', slapd.stderr())
    assert bases == [SUFFIX]
    here, there = asker.ask(f"ask {CUSTOM}", "ask ou=x,o=other")
    assert (here["vintage"], there["vintage"]) == ("contextCSN:" + CSNS[0], None)
    bases = re.findall(r'SRCH base="([^"]*)" scope=0 .*\n.*SRCH attr=contextCSN', slapd.stderr())
    assert bases == [SUFFIX, SUFFIX, "o=other"]


# --- stamps

@pytest.mark.parametrize("hidden, told", [
    ("modifiersName", (True, None)), ("modifyTimestamp", (False, "cn=manager")),
    ("modifyTimestamp,modifiersName", (False, None))])
def test_what_may_not_be_read_of_a_stamp_stays_unknown(slapd_factory, prober, hidden, told):
    tree = tree_with() + [(f"cn=x,{CUSTOM}", {"objectClass": "container", "cn": "x", "modifiersName": "cn=manager"})]
    slapd = slapd_factory(tree=tree, access=(f"to attrs={hidden} by * none", "to * by * read"))
    seen = prober(slapd).ask_one(f"cn=x,{CUSTOM}", details=True, path=True)
    assert (seen["stamp"]["wall_ms"] > 0, seen["stamp"]["by"]) == told
    assert all((stamp["wall_ms"] > 0) == told[0] for stamp in seen["path_stamps"])


# --- object class

def test_a_superclass_that_is_not_listed_fits(slapd, prober):
    seen = prober(slapd).ask_one(f"cn=contoso desk,{CUSTOM}", object_class="organizationalPerson")
    assert (seen["object_class"], seen["object_classes"]) == ("FITS", None)


@pytest.mark.parametrize("object_class, answer", [("container", "FITS"), ("person", "UNREADABLE")])
def test_a_class_that_may_only_be_searched_by_is_not_called_another(slapd_factory, prober, object_class, answer):
    slapd = slapd_factory(access=("to attrs=objectClass by * search", "to * by * read"))
    assert prober(slapd).ask_one(CUSTOM, object_class=object_class)["object_class"] == answer


# --- counts

@pytest.mark.parametrize("limits, entry_limit, count, why", [
    ("size.soft=3", 20, ["AT_LEAST", 3], "and pages do not reach further"),
    ("size.soft=3 size.hard=5", 20, ["AT_LEAST", 5], "what may be asked for is asked for"),
    ("size.soft=3 size.hard=5", 4, ["AT_LEAST", 4], "our own limit comes first"),
    ("size.soft=3 size.prtotal=unlimited", 20, ["COMPLETE", 10], "pages reach the end"),
    ("size.soft=3 size.prtotal=unlimited", 10, ["COMPLETE", 10], "and the limit at once"),
    ("size.soft=3 size.prtotal=unlimited", 9, ["AT_LEAST", 9], "the limit cuts the pages short"),
    ("size.soft=3 size.prtotal=unlimited", 7, ["AT_LEAST", 7], "amid a page"),
    ("size.soft=3 size.pr=2", 20, ["AT_LEAST", 3], "pages of that size are refused"),
    ("size.soft=3 size.prtotal=disabled", 20, ["AT_LEAST", 3], "pages are refused"),
    ("size.soft=unlimited", 20, ["COMPLETE", 10], "no limit at all"),
    ("size.soft=unlimited", 10, ["COMPLETE", 10], "as many as we want to count"),
    ("size.soft=unlimited", 9, ["AT_LEAST", 9], "one more"),
    ("size.soft=unlimited", 1, ["AT_LEAST", 1], "more than none"),
])
def test_a_count_goes_as_far_as_both_limits_let_it(slapd_factory, prober, limits, entry_limit, count, why):
    slapd = slapd_factory(tree=tree_with(7), extra_database=(f"limits * {limits}",))
    asker = prober(slapd)
    for _ in range(2):
        seen = asker.ask_one(CUSTOM, entry_filter="(objectClass=*)", entry_limit=entry_limit)
        assert (seen["entries"], seen["matching"]) == (count, count), why
        is_cut_by_server = count[0] == "AT_LEAST" and count[1] < entry_limit
        assert (seen["failure"]["reason"] == "limit") == is_cut_by_server, why
    assert asker.ask_one(CUSTOM)["dn"] == "ENTRY"


def test_many_entries_are_counted_to_the_last(slapd_factory, prober):
    """More than a page, and more than messages are taken for one ordinary search."""
    slapd = slapd_factory(tree=tree_with(2497), extra_database=("limits * size.soft=700 size.prtotal=unlimited",))
    asker = prober(slapd)
    filters = {"entry_filter": "(objectClass=container)"}
    assert asker.ask_one(CUSTOM, **filters, entry_limit=10000)["matching"] == ["COMPLETE", 2497]
    assert asker.ask_one(CUSTOM, **filters, entry_limit=2497)["matching"] == ["COMPLETE", 2497]
    assert asker.ask_one(CUSTOM, **filters, entry_limit=2496)["matching"] == ["AT_LEAST", 2496]
    assert asker.ask_one(CUSTOM, **filters, entry_limit=2000)["entries"] == ["AT_LEAST", 2000]


def test_without_the_right_to_see_whether_there_are_entries_none_are_seen(slapd_factory, prober):
    """The server is asked by hasSubordinates; who may not read that is told nothing by it."""
    slapd = slapd_factory(access=(f'to dn.children="{CUSTOM}" by * none', "to attrs=hasSubordinates by * none",
                                  "to * by * read"))
    seen = prober(slapd).ask_one(CUSTOM, entry_filter="(cn=*)", entry_limit=5)
    assert (seen["entries"], seen["matching"]) == (["COMPLETE", 0], ["COMPLETE", 0])
    slapd.set_access(f'to dn.children="{CUSTOM}" by * none', "to * by * read")
    seen = prober(slapd).ask_one(CUSTOM, entry_filter="(cn=*)", entry_limit=5)
    assert (seen["entries"], seen["matching"]) == (["HIDDEN", 0], ["HIDDEN", 0])


def test_a_renamed_container_is_counted_with_its_entries(slapd, prober):
    pinned = slapd.identity(CUSTOM)
    slapd.rename(RECIPIENTS, "cn=another")
    seen = prober(slapd).ask_one(CUSTOM, pinned=pinned, details=True, entry_filter="(mail=*)", entry_limit=2)
    assert (seen["entries"], seen["matching"]) == (["AT_LEAST", 2], ["AT_LEAST", 2])
