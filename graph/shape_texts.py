"""The sentences of checks whose shapes bring none, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graph.quads import Term, is_iri, text_of
from graph.shape_model import Constraint, Path, Texts, last_name, local_name

LANGUAGES = ("zh", "en")

_NODE_NAME = {"zh": "该条目", "en": "the entry"}

_FAULTS: Mapping[str, tuple[str, str]] = {
    "MinCount": ("{name}至少须有 {limit} 个值", "{name} needs at least {limit} value(s)"),
    "MaxCount": ("{name}至多只能有 {limit} 个值", "{name} may have at most {limit} value(s)"),
    "UniqueLang": ("{name}每种语言只能有一个值", "{name} may have only one value per language"),
    "Datatype": ("{name}的值须为 {terms} 类型", "{name} must be of type {terms}"),
    "NodeKind": ("{name}的值须为 {terms}", "{name} must be of kind {terms}"),
    "Class": ("{name}须指向 {terms} 类的条目", "{name} must be an entry of class {terms}"),
    "In": ("{name}的值不在允许的范围内：{terms}", "{name} must be one of: {terms}"),
    "HasValue": ("{name}须包含值 {terms}", "{name} must include the value {terms}"),
    "LanguageIn": ("{name}的语言须为：{terms}", "{name} must be in one of the languages: {terms}"),
    "Pattern": ("{name}的写法须符合 {terms}", "{name} must match {terms}"),
    "MinLength": ("{name}不得少于 {limit} 个字符", "{name} must have at least {limit} characters"),
    "MaxLength": ("{name}不得多于 {limit} 个字符", "{name} must have at most {limit} characters"),
    "MinInclusive": ("{name}不得小于 {terms}", "{name} must not be less than {terms}"),
    "MaxInclusive": ("{name}不得大于 {terms}", "{name} must not be more than {terms}"),
    "MinExclusive": ("{name}须大于 {terms}", "{name} must be more than {terms}"),
    "MaxExclusive": ("{name}须小于 {terms}", "{name} must be less than {terms}"),
    "LessThan": ("{name}须小于 {terms}", "{name} must be less than {terms}"),
    "LessThanOrEquals": ("{name}不得大于 {terms}", "{name} must not be more than {terms}"),
    "Equals": ("{name}须与 {terms} 相同", "{name} must be the same as {terms}"),
    "Disjoint": ("{name}不得与 {terms} 相同", "{name} must not be the same as {terms}"),
    "Node": ("{name}不符合所要求的形式", "{name} does not have the form required"),
    "And": ("{name}未满足全部要求", "{name} does not meet all of the requirements"),
    "Or": ("{name}不符合任何一种允许的形式", "{name} fits none of the forms allowed"),
    "Not": ("{name}属于不允许的形式", "{name} has a form that is not allowed"),
    "Xone": ("{name}须恰好符合一种允许的形式", "{name} must fit exactly one of the forms allowed"),
    "QualifiedMinCount": (
        "{name}至少须有 {limit} 个符合要求的值",
        "{name} needs at least {limit} value(s) of the form required",
    ),
    "QualifiedMaxCount": (
        "{name}至多只能有 {limit} 个此种形式的值",
        "{name} may have at most {limit} value(s) of this form",
    ),
    "Closed": (
        "{name}含有不允许的属性 {{?property}}",
        "{name} has a property that is not allowed: {{?property}}",
    ),
    "SPARQL": ("{name}不符合规则", "{name} breaks a rule"),
}

_REMEDIES: Mapping[str, tuple[str, str]] = {
    "MinCount": ("填写{name}", "Add {name}"),
    "MaxCount": ("只保留 {limit} 个{name}", "Keep {limit} {name} only"),
    "UniqueLang": ("每种语言只保留一个{name}", "Keep one {name} per language"),
    "Datatype": ("按 {terms} 类型填写{name}", "Write {name} as {terms}"),
    "NodeKind": ("将{name}改为 {terms}", "Change {name} to {terms}"),
    "Class": ("将{name}改为 {terms} 类的条目，或补充其类别", "Choose an entry of class {terms} for {name}"),
    "In": ("从允许的值中选择{name}：{terms}", "Choose {name} from: {terms}"),
    "HasValue": ("为{name}补充 {terms}", "Add {terms} to {name}"),
    "LanguageIn": ("用以下语言填写{name}：{terms}", "Write {name} in: {terms}"),
    "Disjoint": ("修改{name}或 {terms}，使二者不同", "Change {name} or {terms} so that they differ"),
    "Equals": ("修改{name}或 {terms}，使二者相同", "Change {name} or {terms} so that they agree"),
    "LessThan": ("核对{name}和 {terms}", "Check {name} and {terms}"),
    "LessThanOrEquals": ("核对{name}和 {terms}", "Check {name} and {terms}"),
    "QualifiedMinCount": ("补充符合要求的{name}", "Add {name} of the form required"),
    "QualifiedMaxCount": ("删除多余的{name}", "Remove the surplus {name}"),
    "Closed": ("从{name}中删除该属性", "Remove the property from {name}"),
    "SPARQL": ("核对{name}及相关条目", "Check {name} and the entries it is linked to"),
}

_ANY_REMEDY = ("更正{name}", "Correct {name}")

_NODE_KINDS = {
    "IRI": {"zh": "条目（IRI）", "en": "an entry (IRI)"},
    "Literal": {"zh": "文本或数值", "en": "text or a number"},
    "BlankNode": {"zh": "无名节点", "en": "a blank node"},
    "BlankNodeOrIRI": {"zh": "条目", "en": "an entry"},
    "BlankNodeOrLiteral": {"zh": "无名节点、文本或数值", "en": "a blank node, text or a number"},
    "IRIOrLiteral": {"zh": "条目（IRI）、文本或数值", "en": "an entry (IRI), text or a number"},
}


def fault_texts(constraint: Constraint, path: Path | None) -> Texts:
    """Return the plain sentence of what is wrong, for a shape without a message."""
    return _written(_FAULTS[constraint.component], constraint, path)


def remedy_texts(constraint: Constraint, path: Path | None) -> Texts:
    """Return the plain sentence of what to do, for a shape without a remedy."""
    return _written(_REMEDIES.get(constraint.component, _ANY_REMEDY), constraint, path)


def completed(own: Texts, default: Texts) -> Texts:
    """Return sentences in every language: the shape's own, else its one without a language, else the default."""
    return {language: own.get(language) or own.get("") or default[language] for language in LANGUAGES}


def filled(message: Texts, row: Mapping[str, Term]) -> Texts:
    """Return a message with the values of a finding's row in place of ``{?name}`` and ``{$name}``.

    >>> filled({"en": "parts {?sum}, total {?total}"}, {"sum": '"2"', "total": '"3"'})
    {'en': 'parts 2, total 3'}
    """

    def value(match: re.Match[str]) -> str:
        term = row.get(match[1])
        return match[0] if term is None else text_of(term)

    return {language: re.sub(r"\{[?$](\w+)\}", value, text) for language, text in message.items()}


def _written(templates: tuple[str, str], constraint: Constraint, path: Path | None) -> Texts:
    return {
        language: template.format(
            name=_name(path, language),
            limit=constraint.limit,
            terms=_terms_text(constraint, language),
        )
        for language, template in zip(LANGUAGES, templates, strict=True)
    }


def _name(path: Path | None, language: str) -> str:
    if path is None:
        return _NODE_NAME[language]
    return f"“{last_name(path)}”" if language == "zh" else last_name(path)


def _terms_text(constraint: Constraint, language: str) -> str:
    if constraint.component == "NodeKind":
        return _NODE_KINDS[local_name(text_of(constraint.terms[0]))][language]
    terms = constraint.terms[:1] if constraint.component == "Pattern" else constraint.terms
    names = [local_name(text_of(term)) if is_iri(term) else text_of(term) for term in terms]
    return ("、" if language == "zh" else ", ").join(names)
