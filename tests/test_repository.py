"""One instance: what is written is whole or absent, and what sources say stays theirs."""

from collections.abc import Callable

import pytest

from graph.data_directory import DataDirectory, DirectoryInUse
from graph.journal import DamagedJournal, Identity
from graph.projection import Projection
from graph.quads import Quad, iri, literal, text_of
from graph.repository import ChecksFailed, DamagedStore, Repository, SourceFile, VersionMoved
from graph.restricted import Restricted, RestrictedDelta
from graph.settle import Proposal, Refused, UpdateRequest
from samples import HOSTILE, NAMES

PREFIXES = """
@prefix ma: <https://w3id.org/medalliance/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix qudt: <http://qudt.org/schema/qudt/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix unit: <http://qudt.org/vocab/unit/> .
@prefix v: <https://w3id.org/medalliance/vocab/> .
@prefix x: <http://example.org/> .
"""
UNIT = 'x:unit a ma:ClinicalDepartment ; skos:prefLabel "示例科室"@zh, "Example Department"@en .\n'
Opened = Callable[..., Repository]


def beds(number: int, name: str) -> str:
    return f"""x:{name} a ma:Statistic ; sosa:hasFeatureOfInterest x:unit ;
      sosa:observedProperty <https://w3id.org/medalliance/vocab/indicator/beds> ; sosa:hasSimpleResult {number} ;
      qudt:hasUnit unit:NUM ; prov:wasDerivedFrom x:report ;
      ma:basis <https://w3id.org/medalliance/vocab/basis/stated> .
    """


def turtle(name: str, *parts: str) -> SourceFile:
    return SourceFile(name, (PREFIXES + "".join(parts)).encode())


def load(repository: Repository, *files: SourceFile):
    return repository.load(files, who="tester", why="a test")


def count(repository: Repository, pattern: str) -> int:
    (row,) = repository.engine.select(
        "PREFIX x: <http://example.org/> PREFIX sosa: <http://www.w3.org/ns/sosa/> "
        f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    )
    return int(text_of(row["n"]))


def test_a_new_instance_holds_the_packaged_graphs_and_nothing_else(repository: Repository) -> None:
    names = {quad.graph for quad in repository.quads()} - {NAMES.catalogue, NAMES.derived}
    assert names
    assert all(name.startswith("<https://w3id.org/medalliance/") for name in names)
    assert repository.engine.version == repository.journal.last().number == 1


def test_packaged_data_brings_no_violation(repository: Repository) -> None:
    from graph.checks import graph_findings
    from graph.knowledge import packaged_checks
    from graph.merge import apply_delta, merged_graphs
    from graph.oxigraph import OxigraphStore
    from graph.quads import Delta

    store = OxigraphStore()
    apply_delta(store, Delta(frozenset(repository.quads())), NAMES.catalogue)
    found = [
        finding
        for graph in merged_graphs(store, NAMES.catalogue) - {NAMES.derived, NAMES.catalogue}
        for finding in graph_findings(store, graph, packaged_checks(), None, NAMES.catalogue)
    ]
    assert [finding for finding in found if finding.severity == "violation"] == []


def test_opening_again_brings_the_same_graph_and_no_new_change(opened: Opened) -> None:
    first = opened()
    load(first, turtle("a.ttl", UNIT))
    held, last = set(first.quads()), first.journal.last()
    first.close()
    second = opened()
    assert set(second.quads()) == held
    assert second.journal.last() == last


def test_a_loaded_file_is_a_source_of_its_own(opened: Opened) -> None:
    repository = opened()
    recorded = load(repository, turtle("科室 list.ttl", UNIT))
    assert recorded.change is not None
    (row,) = repository.engine.select(
        "SELECT ?g ?title { GRAPH ?g { <http://example.org/unit> a ?t } "
        "?g <http://purl.org/dc/terms/title> ?title }"
    )
    assert text_of(row["title"]) == "科室 list.ttl"
    assert "/source/list/" in row["g"]


def test_two_bed_counts_are_both_kept_and_reported_as_a_disagreement(opened: Opened) -> None:
    repository = opened()
    load(repository, turtle("one.ttl", UNIT, beds(30, "one")))
    recorded = load(repository, turtle("two.ttl", UNIT, beds(40, "two")))
    assert not [finding for finding in recorded.findings if finding.severity == "violation"]
    assert count(repository, "?s sosa:hasFeatureOfInterest x:unit") == 2
    (one,) = recorded.disagreements
    assert one.subject == "<http://example.org/unit>"
    assert {text_of(one.value), text_of(one.other_value)} == {"30", "40"}
    assert ("/source/one/" in one.source) != ("/source/one/" in one.other_source)


def test_a_fact_of_two_sources_counts_once_and_stays_when_one_is_withdrawn(opened: Opened) -> None:
    repository = opened()
    load(repository, turtle("one.ttl", UNIT, beds(30, "same")))
    load(repository, turtle("two.ttl", UNIT, beds(30, "same")))
    pattern = "x:same sosa:hasSimpleResult ?beds"
    assert count(repository, pattern) == 1
    assert count(repository, f"GRAPH ?g {{ {pattern} }}") == 2
    (row,) = repository.engine.select(
        "PREFIX x: <http://example.org/> PREFIX sosa: <http://www.w3.org/ns/sosa/> "
        "SELECT (SUM(?beds) AS ?sum) { x:same sosa:hasSimpleResult ?beds }"
    )
    assert text_of(row["sum"]) == "30"
    graphs = repository.engine.select("SELECT ?g { GRAPH ?g { <http://example.org/unit> a ?t } } ORDER BY ?g")
    one = next(text_of(row["g"]) for row in graphs if "/source/one/" in row["g"])
    two = next(text_of(row["g"]) for row in graphs if "/source/two/" in row["g"])
    repository.withdraw(one, who="tester", why="an error")
    assert count(repository, pattern) == 1
    assert count(repository, f"GRAPH <{one}> {{ {pattern} }}") == 1
    repository.withdraw(two, who="tester", why="an error")
    assert count(repository, pattern) == 0


def test_what_a_withdrawn_source_stated_counts_as_changed(opened: Opened) -> None:
    repository, unit = opened(), "<http://example.org/unit>"
    before = repository.engine.version
    load(repository, turtle("one.ttl", UNIT, 'x:plain skos:prefLabel "示例"@zh, "Example"@en .'))
    loaded = repository.engine.version
    assert unit in repository.changed_between(before, loaded)
    other = UpdateRequest("INSERT DATA { <http://example.org/other> a <http://example.org/C> }")
    repository.update(other, who="tester", why="a test")
    later = repository.engine.version
    assert unit not in repository.changed_between(loaded, later)
    (graph,) = {quad.graph for quad in repository.quads() if "/source/one/" in quad.graph}
    held = Projection.of(repository.engine)
    repository.withdraw(text_of(graph), who="tester", why="an error")
    assert {unit, "<http://example.org/plain>"} <= repository.changed_between(
        later, repository.engine.version
    )
    after = held.updated(repository.engine, repository.changed_between)
    assert ("http://example.org/unit" in held, "http://example.org/unit" in after) == (True, False)
    assert count(repository, "x:unit ?p ?o") == 0


def test_what_follows_from_an_old_version_of_a_document_goes_with_it(opened: Opened) -> None:
    repository = opened()
    load(repository, turtle("list.ttl", UNIT))
    assert count(repository, "x:unit a <http://www.w3.org/ns/org#OrganizationalUnit>") == 1
    load(repository, turtle("list.ttl", UNIT.replace("x:unit", "x:other")))
    assert count(repository, "x:unit ?p ?o") == 0
    assert count(repository, "x:other a <http://www.w3.org/ns/org#OrganizationalUnit>") == 1


def test_where_names_do_not_tell_what_changed_everything_did(opened: Opened) -> None:
    repository = opened("bare", plain=True)
    asked = UpdateRequest("INSERT DATA { [] <a:b> 1 }")
    repository.update(asked, who="tester", why="a test")
    assert repository.changed_between(0, 1) is None
    assert repository.changed_between(1, 1) == set()


def test_a_new_version_of_a_document_takes_the_place_of_the_old(opened: Opened) -> None:
    repository = opened()
    load(repository, turtle("list.ttl", UNIT, beds(30, "beds")))
    load(repository, turtle("list.ttl", UNIT, beds(35, "beds")))
    rows = repository.engine.select(
        "SELECT ?n { <http://example.org/beds> <http://www.w3.org/ns/sosa/hasSimpleResult> ?n }"
    )
    assert [text_of(row["n"]) for row in rows] == ["35"]
    assert count(repository, "GRAPH ?g { x:beds sosa:hasSimpleResult ?n }") == 2


def test_a_file_with_violations_changes_nothing_and_says_what_to_do(opened: Opened) -> None:
    repository = opened()
    before = set(repository.quads())
    bad = "x:d a ma:Designation ; skos:prefLabel '示例资质'@zh .\nx:m a ma:AllianceMembership .\n"
    with pytest.raises(ChecksFailed) as caught:
        load(repository, turtle("bad.ttl", UNIT, bad))
    found = [one for one in caught.value.findings if one.severity == "violation"]
    assert {one.node for one in found} >= {"<http://example.org/d>", "<http://example.org/m>"}
    for one in found:
        assert one.check
        for language in ("zh", "en"):
            assert one.message[language]
            assert one.remedy[language]
    assert set(repository.quads()) == before
    assert repository.journal.last().number == 1


def test_old_violations_do_not_stand_in_the_way_of_a_change(opened: Opened) -> None:
    repository = opened()
    bad = turtle("bad.ttl", "x:d a ma:Designation ; skos:prefLabel '示例资质'@zh .\n")
    repository.load([bad], who="tester", why="bulk", checked=False, graph="http://example.org/g")
    more = turtle("more.ttl", "x:d skos:altLabel '别名'@zh .\n")
    recorded = repository.load([more], who="tester", why="more", graph="http://example.org/g")
    assert recorded.change is not None


def test_derived_facts_follow_what_is_stated_and_go_with_it(opened: Opened) -> None:
    repository = opened()
    stated = (
        UNIT + "x:hospital a org:FormalOrganization ; skos:prefLabel '示例医院'@zh, 'Example Hospital'@en .\n"
    )
    load(repository, turtle("a.ttl", stated, "x:unit org:unitOf x:hospital .\n"))
    inverse = "x:hospital <http://www.w3.org/ns/org#hasUnit> x:unit"
    assert count(repository, inverse) == 1
    assert count(repository, f"GRAPH {NAMES.derived} {{ {inverse} }}") == 1
    load(repository, turtle("a.ttl", stated))
    assert count(repository, inverse) == 0


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_kept_as_they_are(opened: Opened, label: str) -> None:
    repository = opened()
    said = Quad(
        iri("http://example.org/unit"), iri("http://www.w3.org/2004/02/skos/core#altLabel"), literal(label)
    )
    load(repository, turtle("a.ttl", UNIT, f"{said}\n"))
    assert said.object in {quad.object for quad in repository.quads()}


def test_an_update_is_one_change(opened: Opened) -> None:
    repository = opened()
    asked = "PREFIX x: <http://example.org/> INSERT DATA { x:a x:p 1, 2 } ; DELETE DATA { x:a x:p 1 }"
    recorded = repository.update(UpdateRequest(asked), who="tester", why="a test")
    assert recorded.change is not None
    assert (recorded.change.header.added, recorded.change.header.removed) == (1, 0)
    with pytest.raises(Refused):
        repository.update(UpdateRequest("CLEAR ALL"), who="tester", why="a test")


def test_a_plain_dataset_is_empty_and_keeps_what_is_written_where_it_is_written(opened: Opened) -> None:
    repository = opened("bare", plain=True)
    assert repository.journal.last().number == 0
    asked = "INSERT DATA { <a:a> <a:b> 1 . GRAPH <a:g> { <a:a> <a:b> 2 } }"
    repository.update(UpdateRequest(asked), who="tester", why="a test")
    assert count(repository, "?s ?p ?o") == 1
    assert count(repository, "GRAPH ?g { ?s ?p ?o }") == 1
    repository.close()
    again = opened("bare", plain=True)
    assert count(again, "?s ?p ?o") == 1


def test_two_processes_do_not_share_a_directory(opened: Opened) -> None:
    repository = opened()
    with pytest.raises(DirectoryInUse):
        DataDirectory(repository.directory.path)


def test_check_counts_what_is_served(repository: Repository) -> None:
    last, tally = repository.check()
    assert tally.quads == last.quads == len(repository.quads())


def test_a_graph_that_is_not_the_journals_is_reported(opened: Opened) -> None:
    from graph.quads import Delta

    repository = opened()
    stray = Quad(iri("http://example.org/a"), iri("http://example.org/b"), literal("c"), NAMES.local)
    repository.engine.apply(Delta(frozenset({stray})), repository.engine.version)
    with pytest.raises(DamagedStore):
        repository.check()


def test_a_damaged_journal_is_reported_at_start_and_not_served(opened: Opened) -> None:
    import sqlite3

    repository = opened()
    load(repository, turtle("a.ttl", UNIT))
    file = repository.directory.journal
    repository.close()
    db = sqlite3.connect(file)
    db.execute("UPDATE chunk SET data = zeroblob(30) WHERE change = 2")
    db.commit()
    db.close()
    with pytest.raises(DamagedJournal) as caught:
        opened()
    assert caught.value.change == 2


def test_a_graph_that_was_lost_is_brought_back_from_the_journal(opened: Opened) -> None:
    repository = opened()
    load(repository, turtle("a.ttl", UNIT))
    held = set(repository.quads())
    keeper = repository.engine._nursery._process
    keeper.kill()
    keeper.wait()
    load(repository, turtle("b.ttl", 'x:unit skos:altLabel "别名"@zh .'))
    assert count(repository, "x:unit <http://www.w3.org/2004/02/skos/core#altLabel> ?name") == 1
    assert held < set(repository.quads())
    repository.check()


NOTE = Restricted(
    "<http://example.org/unit>",
    "<http://example.org/unit>",
    "internal",
    frozenset(
        {Quad("<http://example.org/unit>", "<http://example.org/note>", '"备注"', "<http://example.org/s>")}
    ),
)
SAID = Quad("<http://example.org/unit>", "<http://example.org/p>", '"x"', "<http://example.org/s>")


def test_public_and_restricted_come_with_one_change_and_go_with_its_undo(opened: Opened) -> None:
    repository = opened()
    before = frozenset(repository.quads())
    recorded = repository.propose(
        Proposal(added=frozenset({SAID})),
        who="tester",
        why="a test",
        restricted=RestrictedDelta((NOTE,)),
        identities=[Identity("uscc", "1", "http://example.org/unit")],
        expected=repository.engine.version,
    )
    assert recorded.change
    assert [fact.quads for fact in repository.restricted.all()] == [NOTE.quads]
    assert repository.journal.identity("uscc", "1") == "http://example.org/unit"
    undone = repository.undo(recorded.change.number, who="tester", why="an error").change
    assert undone
    assert (undone.header.undoes, undone.header.why) == (recorded.change.number, "an error")
    assert frozenset(repository.quads()) == before
    assert repository.restricted.all() == ()
    repository.check()
    repository.close()
    again = opened()
    assert frozenset(again.quads()) == before
    assert again.undone_by(recorded.change.number) == undone.number
    again.undo(undone.number, who="tester", why="after all")
    assert [fact.quads for fact in again.restricted.all()] == [NOTE.quads]


def test_a_draft_made_for_a_version_need_not_be_made_again(opened: Opened) -> None:
    repository = opened()
    proposal = Proposal(added=frozenset({SAID}))
    version, drafted = repository.engine.version, repository.engine.draft(proposal)
    recorded = repository.propose(proposal, who="tester", why="a test", drafted=drafted, expected=version)
    assert recorded.change
    assert SAID in repository.quads()
    repository.check()
    with pytest.raises(VersionMoved):
        repository.propose(proposal, who="tester", why="late", drafted=drafted, expected=version)


def test_withdrawing_a_source_withdraws_what_it_said_in_private(opened: Opened) -> None:
    repository = opened()
    load(repository, turtle("one.ttl", UNIT))
    (graph,) = {quad.graph for quad in repository.quads() if "/source/one/" in quad.graph}
    said = frozenset(quad._replace(graph=graph) for quad in NOTE.quads)
    note = Restricted(NOTE.node, NOTE.about, "internal", said)
    repository.propose(Proposal(), who="tester", why="a remark", restricted=RestrictedDelta((note,)))
    assert len(repository.restricted.all()) == 1
    repository.withdraw(text_of(graph), who="tester", why="an error")
    assert repository.restricted.all() == ()


def test_packaged_data_cannot_be_undone(opened: Opened) -> None:
    with pytest.raises(Refused):
        opened().undo(1, who="tester", why="a test")
