"""Candidates come with every reason for and against them, the likeliest first, and in bounded number."""

import pytest

from graph.imports import candidates as module
from graph.imports.candidates import MOST, Candidates, Hint, Places, departments_like, name_hint
from graph.imports.known_names import Areas, Held, Identifier, KnownNames, Name
from graph.imports.resolution import Candidate, Mention
from graph.imports.written_names import normalised
from ontology.areas import AREA
from samples import HOSTILE

CHANGCHUN, CHAOYANG, JILIN, JILIN_CITY = (AREA + code for code in ("220100", "220104", "220000", "220200"))
AREAS = Areas(
    {CHANGCHUN: JILIN, CHAOYANG: CHANGCHUN, JILIN_CITY: JILIN},
    {
        CHANGCHUN: {"zh": "长春市", "en": "Changchun"},
        CHAOYANG: {"zh": "朝阳区"},
        JILIN: {"zh": "吉林省"},
        JILIN_CITY: {"zh": "吉林市"},
    },
)
CODE, OTHER_CODE = "12220000423204390Y", "122201224232043913"


def held(number: int, name: str, *places: str, code: str = "", alias: str = "") -> Held:
    names = [Name(name, normalised(name), "name")]
    names += [Name(alias, normalised(alias), "alias")] if alias else []
    return Held(
        f"https://example.org/{number}",
        "organization",
        {"zh": name},
        tuple(names),
        (Identifier("USCC", code),) if code else (),
        frozenset(places),
    )


def mention(name: str, area: str = "", code: str = "") -> Mention:
    return Mention(
        f"organization|{name}|", "organization", name, area=area, identifiers={"USCC": code} if code else {}
    )


def offered(
    asked: Mention, *listed: Held, area: str = "", hints: tuple[Hint, ...] = ()
) -> tuple[Candidate, ...]:
    known = KnownNames(listed, AREAS)
    return Candidates(known, Places(known, area), [asked]).of(asked, hints)


REASONS = [
    (mention("示例大一院"), held(1, "示例大学第一医院"), "short-form place-unknown"),
    (mention("示例大一院", CHAOYANG), held(1, "示例大学第一医院", CHANGCHUN), "short-form same-place"),
    (mention("示例人民医完", CHANGCHUN), held(1, "示例人民医院", CHANGCHUN), "similar same-place"),
    (mention("示利人民医院"), held(1, "示例人民医院"), "pinyin place-unknown"),
    (mention("示例医院东院"), held(1, "示例医院"), "similar place-unknown branch"),
    (
        mention("示例人民医完", code=CODE),
        held(1, "示例人民医院", code=CODE),
        "similar place-unknown same-identifier",
    ),
    (
        mention("示例大学第一医完", code=CODE),
        held(1, "示例大学第一医院", code=OTHER_CODE),
        "similar place-unknown other-identifier",
    ),
]


@pytest.mark.parametrize(("asked", "thing", "reasons"), REASONS)
def test_every_reason_for_and_against_is_told(asked: Mention, thing: Held, reasons: str) -> None:
    (found,) = offered(asked, thing)
    assert found.reasons == tuple(reasons.split())
    assert found.labels == thing.labels


@pytest.mark.parametrize(
    ("name", "other"),
    [("示例第一医院", "示例第二医院"), ("示例妇幼保健院", "示例妇产医院"), ("长春市中医院", "吉林市中医院")],
)
def test_a_likeness_that_something_speaks_against_is_not_offered(name: str, other: str) -> None:
    assert offered(mention(name), held(1, other)) == ()


def test_the_very_name_elsewhere_is_offered_with_what_speaks_against_it() -> None:
    thing = held(1, "人民医院", JILIN_CITY)
    (found,) = offered(mention("人民医院", CHAOYANG), thing, hints=(name_hint(thing, "人民医院"),))
    assert (found.reasons, found.area) == (("same-name", "other-place"), {"zh": "吉林市"})


def test_the_area_of_the_import_puts_those_in_it_first() -> None:
    listed = [held(1, "吉林市中心医院", JILIN_CITY), held(2, "长春市中心医院", CHANGCHUN)]
    first, second = offered(mention("市中心医院"), *listed, area=CHANGCHUN)
    assert (first.labels["zh"], "other-place" in second.reasons) == ("长春市中心医院", True)
    (elsewhere,) = offered(mention("示例大一院"), held(1, "示例大学第一医院", CHANGCHUN), area=JILIN_CITY)
    assert elsewhere.reasons == ("short-form", "other-place")


def test_a_name_that_the_file_gives_beside_the_first_is_looked_for_too() -> None:
    asked = Mention("k", "organization", "示例新名医院", other_names=("全然不同旧名医院",))
    (found,) = offered(asked, held(1, "全然不同旧名医院"))
    assert (found.matched, found.reasons[0]) == ("全然不同旧名医院", "alias")


def test_of_many_only_the_likeliest_are_offered() -> None:
    listed = [held(number, f"示例人民医院{character}") for number, character in enumerate("甲乙丙丁戊己庚辛")]
    found = offered(mention("示例人民医院"), *listed)
    assert len(found) == MOST
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_thing_is_offered_once_by_its_likest_name() -> None:
    (found,) = offered(mention("示例人民医院"), held(1, "示例人民总医院", alias="示例人民医完"))
    assert found.matched == "示例人民总医院"


def test_with_very_many_open_names_rows_of_the_file_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [mention("示例人民医院"), mention("示例人民医完"), mention("示例大一院")]
    known = KnownNames([held(1, "示例人民医院甲"), held(2, "示例大学第一医院")], AREAS)

    def found() -> list[set[str]]:
        candidates = Candidates(known, Places(known, ""), listed)
        return [{reason for one in candidates.of(asked) for reason in one.reasons} for asked in listed]

    assert "same-file" in found()[0]
    assert "short-form" in found()[2]
    monkeypatch.setattr(module, "MANY", 2)
    assert "same-file" not in found()[0]
    assert found()[0]  # what differs in one character is still found
    assert found()[2] == set()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_compared_like_others(name: str) -> None:
    (found,) = offered(mention(name + "x"), held(1, name))
    assert found.matched == name


def test_similar_departments_of_an_organization_are_offered_once_each() -> None:
    hospital = held(1, "示例医院")
    ward = Held(
        "d",
        "department",
        {"zh": "新生儿科"},
        held(0, "示例医院新生儿科", alias="新生儿病区").names,
        whole=hospital.iri,
    )
    known = KnownNames([hospital, ward], AREAS)
    (found,) = departments_like(Mention("k", "department", "示例医院新生儿内科"), hospital, known)
    assert (found.iri, found.reasons) == ("d", ("similar",))
    assert departments_like(Mention("k", "department", "药房"), hospital, known) == ()
