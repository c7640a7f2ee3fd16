"""The SPARQL of a list: a query that gives the rows somebody chose, made of the patterns that the list is read by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from graph.facets import NOT_STATED, Listing, numbers_of, rows_with_word
from graph.quads import XSD, iri, literal
from graph.register import Flags, folded_text, parts_of
from graph.tables import Table
from ontology.library import query
from ontology.lists import ListColumn, ListDefinition, lists
from ontology.prefixes import PREFIXES

MOST_NAMED = 300
"""Rows that a query names one by one, where SPARQL cannot say what they were chosen by."""


def sparql_of(found: Listing, language: str) -> str:
    """Return a query that gives the chosen rows with their names; empty when there is none.

    What SPARQL cannot say (pinyin, whether one can apply) is said by naming the rows, if they are not too many.
    """
    one = found.table.definition
    if _can_be_said(found):
        chosen = list(_choices(found))
    elif found.total <= MOST_NAMED:
        chosen = [f"VALUES ?row {{ {' '.join(map(found.table.name, np.flatnonzero(found.mask).tolist()))} }}"]
    else:
        return ""
    pattern, title = _pattern(one, one.title, "?title"), _variable(one.columns[one.title], "?title")
    label = f'{pattern}{title} skos:prefLabel ?label .\nFILTER(LANG(?label) = "{language}")'
    parts = [*chosen, _rows(one), f"OPTIONAL {_group(label)}"]
    body = _indented("\n".join(parts))
    text = f"SELECT ?row (SAMPLE(?label) AS ?name) {{\n{body}\n}}\nGROUP BY ?row\nORDER BY ?name ?row\n"
    used = [
        f"PREFIX {name}: <{start}>"
        for name, start in sorted(PREFIXES.items())
        if re.search(rf"\b{name}:", text)
    ]
    return "\n".join((*used, "", text))


def _can_be_said(found: Listing) -> bool:
    """Tell whether SPARQL can say what was chosen: no answers but held, and no words but such as names hold."""
    columns = found.table.definition.columns
    are_plain = all(columns[name].type != "open" for name in found.selection.values)
    return are_plain and all(_can_be_written(found.table, word) for word in found.selection.text.split())


def _can_be_written(table: Table, word: str) -> bool:
    """Tell whether the rows that have a word have it as it is written, and not in pinyin or folded."""
    return table.kept(("written", word), lambda: _is_written(table, word))


def _is_written(table: Table, word: str) -> bool:
    plain = np.zeros(len(table), np.bool_)
    for one in table.definition.searched:
        column = table.columns[one.name]
        plain |= column.having([n for n in column.used.tolist() if _holds(table, n, word)])
    folded: Flags = np.ones(len(table), np.bool_)
    for part in folded_text(word).split():
        folded &= rows_with_word(table, part)
    return bool(np.array_equal(plain, folded))


def _holds(table: Table, number: int, word: str) -> bool:
    return any(word.lower() in text.lower() for text in table.register.labels(number).values())


def _choices(found: Listing) -> Iterator[str]:
    """Yield a group for each thing that was chosen."""
    one, table = found.table.definition, found.table
    for name, keys in found.selection.values.items():
        column = one.columns[name]
        yield _held(found, keys) if column.is_answer else _chosen(table, column, keys)
    for word in found.selection.text.split():
        yield _rows_where("\n".join(_word(one, word)))
    if found.selection.real_only:
        yield "FILTER NOT EXISTS { ?row ma:illustrative true }"


def _held(found: Listing, keys: Sequence[str]) -> str:
    text = query("list-held").bound({"date": literal(found.dated.day.isoformat(), datatype=f"{XSD}date")})
    body = text[text.index("SELECT DISTINCT") :]
    body = body[body.index("{") + 1 : body.rindex("}")].strip("\n")
    answers = ", ".join(literal(key) for key in keys)
    return _rows_where(f"{re.sub('(?m)^  ', '', body)}\nFILTER(?answer IN ({answers}))")


def _chosen(table: Table, column: ListColumn, keys: Sequence[str]) -> str:
    """Return the group of rows that have one of some values, or none."""
    one, variable = table.definition, _variable(column, f"?{column.name}")
    pattern = _pattern(one, column.name, variable)
    terms = [term for key in keys if key != NOT_STATED for term in _terms(table, column, key)]
    stated = f"{pattern}FILTER({variable} IN ({', '.join(terms)}))"
    unstated = f"{_rows(one)}\nMINUS {_rows_where(pattern)}"
    if NOT_STATED not in keys:
        return _rows_where(stated)
    return _rows_where(f"{_group(stated)} UNION {_group(unstated)}" if terms else unstated)


def _terms(table: Table, column: ListColumn, key: str) -> list[str]:
    """Return the terms that a chosen value stands for."""
    listed = table.register.terms.listed
    numbers = numbers_of(table.register, table.columns[column.name], key)
    found = [part for number in numbers for part in parts_of(listed[number])]
    return found or [iri(key) if ":" in key and not set(key) & set('<>"{}|^`\\ ') else literal(key)]


def _word(one: ListDefinition, word: str) -> Iterator[str]:
    """Yield the pattern of rows that have a word in one of the columns that are searched."""
    groups = []
    for column in one.searched:
        variable = _variable(column, "?searched")
        is_text = column.type in ("text", "code")
        text = f"BIND(STR({variable}) AS ?text)" if is_text else f"{variable} skos:prefLabel ?text ."
        groups.append(_group(f"{_pattern(one, column.name, variable)}{text}"))
    yield " UNION ".join(groups)
    yield f"FILTER(CONTAINS(LCASE(STR(?text)), {literal(word.lower())}))"


def _variable(column: ListColumn, name: str) -> str:
    """Return the variable for the values of a column: the row itself where these are the rows."""
    return "?row" if column.type == "self" else name


def _rows(one: ListDefinition) -> str:
    """Return the pattern of all rows of a list."""
    patterns = [re.sub(r"\n?BIND\(.* AS \?value\)", "", pattern) for pattern in one.patterns(one.rows)]
    if len(patterns) == 1 and "?value" not in patterns[0]:
        return patterns[0]
    return _rows_where(" UNION ".join(_group(pattern.replace("?value", "?any")) for pattern in patterns))


def _pattern(one: ListDefinition, name: str, value: str, row: str = "?row") -> str:
    """Return the lines of the pattern that leads from a row to the values of a column (none: they are the rows)."""
    column = one.columns[name]
    if column.type == "self":
        return ""
    if column.through:
        middle = f"{row}_{column.through}" if row != "?row" else f"?{column.through}"
        target, looked_up = column.of
        return _pattern(one, column.through, middle, row) + _pattern(
            lists()[target], looked_up, value, middle
        )
    patterns = [_renamed(pattern, row, value) for pattern in one.patterns(name)]
    return (patterns[0] if len(patterns) == 1 else " UNION ".join(map(_group, patterns))) + "\n"


def _renamed(pattern: str, row: str, value: str) -> str:
    """Return a pattern for other variables; those that it uses inside get names that no other pattern has."""
    marks = {"row": row, "value": value}
    inside = f"_{value[1:]}"
    return re.sub(r"\?(\w+)", lambda found: marks.get(found[1], f"?{found[1]}{inside}"), pattern)


def _rows_where(pattern: str) -> str:
    return f"{{\n  SELECT DISTINCT ?row {_group(pattern).replace(chr(10), f'{chr(10)}  ')}\n}}"


def _group(pattern: str) -> str:
    return f"{{\n{_indented(pattern.rstrip())}\n}}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.split("\n"))
