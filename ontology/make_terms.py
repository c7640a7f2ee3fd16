"""Writes what is generated from the Turtle: ``ontology/terms.py`` and ``docs/reference/ontology.md``.

Run ``python -m ontology.make_terms`` after editing a Turtle file. Only this module of the package knows rdflib.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

HERE = Path(__file__).parent
TERMS_FILE = HERE / "terms.py"
REFERENCE_FILE = HERE.parent / "docs" / "reference" / "ontology.md"

MA = Namespace("https://w3id.org/medalliance/ontology#")
VOC = "https://w3id.org/medalliance/vocab/"

NAMESPACES = {
    "ADMS": "http://www.w3.org/ns/adms#",
    "BIBO": "http://purl.org/ontology/bibo/",
    "DC": "http://purl.org/dc/elements/1.1/",
    "DCTERMS": "http://purl.org/dc/terms/",
    "FOAF": "http://xmlns.com/foaf/0.1/",
    "GEO": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "MA": str(MA),
    "OA": "http://www.w3.org/ns/oa#",
    "ORG": "http://www.w3.org/ns/org#",
    "OWL": "http://www.w3.org/2002/07/owl#",
    "PROV": "http://www.w3.org/ns/prov#",
    "QUDT": "http://qudt.org/schema/qudt/",
    "RDF": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "RDFS": "http://www.w3.org/2000/01/rdf-schema#",
    "SCHEMA": "https://schema.org/",
    "SH": "http://www.w3.org/ns/shacl#",
    "SKOS": "http://www.w3.org/2004/02/skos/core#",
    "SKOSXL": "http://www.w3.org/2008/05/skos-xl#",
    "SOSA": "http://www.w3.org/ns/sosa/",
    "TIME": "http://www.w3.org/2006/time#",
    "UNIT": "http://qudt.org/vocab/unit/",
    "VANN": "http://purl.org/vocab/vann/",
    "XSD": "http://www.w3.org/2001/XMLSchema#",
}
"""Class name in ``terms.py`` of each vocabulary, by namespace."""

_PREFIX_TEXTS = {"DCTERMS": "dct"}
_KINDS = (
    ("类 Classes", OWL.Class),
    ("对象属性 Object properties", OWL.ObjectProperty),
    ("数据属性 Datatype properties", OWL.DatatypeProperty),
    ("注释属性 Annotation properties", OWL.AnnotationProperty),
    ("数据类型 Datatypes", RDFS.Datatype),
)


def turtle(*patterns: str) -> Graph:
    """Return the triples of our Turtle files whose path fits one of the patterns."""
    graph = Graph(bind_namespaces="none")
    for pattern in patterns:
        for file in sorted(HERE.glob(pattern)):
            graph.parse(file, format="turtle")
    return graph


# --- terms.py -----------------------------------------------------------------------------------------------------


def terms_module() -> str:
    """Return the text of ``ontology/terms.py``."""
    every = turtle("*.ttl", "shapes/*.ttl", "examples/*.ttl", "data/*.ttl")
    words = turtle("ontology.ttl", "vocabularies.ttl")
    parts = [
        '"""The words of the graph as constants: a typo is an error in the editor.\n\n'
        "Generated from the Turtle files by ``python -m ontology.make_terms``; do not edit. A class a vocabulary,\n"
        'and a class a concept scheme; values are IRIs without angle brackets.\n"""\n\n'
        "from typing import Final\n"
    ]
    parts += _vocabulary_classes(every, words)
    parts += _scheme_classes(words)
    return "\n\n".join(parts)


def _vocabulary_classes(every: Graph, words: Graph) -> Iterator[str]:
    ours = {str(node) for node in words.subjects() if isinstance(node, URIRef)}
    used = _iris(every)
    for name, namespace in NAMESPACES.items():
        chosen = ours if name == "MA" else used
        found = {iri.removeprefix(namespace): iri for iri in chosen if iri.startswith(namespace)}
        attributes = {_attribute(local): iri for local, iri in found.items() if re.fullmatch(r"\w+", local)}
        if attributes:
            yield _class(name, f"Terms of {namespace}", attributes)


def _iris(graph: Graph) -> set[str]:
    nodes = {node for triple in graph for node in triple}
    datatypes = {str(node.datatype) for node in nodes if isinstance(node, Literal) and node.datatype}
    return {str(node) for node in nodes if isinstance(node, URIRef)} | datatypes


def _scheme_classes(words: Graph) -> Iterator[str]:
    schemes = {_local(scheme): scheme for scheme in _sorted(words.subjects(RDF.type, SKOS.ConceptScheme))}
    names = {_shouted(key): str(scheme) for key, scheme in schemes.items()}
    yield _class("VOC", "The concept schemes of our vocabularies.", names)
    for key, scheme in schemes.items():
        own = _sorted(c for c in words.subjects(SKOS.inScheme, scheme) if str(c).startswith(f"{scheme}/"))
        if own:
            title = "".join(word.capitalize() for word in key.split("-"))
            about = f"Concepts of the scheme {key}. {_said(words, scheme, SKOS.definition, 'en')}"
            yield _class(title, about, {_shouted(_local(concept)): str(concept) for concept in own})


def _class(name: str, about: str, attributes: dict[str, str]) -> str:
    lines = [f"class {name}:", f'    """{about}"""', ""]
    lines += [f'    {attribute}: Final = "{iri}"' for attribute, iri in sorted(attributes.items())]
    return "\n".join(lines) + "\n"


def _attribute(local: str) -> str:
    return f"{local}_" if keyword.iskeyword(local) else local


def _shouted(notation: str) -> str:
    name = notation.replace("-", "_").upper()
    return f"N{name}" if name[0].isdigit() else name


# --- docs/reference/ontology.md -----------------------------------------------------------------------------------


def reference() -> str:
    """Return the text of ``docs/reference/ontology.md``."""
    words = turtle("ontology.ttl", "vocabularies.ttl")
    parts = [
        "# 本体参考 · Ontology reference",
        "本页由本体与词表文件生成（`python -m ontology.make_terms`），请勿手改。"
        "`ma:` 即 `https://w3id.org/medalliance/ontology#`。\n\n"
        "This page is generated from the ontology and vocabulary files (`python -m ontology.make_terms`); "
        "do not edit it. `ma:` is `https://w3id.org/medalliance/ontology#`.",
    ]
    parts += [_kind_section(words, title, kind) for title, kind in _KINDS]
    parts += ["## 沿用的其他词汇 Words of other vocabularies", _table(_borrowed_rows(words))]
    parts += ["## 词表 Concept schemes"]
    parts += [
        _scheme_section(words, scheme) for scheme in _sorted(words.subjects(RDF.type, SKOS.ConceptScheme))
    ]
    return "\n\n".join(parts) + "\n"


def _kind_section(words: Graph, title: str, kind: URIRef) -> str:
    terms = [term for term in _sorted(words.subjects(RDF.type, kind)) if str(term).startswith(str(MA))]
    row = _class_row if kind == OWL.Class else _property_row
    header = {OWL.Class: "上位类与示例 Superclasses, example"}.get(kind, "定义域 → 值域 Domain → range")
    head = ["术语 Term", "名称 Name", "定义 Definition", header]
    if kind == RDFS.Datatype:
        return f"## {title}\n\n" + _table([head[:3], *(row(words, term)[:3] for term in terms)])
    return f"## {title}\n\n" + _table([head, *(row(words, term) for term in terms)])


def _class_row(words: Graph, term: URIRef) -> list[str]:
    above = _short_list(o for o in words.objects(term, RDFS.subClassOf))
    example = re.sub(r"(?<!^)(?=[A-Z])", "-", _local(term)).lower()
    return [*_term_cells(words, term), f"{above}<br>[{example}.ttl](../../ontology/examples/{example}.ttl)"]


def _property_row(words: Graph, term: URIRef) -> list[str]:
    included = URIRef("https://schema.org/domainIncludes")
    domain = _short_list(o for p in (RDFS.domain, included) for o in words.objects(term, p))
    values = _short_list(words.objects(term, RDFS.range))
    return [*_term_cells(words, term), f"{domain or '…'} → {values or '…'}"]


def _term_cells(words: Graph, term: URIRef) -> list[str]:
    return [f"`{_short(term)}`", _both(words, term, RDFS.label), _both(words, term, SKOS.definition)]


def _borrowed_rows(words: Graph) -> Iterator[list[str]]:
    yield ["术语 Term", "名称 Name", "用法 Use"]
    for term in _sorted(words.subjects(SKOS.scopeNote, None)):
        yield [f"`{_short(term)}`", _both(words, term, RDFS.label), _both(words, term, SKOS.scopeNote)]


def _scheme_section(words: Graph, scheme: URIRef) -> str:
    rows = [["代码 Code", "名称 Name", "也称 Also", "定义 Definition"]]
    for concept in _sorted(words.subjects(SKOS.inScheme, scheme)):
        also = sorted({str(label) for label in words.objects(concept, SKOS.altLabel)})
        code = f"`{words.value(concept, SKOS.notation)}`"
        rows.append(
            [
                code,
                _both(words, concept, SKOS.prefLabel),
                "；".join(also),
                _both(words, concept, SKOS.definition),
            ]
        )
    title = " ".join(_said(words, scheme, SKOS.prefLabel, language) for language in ("zh", "en"))
    return f"### {title}\n\n`{scheme}`：{_both(words, scheme, SKOS.definition, ' ')}\n\n{_table(rows)}"


def _table(rows: Iterable[Sequence[str]]) -> str:
    head, *body = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _both(words: Graph, term: URIRef, predicate: URIRef, between: str = "<br>") -> str:
    return between.join(_said(words, term, predicate, language) for language in ("zh", "en"))


def _said(words: Graph, term: URIRef, predicate: URIRef, language: str) -> str:
    texts = [o for o in words.objects(term, predicate) if isinstance(o, Literal) and o.language == language]
    return str(min(texts, default=""))


def _short_list(nodes: Iterable[Node]) -> str:
    return ", ".join(f"`{_short(node)}`" for node in _sorted(nodes))


def _short(term: URIRef) -> str:
    for name, namespace in NAMESPACES.items():
        if term.startswith(namespace):
            return f"{_PREFIX_TEXTS.get(name, name.lower())}:{term.removeprefix(namespace)}"
    return str(term)


# --- both ---------------------------------------------------------------------------------------------------------


def _local(term: URIRef) -> str:
    return re.split(r"[/#]", str(term))[-1]


def _sorted(nodes: Iterable[Node]) -> list[URIRef]:
    return sorted({node for node in nodes if isinstance(node, URIRef)}, key=str)


def main() -> None:
    """Write both files."""
    TERMS_FILE.write_text(terms_module(), encoding="utf-8", newline="\n")
    REFERENCE_FILE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE_FILE.write_text(reference(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
