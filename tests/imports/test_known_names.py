"""What is held and may be meant: names, identifiers and places, without anything illustrative."""

from functools import cache

from page_data import ALLIANCE, DEPARTMENT, HOSPITAL, packaged_engine, packaged_quads, state, with_quads

from graph.imports.known_names import KnownNames, KnownNamesCache
from graph.local import LocalEngine
from ontology.areas import AREA
from samples import BASE, HOSTILE

UNIT = f"{BASE}id/org/u1"
MORE = """
<id/org/u1> a org:FormalOrganization, schema:Hospital ;
  skos:prefLabel "示例县医院"@zh, "Example County Hospital"@en ; skos:altLabel "示例总院"@zh ;
  org:identifier "12220000423204390h"^^ma:USCC, "22010410012345"^^ma:Licence, "J1"^^ma:Local .
<id/name/n1> a ma:NameVariant ; ma:appliesTo <id/org/u1> ; ma:kind voc:name-kind\\/former ;
  skosxl:literalForm "样板县医院"@zh .
<id/name/n2> a ma:NameVariant ; ma:appliesTo <id/org/u1> ; skosxl:literalForm "县院"@zh .
<id/place/p1> a ma:PlaceAssignment ; ma:appliesTo <id/org/u1> ; ma:assignedPlace <AREA220182> .
<id/org/d1> a ma:ClinicalDepartment ; skos:prefLabel "新生儿科"@zh ; org:unitOf <id/org/u1> .
<id/org/x1> a org:FormalOrganization ; skos:prefLabel "示例虚构医院"@zh ; ma:illustrative true ;
  org:identifier "999"^^ma:USCC .
<id/designation/g1> a ma:Designation ; skos:prefLabel "某资质"@zh .
"""


def engine() -> LocalEngine:
    said = "@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .\n" + MORE.replace("AREA", AREA)
    return state(with_quads(packaged_quads()), said)


@cache
def known() -> KnownNames:
    return KnownNames.of(engine())


def iris(found: object) -> list[str]:
    return [one.iri for one in found]  # type: ignore[attr-defined]


def test_a_thing_is_found_by_every_name_in_every_writing() -> None:
    kinds = {
        "示例县医院": "name",
        "examplecountyhospital": "name",
        "示例总院": "alias",
        "样板县医院": "former",
        "县院": "alias",
    }
    for name, kind in kinds.items():
        (held,) = known().named("organization", name)
        assert (held.iri, held.kind_of(name)) == (UNIT, kind)


def test_a_thing_is_found_by_its_identifiers() -> None:
    assert iris(known().identified("USCC", "12220000 423204390H")) == [UNIT]
    assert iris(known().identified("", "22010410012345")) == [UNIT]
    assert iris(known().identified("Licence", "12220000423204390H")) == []
    assert iris(known().identified("ROR", "034haf133")) == [HOSPITAL]


def test_departments_alliances_and_programmes_are_kept_apart() -> None:
    assert iris(known().departments(HOSPITAL)) == [DEPARTMENT]
    assert iris(known().named("alliance", "吉林省新生儿专科医疗联盟")) == [ALLIANCE]
    assert iris(known().named("organization", "吉林省新生儿专科医疗联盟")) == []
    assert iris(known().named("programme", "新生儿住院医师培训"))
    assert known().get(f"{BASE}id/designation/g1") is None


def test_places_are_those_of_records_too_and_a_department_is_where_its_organization_is() -> None:
    held, department = known().get(UNIT), known().get(f"{BASE}id/org/d1")
    assert held
    assert department
    assert held.places == department.places == {AREA + "220182"}


def test_areas_agree_when_one_lies_in_the_other() -> None:
    areas = known().areas
    assert areas.agree(AREA + "220182", AREA + "220000")
    assert areas.agree(AREA + "220000", AREA + "220182")
    assert not areas.agree(AREA + "220182", AREA + "220200")
    assert areas.labels(AREA + "220100")["zh"] == "长春市"
    assert "吉林省" in areas.names
    assert {"长春", "朝阳"} <= areas.short_names_within(AREA + "220100")


def test_nothing_illustrative_is_known() -> None:
    assert known().named("organization", "示例虚构医院") == ()
    assert known().identified("USCC", "999") == []
    assert known().get(f"{BASE}id/org/x1") is None
    assert known().is_illustrative(f"{BASE}id/org/x1")


def test_hostile_names_are_names_like_others() -> None:
    quoted = [name.replace("\\", "\\\\").replace('"', '\\"') for name in HOSTILE]
    listed = "".join(
        f'<id/org/h{number}> a org:FormalOrganization ; skos:prefLabel "{name}"@zh .\n'
        for number, name in enumerate(quoted)
    )
    hostile = KnownNames.of(state(with_quads(packaged_quads()), listed, "hostile"))
    assert {hostile.get(f"{BASE}id/org/h{n}").labels["zh"] for n in range(len(HOSTILE))} == set(HOSTILE)  # type: ignore[union-attr]


def test_the_cache_reads_again_after_a_change_and_only_then() -> None:
    changing = packaged_engine()
    cache_ = KnownNamesCache(changing)
    first = cache_.current()
    assert cache_.current() is first
    state(changing, '<id/org/u9> a org:FormalOrganization ; skos:prefLabel "示例新医院"@zh .', "more")
    changing.version += 1
    assert iris(cache_.current().named("organization", "示例新医院")) == [f"{BASE}id/org/u9"]
