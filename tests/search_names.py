"""Invented names for the tests of search; none can be taken for a real unit."""

from __future__ import annotations

HERE = "http://127.0.0.1:8000/id/x/"
UNITS = (
    ("示例市妇幼保健院", "Example City Maternal and Child Health Hospital", ""),
    ("示例市第一人民医院", "Example First People's Hospital", '; skos:altLabel "示例一院"@zh'),
    ("示例县人民医院", "Example County People's Hospital", "; schema:location area:220122"),
    ("示例长兴医院", "Example Changxing Hospital", ""),
    ("示例行知儿童医院", "Example Xingzhi Children's Hospital", ""),
    ("示例重楼中医院", "Example Chonglou Hospital", ""),
    ("示例乐康医院新生儿科", "Example Lekang Hospital Neonatology", ""),
    ("示例铁路职工医院", "Example Railway Hospital", ""),
    ("示例吕祖妇产医院", "Example Luzu Maternity Hospital", ""),
    ("示例NICU转运中心", "Example NICU Transport Centre", ""),
    ("示例厦华医院", "Example Xiahua Hospital", ""),
    ("示例华同医院", "Example Huatong Hospital", ""),
)


def turtle() -> str:
    """Return the units as Turtle; the eighth has a former name."""
    units = "".join(
        f'<{HERE}{number}> a org:FormalOrganization ; ma:illustrative true ; skos:prefLabel "{zh}"@zh, "{en}"@en '
        f"{more} .\n"
        for number, (zh, en, more) in enumerate(UNITS, 1)
    )
    return f"""
    @prefix area: <https://w3id.org/medalliance/id/area/> .
    @prefix ma: <https://w3id.org/medalliance/ontology#> .
    @prefix org: <http://www.w3.org/ns/org#> .
    @prefix schema: <https://schema.org/> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
    {units}
    <{HERE}former> a ma:NameVariant ; ma:appliesTo <{HERE}8> ; skosxl:literalForm "示例机车厂医院"@zh ;
      ma:kind <https://w3id.org/medalliance/vocab/name-kind/former> .
    """
