"""What shapes ask of one value, as SPARQL expressions that are true or false and never in error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from graph.quads import XSD, Term, iri_value, is_iri, literal
from graph.shape_model import Constraint, local_name

_DECIMAL = f"<{XSD}decimal>"
_DATE_TIME = f"<{XSD}dateTime>"
_ZONE = "(Z|[+-][0-9]{2}:[0-9]{2})?"
_DAY = "-?[0-9]{4,}-[0-9]{2}-[0-9]{2}"
_CLOCK = "[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?"
_FLOAT = "([+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN)"

# Written out here, since engines differ in which casts they know, and an unknown one spoils the whole query.
_LEXICAL: Mapping[str, str] = {
    "boolean": "(true|false|0|1)",
    "decimal": "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)",
    "float": _FLOAT,
    "double": _FLOAT,
    "date": f"{_DAY}{_ZONE}",
    "dateTime": f"{_DAY}T{_CLOCK}{_ZONE}",
    "dateTimeStamp": f"{_DAY}T{_CLOCK}(Z|[+-][0-9]{{2}}:[0-9]{{2}})",
    "time": f"{_CLOCK}{_ZONE}",
    "gYear": f"-?[0-9]{{4,}}{_ZONE}",
    "gYearMonth": f"-?[0-9]{{4,}}-(0[1-9]|1[0-2]){_ZONE}",
    "gMonth": f"--(0[1-9]|1[0-2]){_ZONE}",
    "gMonthDay": f"--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]){_ZONE}",
    "gDay": f"---(0[1-9]|[12][0-9]|3[01]){_ZONE}",
    "duration": "-?P[0-9YMDTHS.]+",
}

_INTEGERS: Mapping[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
}

# The engine keeps literals by value: an xsd:byte comes back as the xsd:integer that it is.
_KEPT_AS: Mapping[str, str] = {**dict.fromkeys(_INTEGERS, "integer"), "dateTimeStamp": "dateTime"}

_NODE_KINDS: Mapping[str, str] = {
    "IRI": "isIRI({0})",
    "Literal": "isLiteral({0})",
    "BlankNode": "isBlank({0})",
    "BlankNodeOrIRI": "!isLiteral({0})",
    "BlankNodeOrLiteral": "!isIRI({0})",
    "IRIOrLiteral": "!isBlank({0})",
}
NODE_KINDS = frozenset(_NODE_KINDS)


def sure(expression: str) -> str:
    """Return an expression that is false where the given one is in error."""
    return f"COALESCE({expression}, false)"


def every(tests: Sequence[str]) -> str:
    """Return the expression that all tests pass."""
    return " && ".join(f"({test})" for test in tests) or "true"


def any_of(tests: Sequence[str]) -> str:
    """Return the expression that at least one test passes."""
    return " || ".join(f"({test})" for test in tests) or "false"


def exactly_one(tests: Sequence[str]) -> str:
    """Return the expression that one test passes and no more."""
    return f"({' + '.join(f'IF({test}, 1, 0)' for test in tests) or '0'}) = 1"


def is_one_of(value: str, terms: Sequence[Term]) -> str:
    """Return the expression that a value is, as a term, one of those given."""
    names = [term for term in terms if is_iri(term)]
    tests = [f"{value} IN ({', '.join(names)})"] if names else []
    # IN compares literals by value (1 = 1.0); shapes mean the very same literal.
    tests += [f"sameTerm({value}, {term})" for term in terms if not is_iri(term)]
    return any_of(tests)


def value_test(constraint: Constraint, value: str) -> str:
    """Return the expression that a value meets a constraint that looks at nothing but the value."""
    return _TESTS[constraint.component](constraint, value)


def _is_of_datatype(constraint: Constraint, value: str) -> str:
    datatype = iri_value(constraint.terms[0])
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    kept = {datatype, XSD + _KEPT_AS[name]} if name in _KEPT_AS else {datatype}
    typed = f"DATATYPE({value}) IN ({', '.join(f'<{known}>' for known in sorted(kept))})"
    return sure(every([typed, *_well_formed(name, value)]))


def _well_formed(name: str, value: str) -> list[str]:
    if name in _INTEGERS:
        lowest, highest = _INTEGERS[name]
        tests = [_written_as("[+-]?[0-9]+", value)]
        tests += [f"{_DECIMAL}(STR({value})) >= {lowest}"] if lowest is not None else []
        tests += [f"{_DECIMAL}(STR({value})) <= {highest}"] if highest is not None else []
        return tests
    tests = [_written_as(_LEXICAL[name], value)] if name in _LEXICAL else []
    if name in ("date", "dateTime"):
        # Only a cast knows that there is no 30 February.
        midnight = f'CONCAT(REPLACE(STR({value}), "{_ZONE}$", ""), "T00:00:00")'
        tests.append(f"isLiteral({_DATE_TIME}({midnight if name == 'date' else f'STR({value})'}))")
    return tests


def _written_as(pattern: str, value: str) -> str:
    return f"REGEX(STR({value}), {literal(f'^{pattern}$')})"


def _is_of_kind(constraint: Constraint, value: str) -> str:
    return _NODE_KINDS[local_name(iri_value(constraint.terms[0]))].format(value)


def _is_in(constraint: Constraint, value: str) -> str:
    return is_one_of(value, constraint.terms)


def _is_in_language(constraint: Constraint, value: str) -> str:
    return sure(any_of([f"LANGMATCHES(LANG({value}), {tag})" for tag in constraint.terms]))


def _matches(constraint: Constraint, value: str) -> str:
    return sure(f"!isBlank({value}) && REGEX(STR({value}), {', '.join(constraint.terms)})")


def _length(sign: str) -> Callable[[Constraint, str], str]:
    return lambda constraint, value: sure(
        f"!isBlank({value}) && STRLEN(STR({value})) {sign} {constraint.limit}"
    )


def _compared(sign: str) -> Callable[[Constraint, str], str]:
    return lambda constraint, value: sure(f"{value} {sign} {constraint.terms[0]}")


_TESTS: Mapping[str, Callable[[Constraint, str], str]] = {
    "Datatype": _is_of_datatype,
    "NodeKind": _is_of_kind,
    "In": _is_in,
    "HasValue": _is_in,
    "LanguageIn": _is_in_language,
    "Pattern": _matches,
    "MinLength": _length(">="),
    "MaxLength": _length("<="),
    "MinInclusive": _compared(">="),
    "MaxInclusive": _compared("<="),
    "MinExclusive": _compared(">"),
    "MaxExclusive": _compared("<"),
}


def pair_fault(constraint: Constraint, way: str, node: str, value: str) -> str:
    """Return the pattern of the values that break a comparison with another property of the node.

    ``way`` is the path to the values in SPARQL syntax, empty when the node itself is the value.
    """
    other, compared = constraint.terms[0], f"{value}_o"
    if constraint.component == "Disjoint":
        same = f"{node} {way} {value} . {node} {other} {value} ."
        return same if way else f"{node} {other} {node} . BIND({node} AS {value})"
    if constraint.component == "Equals":
        is_value = f"EXISTS {{ {node} {way} {value} }}" if way else f"sameTerm({node}, {value})"
        either = f"({way}|{other})" if way else f"({other})?"
        return f"{node} {either} {value} . FILTER(!({is_value} && EXISTS {{ {node} {other} {value} }}))"
    sign = "<" if constraint.component == "LessThan" else "<="
    fits = sure(f"{value} {sign} {compared}")
    return f"{node} {way} {value} . {node} {other} {compared} . FILTER(!{fits})"
