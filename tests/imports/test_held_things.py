"""A row that speaks of a membership or designation that is held already means that one."""

from pathlib import Path

from import_rows import ALLIANCE, BASE, SOURCE, Instance, concept, day, instance, known, meant, row

from graph.identity import Identities
from graph.imports.held_things import adopt_held
from graph.imports.statements import stated
from graph.imports.things import identity_key
from graph.merge import apply_delta
from graph.quads import Delta, Quad, iri, literal
from ontology.terms import MA, ORG, RDF, SKOS
from ontology.workbook import workbook
from samples import NAMES

UNIT = f"{BASE}id/org/held"


def hold(here: Instance, name: str, start: str, **more: str) -> None:
    """Hold a membership that no import named."""
    node = iri(f"http://example.org/{name}")
    said = {RDF.type: iri(MA.AllianceMembership), ORG.member: iri(UNIT), ORG.organization: iri(ALLIANCE)}
    said |= {MA.startStated: literal(start)} | {key: iri(value) for key, value in more.items()}
    quads = {Quad(node, iri(property_), value, NAMES.local) for property_, value in said.items()}
    apply_delta(here.engine.store, Delta(frozenset(quads)), NAMES.catalogue)


def test_what_is_held_gets_the_keys_that_rows_go_by(tmp_path: Path) -> None:
    with instance(tmp_path) as here:
        hold(here, "late", "2021")
        hold(here, "early", "2015")
        identities = Identities(here.journal, BASE)
        adopt_held(identities, here.engine, workbook(), [UNIT])
        kind = workbook().identity(MA.AllianceMembership)
        keys = [identity_key(kind, (ALLIANCE, UNIT), number) for number in (1, 2)]
        assert [identities.iri("membership", "membership", key) for key in keys] == [
            "http://example.org/early",
            "http://example.org/late",
        ]
        identities.remember("membership", keys[0], "http://example.org/known")
        adopt_held(identities, here.engine, workbook(), [UNIT])
        assert identities.iri("membership", "membership", keys[0]) == "http://example.org/known"


def test_a_row_about_a_held_membership_states_that_one(tmp_path: Path) -> None:

    rows = [row(3, name_zh="示例第一医院", role=concept("membership-role/member"), start=day("2021"))]
    with instance(tmp_path) as here:
        hold(here, "membership", "2021")
        identities = Identities(here.journal, BASE)
        adopt_held(identities, here.engine, workbook(), [UNIT])
        made = stated(rows, [known(one, UNIT) for one in meant(*rows)], SOURCE, identities, workbook())
        members = {quad.subject for quad in made.quads if quad.predicate == iri(ORG.member)}
        assert members == {iri("http://example.org/membership")}


def test_a_department_is_known_by_its_chinese_name(tmp_path: Path) -> None:
    with instance(tmp_path) as here:
        node = iri("http://example.org/department")
        said = {
            (iri(RDF.type), iri(MA.ClinicalDepartment)),
            (iri(ORG.unitOf), iri(UNIT)),
            (iri(SKOS.prefLabel), literal("Neonatology", language="en")),
            (iri(SKOS.prefLabel), literal("新生儿科", language="zh")),
        }
        apply_delta(
            here.engine.store,
            Delta(frozenset(Quad(node, *fact, NAMES.local) for fact in said)),
            NAMES.catalogue,
        )
        identities = Identities(here.journal, BASE)
        adopt_held(identities, here.engine, workbook(), [UNIT])
        assert identities.iri("org", "department", f"{UNIT} 新生儿科") == "http://example.org/department"
        adopt_held(identities, here.engine, workbook(), [])
