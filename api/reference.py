"""Writes the reference pages of the documentation from the code: ``python -m api.reference``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from fastapi.routing import iter_route_contexts

from api.access import declared
from api.app import create_app
from api.cli import app
from api.cli_speech import named_commands
from api.permissions import roles, scopes
from api.problems import kinds
from api.roles import ROLES
from api.settings import Settings
from graph.question_values import EXPECTED
from ontology.library import Parameter, PartnerQuestion, Query, offered, partner_questions, queries
from ontology.workbook import ColumnKind, SheetKind, workbook

PAGES = Path(__file__).parent.parent / "docs" / "reference"


def reference_pages() -> Mapping[str, str]:
    """Return the pages by file name."""
    return {
        "settings.md": "\n".join(_settings()),
        "problems.md": "\n".join(_problems()),
        "commands.md": "\n".join(_commands()),
        "permissions.md": "\n".join(_permissions()),
        "queries.md": "\n".join(_queries()),
        "questions.md": "\n".join(_questions()),
        "workbook.md": "\n".join(_workbook()),
    }


def _settings() -> Iterator[str]:
    yield "# 设置 · Settings\n"
    yield "命令行优先于环境变量，环境变量优先于 `medalliance.toml`（数据目录或当前目录中）。\n"
    yield "The command line goes before the environment, the environment before `medalliance.toml` (in the data"
    yield "directory or the current folder).\n"
    yield "| 名称 · name | 环境变量 · variable | 默认 · default | 作用 · what for |"
    yield "|---|---|---|---|"
    for one in fields(Settings):
        told = f"{one.metadata['zh']} · {one.metadata['en']}"
        yield f"| `{one.name}` | `MEDALLIANCE_{one.name.upper()}` | `{one.default}` | {told} |"
    yield ""


def _problems() -> Iterator[str]:
    yield "# 错误 · Problems\n"
    yield "HTTP 错误以 `application/problem+json` 给出，`type` 为 `/problems/名称`，语言随 `Accept-Language`。\n"
    yield "HTTP errors come as `application/problem+json`; `type` is `/problems/NAME`, the language follows"
    yield "`Accept-Language`.\n"
    yield "| 名称 · name | 状态 · status | 含义 · meaning |"
    yield "|---|---|---|"
    for name, kind in sorted(kinds().items()):
        yield f"| `{name}` | {kind.status} | {kind.title['zh']} · {kind.title['en']} |"
    yield ""


def _commands() -> Iterator[str]:
    yield "# 命令 · Commands\n"
    yield "`medalliance COMMAND --help` 列出全部选项；`--data DIR` 指定数据目录。出错时退出码为 1，用法有误为 2。\n"
    yield "`medalliance COMMAND --help` lists all options; `--data DIR` names the data directory. The exit code is 1"
    yield "for errors and 2 for wrong usage.\n"
    yield "| 命令 · command | 作用 · what it does |"
    yield "|---|---|"
    for name, command in named_commands(app):
        yield f"| `{name}` | {inspect.getdoc(command)} |"
    yield ""


def _permissions() -> Iterator[str]:
    yield "# 角色与权限 · Roles and permissions\n"
    yield "人有角色，令牌有权限；没有写明的一律拒绝。`read` 通常人人都有，设置 `sign_in` 后须登录。\n"
    yield "People have a role, tokens have permissions; what is not declared is refused. Everybody may `read` unless"
    yield "the setting `sign_in` asks for signing in.\n"
    yield f"| 权限 · permission | 含义 · meaning | {' | '.join(f'`{role}`' for role in ROLES)} |"
    yield f"|---|---|{'---|' * len(ROLES)}"
    for scope, told in scopes().items():
        marks = " | ".join("✓" if scope in granted else "" for granted in ROLES.values())
        yield f"| `{scope}` | {told.meaning['zh']} · {told.meaning['en']} | {marks} |"
    yield "\n| 角色 · role | 名称 · name | 可以做什么 · what for |"
    yield "|---|---|---|"
    for role, told in roles().items():
        name, meaning = told.name, told.meaning
        yield f"| `{role}` | {name['zh']} · {name['en']} | {meaning['zh']} · {meaning['en']} |"
    yield "\n## 需要更多权限的地址 · Addresses that need more than reading\n"
    yield "| 地址 · address | 权限 · permission |"
    yield "|---|---|"
    for address, scope in _guarded_addresses():
        yield f"| `{address}` | `{scope}` |"
    yield ""


def _guarded_addresses() -> Iterator[tuple[str, str]]:
    """Yield methods and path of each address that demands more than reading, and what it demands."""
    listed = [
        (str(route.path), " ".join(sorted(route.methods or ())), demand.scope)
        for route in iter_route_contexts(create_app(Settings()).routes)
        for demand in declared(route)
        if demand.scope not in ("open", "read")
    ]
    for path, methods, scope in sorted(listed):
        yield f"{methods} {path}", scope


def _queries() -> Iterator[str]:
    yield "# 查询库 · Query library\n"
    yield "产品回答的每个问题都是 `ontology/queries` 中的一个文件，可直接运行。\n"
    yield "Every question the product answers is a file in `ontology/queries` that runs as it stands.\n"
    yield "| 名称 · name | 问题 · question | 用途 · purpose |"
    yield "|---|---|---|"
    for name, query in queries().items():
        titles = f"{query.title['zh']} · {query.title['en']}"
        yield f"| `{name}` | {titles} | {query.purpose['zh']} · {query.purpose['en']} |"
    yield ""


def _questions() -> Iterator[str]:
    yield "# 有名的问题 · Questions by name\n"
    yield "每个问题的地址是 `/api/v1/questions/名称`，参数写在地址里，或放在 POST 的 JSON 里；"
    yield "也可 `medalliance ask 名称 参数=值`。`/api/v1/questions` 列出全部问题及其 SPARQL，"
    yield "`/api/v1/questions/名称/choices/参数` 给出可选的值。\n"
    yield "Each question has the address `/api/v1/questions/NAME`; its parameters stand in the address, or in the"
    yield "JSON of a POST. The same by `medalliance ask NAME parameter=value`. `/api/v1/questions` lists all with"
    yield "their SPARQL, `/api/v1/questions/NAME/choices/PARAMETER` gives the values that may be chosen.\n"
    yield from _how_asked()
    yield "## 合作系统的 25 个问题 · The 25 questions of partner systems\n"
    yield "| | 问题 · question | 由何回答 · answered by |"
    yield "|---|---|---|"
    for one in partner_questions():
        yield f"| {one.number} | {one.title['zh']} · {one.title['en']} | {_answered_by(one)} |"
    yield "\n## 全部问题 · All questions\n"
    for question in offered().values():
        yield from _question(question)


def _how_asked() -> Iterator[str]:
    yield "- `format=` 为 `json`（默认）`csv tsv xlsx xml sparql-json rq`，有坐标的还有 `geojson`；"
    yield "  图为 `ttl jsonld nt rdf trig nq`。`json` 分页，默认 100 行（`limit`、`offset`、`Link: rel=next`）；"
    yield "  其余格式给出全部行。"
    yield "  JSON comes in pages (100 rows unless `limit` says otherwise), the other formats hold all rows."
    yield "- 日期可写 `today`、`today+90`、`today-365`；区划写 2、4 或 6 位代码；概念写代码；"
    yield "  事物写 IRI 或短名（`org/fhjlu`）。"
    yield "  Dates may say `today`, `today+90`, `today-365`; areas are codes of 2, 4 or 6 digits; concepts are"
    yield "  codes; things are IRIs or short names (`org/fhjlu`)."
    yield "- 空白（`null`）表示没有来源载明；回答为 `yes`、`unknown` 或 `no`；`illustrative` 为真的是虚构的示例。"
    yield "  A blank (`null`) means that no source states it; answers are `yes`, `unknown` or `no`;"
    yield "  `illustrative` marks what is invented.\n"


def _answered_by(one: PartnerQuestion) -> str:
    if one.later:
        return f"尚未 · not yet: {one.later['zh']} · {one.later['en']}"
    return ", ".join(
        [*(f"[`{name}`](#{name})" for name in one.queries), *(f"`{at}`" for at in one.addresses)]
    )


def _question(one: Query) -> Iterator[str]:
    yield f"### {one.name}\n"
    yield f"{one.title['zh']} · {one.title['en']}\n"
    yield f"{one.purpose['zh']} {one.purpose['en']}\n"
    if one.parameters:
        yield "| 参数 · parameter | 含义 · meaning | 值 · value | 默认 · default |"
        yield "|---|---|---|---|"
    for parameter in one.parameters:
        titles = f"{parameter.title['zh']} · {parameter.title['en']}"
        default = f"`{parameter.default}`" if parameter.default else "可省 · may be left out"
        yield f"| `{parameter.name}` | {titles} | {_values(parameter)} | {'' if parameter.is_required else default} |"
    yield ""


def _values(parameter: Parameter) -> str:
    kind = f"{parameter.kind}: `{parameter.of or EXPECTED[parameter.kind]}`"
    return f"{kind}，可多个 · several" if parameter.is_many else kind


_HOLDS = {
    "text": "文字 · text",
    "date": "日期 · date",
    "integer": "整数 · whole number",
    "decimal": "数 · number",
    "concept": "选项 · one of a list",
    "reference": "名称或编号 · name or id",
    "yes-no": "是或否 · yes or no",
}
_SEEN_BY = {"public": "公开 · public", "alliance": "联盟内 · alliance", "internal": "内部 · internal"}


def _workbook() -> Iterator[str]:
    yield "# 表格的栏目 · Columns of spreadsheets\n"
    yield "每张表和每一列认得的写法；比较时不看空格、括号、星号与大小写，全角半角相同。`*` 必填。"
    yield "单元格里可以写什么，见 [cells.md](cells.md)。\n"
    yield "What each sheet and column may be called; spaces, brackets, stars and letter case do not count, and full"
    yield "width is the same as half width. `*` is required. [cells.md](cells.md) tells what a cell may hold.\n"
    for sheet in workbook().sheets:
        yield f"## {sheet.zh} · {sheet.en}\n"
        if sheet.aliases:
            yield f"也叫 · also called: {'、'.join(sheet.aliases)}\n"
        yield "| 栏目 · column | 也认得 · also known as | 内容 · holds | 谁能看 · who may see it |"
        yield "|---|---|---|---|"
        yield from (_column(column, sheet) for column in sheet.columns)
        yield ""


def _column(column: ColumnKind, sheet: SheetKind) -> str:
    name = f"{column.zh}{' *' if column.required else ''} · {column.en}"
    holds = _HOLDS[column.kind] + ("，可有几个 · several" if column.many else "")
    seen_by = _SEEN_BY[sheet.visibility_of(column.key)]
    return f"| {name} | {'、'.join(column.aliases)} | {holds} | {seen_by} |"


def main() -> None:
    """Write the pages."""
    for name, text in reference_pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
