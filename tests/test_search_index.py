"""The index of names: golden list, ways of finding, order, hostile questions, and keeping in step with changes."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_names import HERE, turtle

from graph.local import LocalEngine
from graph.names_text import folded, words
from graph.oxigraph import OxigraphStore
from graph.pinyin import readings
from graph.quads import Delta, Quad, iri, literal
from graph.search_index import LONGEST, SUGGESTIONS, FoundNames, Name, SearchCache, SearchIndex
from ontology.packaged import BASE, packaged_graphs
from samples import HOSTILE

GOLDEN = Path(__file__).parent / "data" / "search-golden.csv"
PREFERRED = "http://www.w3.org/2004/02/skos/core#prefLabel"
LABEL = iri(PREFERRED)


def full_engine() -> LocalEngine:
    """Return an engine over all packaged names and the invented ones."""
    store = OxigraphStore()
    for graph in packaged_graphs():
        if graph.merged:
            store.add(store.read(graph.content(), graph.media_type))
    store.add(store.read(turtle().encode(), "text/turtle"))
    return LocalEngine(store)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex.of(full_engine())


def golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def full(name: str) -> str:
    return name.replace("@", HERE) if name.startswith("@") else BASE + name


def first(found: FoundNames) -> str:
    return found.items[0].thing if found.items else ""


def small(*names: tuple[str, str, str]) -> SearchIndex:
    """Return an index of things (name, text, family)."""
    return SearchIndex(Name(thing, PREFERRED, text, "zh", family) for thing, text, family in names)


def things(found: FoundNames) -> list[str]:
    return [one.thing for one in found.items]


# --- The golden list ------------------------------------------------------------------------------------------


def test_the_expected_thing_comes_first_for_nearly_all_questions(index: SearchIndex) -> None:
    rows = golden()
    assert len(rows) >= 120
    missed = {row["query"] for row in rows if first(index.search(row["query"])) != full(row["expected"])}
    assert missed == {row["query"] for row in rows if row["miss"]}
    assert len(missed) <= 0.05 * len(rows)


def test_the_golden_list_has_every_way_of_asking() -> None:
    kinds = {row["kind"] for row in golden()}
    wanted = {
        "two characters",
        "pinyin",
        "initials",
        "mixed",
        "traditional",
        "typo",
        "english",
        "former name",
    }
    assert wanted | {"heteronym", "place", "identifier", "alias", "concept", "u umlaut"} <= kinds


# --- What is told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("吉林大学", "exact"),
        ("吉林大", "prefix"),
        ("一医院新", "words"),
        ("jilindaxue", "pinyin"),
        ("jldx", "initials"),
        ("jldxd", "initials"),
        ("长春 新生儿科", "place"),
        ("吉大一院", "abbreviation"),
        ("jilin univeristy", "typo"),
    ],
)
def test_a_hit_tells_in_which_way_its_name_fits(index: SearchIndex, text: str, way: str) -> None:
    assert index.search(text).items[0].way == way


def test_a_former_name_tells_which_name_matched(index: SearchIndex) -> None:
    found = index.search("示例机车厂医院").items[0]
    assert (found.thing, found.text) == (f"{HERE}8", "示例机车厂医院")
    assert found.property.endswith("name-kind/former")
    assert found.illustrative


def test_each_thing_is_found_once_in_the_language_of_the_reader() -> None:
    index = SearchIndex(Name("t:1", PREFERRED, "NICU", language, "organization") for language in ("zh", "en"))
    assert [one.language for one in index.search("nicu", "en").items] == ["en"]
    assert [one.language for one in index.search("nicu", "zh").items] == ["zh"]


def test_what_is_nearest_is_suggested_when_nothing_is_found(index: SearchIndex) -> None:
    found = index.search("吉林大学新生儿学系")
    assert not found.items
    assert "吉林大学第一医院新生儿科" in found.suggestions
    assert len(found.suggestions) <= SUGGESTIONS
    assert not index.search("吉林大学").suggestions


# --- Order and pages ------------------------------------------------------------------------------------------


def test_the_better_fit_comes_first_then_the_kind_then_the_shorter_name() -> None:
    index = small(
        ("t:term", "仁和级别", "term"),
        ("t:area", "仁和区域", "area"),
        ("t:programme", "仁和培训", "programme"),
        ("t:long", "仁和儿童医院", "organization"),
        ("t:short", "仁和医院", "organization"),
        ("t:within", "第一仁和", "organization"),
        ("t:exact", "仁和", "term"),
    )
    order = ["t:exact", "t:short", "t:long", "t:programme", "t:area", "t:within", "t:term"]
    assert things(index.search("仁和")) == order


def test_the_order_does_not_depend_on_how_the_names_came() -> None:
    names = [(f"t:{number}", f"第{number % 7}医院", "organization") for number in range(40)]
    assert things(small(*names).search("医院", limit=40)) == things(
        small(*names[::-1]).search("医院", limit=40)
    )


def test_pages_follow_each_other_and_tell_of_more(index: SearchIndex) -> None:
    whole = things(index.search("新生儿", limit=60))
    pages = [index.search("新生儿", limit=7, offset=start) for start in range(0, len(whole), 7)]
    assert [thing for page in pages for thing in things(page)] == whole
    assert pages[0].at_least
    assert not index.search("新生儿", limit=400).at_least


def test_only_some_families_may_be_asked_for(index: SearchIndex) -> None:
    found = index.search("吉林", families=("area", "designation"), limit=50)
    assert {one.family for one in found.items} == {"area", "designation"}


# --- What is real, and how many of each kind -------------------------------------------------------------------


def mixed_index() -> SearchIndex:
    """Return an index of real and illustrative units, and an area."""
    names = [
        ("t:real", "仁和医院", "organization", False),
        ("t:invented", "仁和儿童医院", "organization", True),
        ("t:area", "仁和区", "area", False),
    ]
    return SearchIndex(
        Name(thing, PREFERRED, text, "zh", family, illustrative=invented)
        for thing, text, family, invented in names
    )


@pytest.mark.parametrize("text", ["仁和", "renhe", "rh", "仁禾儿童医院", "仁和 医院"])
def test_what_is_illustrative_can_be_left_out(text: str) -> None:
    index = mixed_index()
    assert "t:invented" in things(index.search(text))
    assert "t:invented" not in things(index.search(text, real=True))


def test_illustrative_names_are_not_suggested_where_only_the_real_is_wanted() -> None:
    index = mixed_index()
    assert "仁和儿童医院" in index.search("仁和儿童学院的").suggestions
    assert "仁和儿童医院" not in index.search("仁和儿童学院的", real=True).suggestions


def test_things_are_counted_by_kind_up_to_a_bound() -> None:
    families = ("organization", "area", "project")
    counted = mixed_index().counts("仁和", families)
    assert counted == {"organization": (2, False), "area": (1, False), "project": (0, False)}
    assert mixed_index().counts("仁和", families, real=True)["organization"] == (1, False)
    many = small(*((f"t:{number}", f"第{number}医院", "organization") for number in range(40)))
    assert many.counts("医院", ["organization"], most=25) == {"organization": (25, True)}
    assert many.counts("没有", ["organization"]) == many.counts("", ["organization"]) == {}


def test_no_kind_is_counted_by_guesses_where_another_is_called_so() -> None:
    index = small(("t:1", "仁和儿童医院", "organization"), ("t:2", "仁和儿重医院", "project"))
    assert index.counts("仁和儿重医院", ["organization", "project"]) == {
        "organization": (0, False),
        "project": (1, False),
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text("仁和儿童医院", min_size=2, max_size=5), st.booleans()), max_size=12))
def test_leaving_out_what_is_illustrative_loses_nothing_real(units: list[tuple[str, bool]]) -> None:
    index = SearchIndex(
        Name(f"t:{number}", PREFERRED, text, "zh", "organization", illustrative=invented)
        for number, (text, invented) in enumerate(units)
    )
    invented = {f"t:{number}" for number, (_, is_invented) in enumerate(units) if is_invented}
    for text in ("医院", "yiyuan", "rh", "仁和儿童"):
        found = set(things(index.search(text, real=True, limit=50)))
        assert not found & invented
        assert set(things(index.search(text, limit=50))) - invented <= found


# --- Readings -------------------------------------------------------------------------------------------------


def test_the_likely_reading_comes_before_the_rare_one() -> None:
    index = small(("t:rare", "院长办", "organization"), ("t:likely", "远昌办公楼", "organization"))
    assert things(index.search("yuanchang")) == ["t:likely", "t:rare"]
    assert things(index.search("yuanzhang")) == ["t:rare"]


def test_a_word_before_another_is_whole() -> None:
    index = small(("t:1", "吉林大学", "organization"), ("t:2", "吉灵大学", "organization"))
    assert things(index.search("ji lin da")) == ["t:1"]
    assert set(things(index.search("ji lin"))) == {"t:1", "t:2"}


@pytest.mark.parametrize("text", ["jliin", "jiiln", "jilni", "jlin", "jilimdaxu", "jilindaxeu", "jilnidaxue"])
def test_one_mistake_in_pinyin_is_forgiven_also_between_syllables(text: str) -> None:
    assert things(small(("t:1", "吉林大学", "organization")).search(text)) == ["t:1"]


@pytest.mark.parametrize("text", ["延边 敦化", "yanbian dunhua", "延边朝鲜族自治州 敦化", "yanbian 敦化"])
def test_a_place_is_known_by_its_short_name_and_its_pinyin(text: str) -> None:
    places = ("延边朝鲜族自治州",)
    index = SearchIndex([Name("t:1", PREFERRED, "敦化医院", "zh", "organization", places)])
    assert things(index.search(text)) == ["t:1"]


# --- Text -----------------------------------------------------------------------------------------------------


def test_names_are_compared_in_one_form() -> None:
    assert words("ＮＩＣＵ長春醫院—Ürümqi") == ["nicu", "长春医院", "urumqi"]
    assert folded("臺灣") == folded("台湾")


def test_a_character_has_all_its_readings_and_an_umlaut_all_its_spellings() -> None:
    assert {"chang", "zhang"} <= set(readings("长"))
    assert {"lv", "lu", "lyu"} <= set(readings("吕"))
    assert readings("x") == ()


# --- Mistakes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["仁和儿重医院", "仁和童医院", "仁和儿儿童医院", "仁禾儿童医院"])
def test_one_wrong_missing_or_extra_character_is_forgiven(text: str) -> None:
    index = small(("t:1", "仁和儿童医院", "organization"))
    assert things(index.search(text)) == ["t:1"]


def test_what_was_typed_wrong_never_hides_what_was_typed_right() -> None:
    index = small(("t:right", "aabcd", "organization"), ("t:near", "aabce", "organization"))
    assert things(index.search("aabce")) == ["t:near"]


# --- Anything may be asked ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *HOSTILE,
        *(
            '"',
            "'",
            '""',
            "*",
            "吉林*",
            "AND",
            "OR NOT",
            "NEAR(a b)",
            "^吉",
            "text:x",
            "%",
            "_",
            "-",
            "{}",
            "\\",
        ),
        *("😀医院", "\x00", "a\x00b", "\u202e院", "院\u0301", "（）", "〇", "ſ", "ß", "İ", "\ud800"),
        *("医" * 10_000, "a" * 10_000, "a b " * 5_000, "jl" * 5_000, "吉l" * 200),
    ],
)
def test_a_hostile_question_is_only_text(index: SearchIndex, text: str) -> None:
    found = index.search(text)
    assert len(found.items) <= 20


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=2 * LONGEST), language=st.sampled_from(("zh", "en")))
def test_any_text_may_be_asked(index: SearchIndex, text: str, language: str) -> None:
    found = index.search(text, language, limit=5)
    assert len(set(things(found))) == len(found.items) <= 5


@settings(max_examples=60, deadline=None)
@given(text=st.text(min_size=1, max_size=40))
def test_a_name_is_found_by_itself(text: str) -> None:
    index = small(("t:1", text, "organization"))
    assert things(index.search(text)) == (["t:1"] if words(text) else [])
    index.close()


# --- Changes --------------------------------------------------------------------------------------------------


def changed(engine: LocalEngine, subject: str, *, old: str = "", new: str = "") -> Delta:
    """Rename a thing."""

    def named(text: str) -> frozenset[Quad]:
        return frozenset({Quad(iri(subject), LABEL, literal(text, language="zh"), "")} if text else ())

    delta = Delta(named(new), named(old))
    engine.store.add(delta.added)
    engine.store.remove(delta.removed)
    engine.version += 1
    return delta


def test_a_change_is_found_and_what_it_replaced_is_not() -> None:
    engine = LocalEngine(OxigraphStore())
    changed(engine, "t:1", new="仁和医院")
    index = SearchIndex.of(engine)
    changed(engine, "t:1", old="仁和医院", new="同济医院")
    index.updated(engine, [iri("t:1")])
    assert things(index.search("同济")) == things(index.search("tongji")) == ["t:1"]
    assert things(index.search("仁和医院")) == []
    assert (len(index), index.version) == (1, 2)


def test_a_changed_name_record_is_read_with_the_thing_it_speaks_of() -> None:
    engine = full_engine()
    index = SearchIndex.of(engine)
    literal_form = "http://www.w3.org/2008/05/skos-xl#literalForm"
    engine.store.add(
        [Quad(iri(f"{HERE}former"), iri(literal_form), literal("示例车站医院", language="zh"), "")]
    )
    index.updated(engine, [iri(f"{HERE}former")])
    assert things(index.search("示例车站医院")) == [f"{HERE}8"]


def test_an_index_kept_in_step_answers_like_a_new_one() -> None:
    engine = full_engine()
    index = SearchIndex.of(engine)
    units = [f"{HERE}{number}" for number in (1, 4, 7)]
    for unit in units:
        changed(engine, unit, new=f"改名{unit[-1]}医院")
    index.updated(engine, [iri(unit) for unit in units])
    fresh = SearchIndex.of(engine)
    for text in ("医院", "改名", "gaiming", "gmyy", "示例", "slcx", "hospital"):
        assert index.search(text, limit=50) == fresh.search(text, limit=50), text


def test_the_cache_reads_what_changed_and_all_when_it_is_not_told() -> None:
    engine = LocalEngine(OxigraphStore())
    changed(engine, "t:1", new="仁和医院")
    asked: list[tuple[int, int]] = []

    def changes(after: int, upto: int) -> list[str]:
        asked.append((after, upto))
        return [iri("t:2")]

    told, untold = SearchCache(engine, changes), SearchCache(engine)
    held = told.current()
    assert things(untold.current().search("仁和")) == ["t:1"]
    changed(engine, "t:2", new="仁和第二医院")
    assert told.current() is held
    assert things(held.search("仁和")) == things(untold.current().search("仁和")) == ["t:1", "t:2"]
    assert asked == [(1, 2)]
    assert told.current() is held


def test_an_index_may_be_kept_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "search.sqlite"
    index = SearchIndex([Name("t:1", PREFERRED, "仁和医院", "zh", "organization")], file=str(file))
    assert things(index.search("rhyy")) == ["t:1"]
    index.close()
    with pytest.raises(sqlite3.ProgrammingError):
        index.search("rhyy")
    assert file.stat().st_size
