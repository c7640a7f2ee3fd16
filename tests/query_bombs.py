"""Queries and updates that are meant to bring a server down, by what they do."""

from collections.abc import Mapping

ITEM, NEXT, LABEL = "<http://example.org/item>", "<http://example.org/next>", "<http://example.org/label>"
ITEMS = 6_000
"""Things that the data describes, each with three triples."""
ALL3 = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
"""A cross product of a number of rows with 13 digits."""
ALL2 = "?a ?b ?c . ?d ?e ?f"


def data() -> bytes:
    """Return the data that the bombs are thrown at, as N-Triples."""
    lines = []
    for n in range(ITEMS):
        one = f"<http://example.org/{n}>"
        lines.append(f'{one} {ITEM} "{n}" .')
        lines.append(f"{one} {NEXT} <http://example.org/{(n * 7 + 1) % ITEMS}> .")
        lines.append(f'{one} {LABEL} "{"a" * 40}{n}" .')
    return "\n".join(lines).encode()


def doubling(times: int) -> str:
    return "BIND('0123456789abcdef' AS ?s0) " + " ".join(
        f"BIND(CONCAT(?s{n},?s{n}) AS ?s{n + 1})" for n in range(times)
    )


def nested_selects(depth: int) -> str:
    return "{ SELECT * { ?a ?b ?c " * depth + "} }" * depth


def joined(separator: str, part: str, times: int) -> str:
    return separator.join(part.replace("#", str(n)) for n in range(times))


QUERIES: Mapping[str, str] = {
    "count of a cross product": f"SELECT (COUNT(*) AS ?n) {{ {ALL3} }}",
    "sum of a cross product": f"SELECT (SUM(STRLEN(STR(?c))) AS ?n) {{ {ALL3} }}",
    "order of a cross product": f"SELECT * {{ {ALL2} }} ORDER BY ?c ?f",
    "groups of a cross product": f"SELECT ?a ?d (COUNT(*) AS ?n) {{ {ALL2} }} GROUP BY ?a ?d",
    "distinct rows of a cross product": f"SELECT DISTINCT * {{ {ALL2} }}",
    "concatenation of a cross product": f"SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?all) {{ {ALL2} }}",
    "difference of cross products": f"SELECT (COUNT(*) AS ?n) {{ {ALL2} MINUS {{ ?g ?h ?f . ?a ?j ?k }} }}",
    "not exists over a cross product": f"SELECT * {{ {ALL2} FILTER NOT EXISTS {{ ?x ?y ?f . ?z ?w ?x }} }} OFFSET 900000",
    "construction of a cross product": f"CONSTRUCT {{ ?a ?e ?f }} {{ {ALL2} }}",
    "offset into a cross product": f"SELECT * {{ {ALL3} }} OFFSET 900000000000 LIMIT 1",
    "large limit": f"SELECT * {{ {ALL2} }} LIMIT 100000000",
    "filter on a cross product": f"ASK {{ {ALL3} FILTER(STR(?c) = CONCAT(STR(?f), STR(?i), 'x')) }}",
    "paths between all": f"SELECT (COUNT(*) AS ?n) {{ ?a {NEXT}+ ?b }}",
    "paths between all, nested": f"SELECT (COUNT(*) AS ?n) {{ ?a (({NEXT}*)/({NEXT}*))* ?b }}",
    "path of anything": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^(!<urn:x>))* ?b . ?b (!<urn:x>)* ?d }",
    "long path": f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join([f'({NEXT}|^{NEXT})'] * 60)} ?b }}",
    "string doubling": f"SELECT (STRLEN(?s40) AS ?n) {{ {doubling(40)} }}",
    "string doubling for each row": f"SELECT (MAX(STRLEN(?s22)) AS ?n) {{ ?a ?b ?c {doubling(22)} }}",
    "catastrophic regex": f"SELECT * {{ ?a {LABEL} ?c FILTER REGEX(?c, '^(a+)+$') }} LIMIT 1",
    "regex with large counts": "ASK { FILTER REGEX('a', '((((a{1,100}){1,100}){1,100}){1,100}){1,100}') }",
    "replacement that grows": "SELECT (STRLEN(?t) AS ?n) { "
    f"{doubling(16)} BIND(REPLACE(?s16, '.', '$0$0$0$0$0$0$0$0') AS ?u) BIND(REPLACE(?u, '.', '$0$0$0$0$0$0$0$0') AS ?v) "
    "BIND(REPLACE(?v, '.', '$0$0$0$0$0$0$0$0') AS ?t) }",
    "long list of values": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {joined(' ', '#', 60_000)} }} "
    f"VALUES ?y {{ {joined(' ', '#', 60_000)} }} }}",
    "long list to look up": f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f FILTER(?c IN ({joined(', ', '#', 20_000)})) }}",
    "long list of rows": f"SELECT (COUNT(*) AS ?n) {{ VALUES (?x ?y) {{ {'(1 -2) ' * 400_000} }} }}",
    "many empty lists": "SELECT * { ?a ?b () " + ", ()" * 30_000 + " }",
    "thousands of unions": f"SELECT (COUNT(*) AS ?n) {{ {joined(' UNION ', '{ ?a ?b ?c#. ?d ?e ?f }', 900)} }}",
    "too many unions": f"SELECT * {{ {joined(' UNION ', '{ ?a ?b ?c# }', 20_000)} }}",
    "too many alternatives": f"SELECT * {{ ?a ?b ?c FILTER({joined(' || ', '?c = #', 50_000)}) }}",
    "too many negations": f"SELECT * {{ ?a ?b ?c FILTER({'!' * 100_000}?c) }}",
    "too many conditions": "SELECT * { ?a ?b ?c " + "OPTIONAL { ?c ?b ?a } " * 5_000 + "}",
    "too many bindings": "SELECT * { " + joined(" ", "BIND(# AS ?x#)", 20_000) + " }",
    "nested queries": f"SELECT (COUNT(*) AS ?n) {{ {nested_selects(45)} }}",
    "too deeply nested groups": "SELECT * " + "{" * 50_000 + "}" * 50_000,
    "too deeply nested brackets": "SELECT * { FILTER" + "(" * 50_000 + "1" + ")" * 50_000 + " }",
    "too deeply nested lists": "SELECT * { ?a ?b " + "(" * 50_000 + ")" * 50_000 + " }",
    "nested lists within the limit": "SELECT * { ?a ?b " + "(" * 95 + "1" + ")" * 95 + " }",
    "nested blank nodes within the limit": "SELECT * { ?a ?b " + "[?b " * 95 + "1" + "]" * 95 + " }",
    "brackets left open": "SELECT * { FILTER" + "(" * 50_000,
    "long chain of blank nodes": "SELECT * { " + joined(" ", "_:b# ?p# _:c# .", 3_000) + " }",
    "many joins": "SELECT (COUNT(*) AS ?n) { " + joined(" ", f"?x# {NEXT} ?y# .", 300) + " }",
    "many optional joins": "SELECT * { ?a ?b ?c " + joined(" ", "OPTIONAL { ?a ?p# ?o# }", 300) + " }",
    "description of everything": "DESCRIBE * { ?a ?b ?c . ?d ?e ?f }",
    "more than the text may have": "SELECT * { ?a ?b '" + "x" * 17_000_000 + "' }",
    "many lines of nothing": "SELECT * {" + "\n" * 3_000_000 + "}",
    "comments without end": "#" * 3_000_000,
    "string left open": "SELECT * { ?a ?b '''" + "''x" * 1_000_000,
    "IRI left open": "SELECT * { ?a ?b <" + "x" * 3_000_000,
    "repeated random rows": f"SELECT (COUNT(DISTINCT ?r) AS ?n) {{ {ALL2} BIND(RAND() AS ?r) }}",
    "digests for all rows": f"SELECT (MAX(?h) AS ?n) {{ {ALL2} BIND(SHA512(CONCAT(STR(?c), STR(?f))) AS ?h) }}",
}
"""Queries, by what they are."""

UPDATES: Mapping[str, str] = {
    "insertion of a cross product": f"INSERT {{ ?a ?e ?f }} WHERE {{ {ALL2} }}",
    "insertion of new nodes without end": f"INSERT {{ [] ?b ?f }} WHERE {{ {ALL2} }}",
    "insertion of grown strings": f"INSERT {{ ?a <urn:grown> ?s24 }} WHERE {{ ?a ?b ?c {doubling(24)} }}",
    "condition of an update": f"DELETE {{ ?a ?b ?c }} WHERE {{ {ALL3} FILTER(?i = 'nothing') }}",
    "many operations": "; ".join(f"INSERT {{ ?a <urn:p{n}> ?f }} WHERE {{ {ALL2} }}" for n in range(300)),
    "update with nested lists": "INSERT DATA { <urn:a> <urn:b> " + "(" * 30_000 + ")" * 30_000 + " }",
    "update with too deep a condition": "INSERT {} WHERE " + "{" * 50_000 + "}" * 50_000,
}
"""Updates, by what they are."""

REPRESENTATIVE = (
    "count of a cross product",
    "order of a cross product",
    "string doubling for each row",
    "large limit",
    "too many unions",
    "paths between all, nested",
)
"""Queries that stand for all where time is short: of time, memory, size and depth."""
