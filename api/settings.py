"""Settings of an instance: one table read by the command line, the server, the docs and the tests.

A value comes from the command line, else from a variable ``MEDALLIANCE_NAME``, else from ``medalliance.toml`` in the
data directory or the current folder, else from the default here.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


class WrongSetting(Exception):
    """A setting that is unknown, or has a value of the wrong kind; names it, the value, and where it came from."""

    def __init__(self, name: str, value: str, where: str) -> None:
        super().__init__(f"{where}: {name} = {value}")
        self.name, self.value, self.where = name, value, where


def _setting(default: object, zh: str, en: str) -> Any:  # the type is the field's own
    return field(default=default, metadata={"zh": zh, "en": en})


@dataclass(frozen=True)
class Settings:
    """Everything that can be set; the field's metadata says in both languages what it is for."""

    data: Path = _setting(
        Path("data"), "数据目录：整个实例都在其中", "data directory: the whole instance is in it"
    )
    host: str = _setting("127.0.0.1", "监听地址", "address to listen on")
    port: int = _setting(8000, "监听端口", "port to listen on")
    base: str = _setting(
        "http://127.0.0.1:8000/",
        "本实例新建资源的 IRI 前缀；首次启动时固定",
        "IRI base of what this instance mints; fixed at the first start",
    )
    title: str = _setting("", "站点名称；空则取联盟名称", "name of the site; empty: the alliance's name")
    timezone: str = _setting("Asia/Shanghai", "“今天”所在时区", "time zone that says what day today is")
    workers: int = _setting(4, "同时回答的查询数", "queries answered at the same time")
    processes: str = _setting(
        "auto",
        "工作进程的来源：fork（内存）、disk（磁盘副本）或 auto",
        "where worker processes come from: fork (memory), disk (copies on disk) or auto",
    )
    query_bytes: int = _setting(65_536, "查询文本上限（字节）", "longest query text in bytes")
    query_depth: int = _setting(100, "查询括号嵌套上限", "deepest nesting of brackets in a query")
    query_seconds: float = _setting(10.0, "匿名查询时限（秒）", "time limit of an anonymous query in seconds")
    query_seconds_known: float = _setting(
        30.0,
        "持令牌或已登录者的查询时限（秒）",
        "time limit of a query with a token or a session, in seconds",
    )
    long_queries: int = _setting(
        8, "另可同时进行的长查询数", "queries that take long and are answered besides, at the same time"
    )
    queries_waiting: int = _setting(200, "排队等候的查询数上限", "most queries that may wait their turn")
    query_memory: int = _setting(1024, "单个查询内存上限（MB）", "memory limit of one query in MB")
    update_bytes: int = _setting(16 * 1024 * 1024, "更新文本上限（字节）", "longest update text in bytes")
    update_seconds: float = _setting(60.0, "一次更新的时限（秒）", "time limit of one update in seconds")
    remote: tuple[str, ...] = _setting(
        (),
        "SERVICE 与 LOAD 可以访问的地址：端点、以 / 结尾的前缀、主机，或允许通往的内网网段；空则一概不许",
        "what SERVICE and LOAD may ask: endpoints, prefixes that end in /, hosts, and private networks that hosts "
        "may lead to; empty: nothing",
    )
    remote_bytes: int = _setting(
        16 * 1024 * 1024,
        "其他服务器的一个回答的上限（字节）；一次查询合计也以此为限",
        "largest answer of another server in bytes, and largest sum of them for one query",
    )
    remote_seconds: float = _setting(
        10.0, "等待其他服务器的时限（秒）", "time limit of one exchange with another server in seconds"
    )
    answer_bytes: int = _setting(
        16 * 1024 * 1024,
        "整体发送的结果上限（字节）；更大者分段发送",
        "largest answer sent in one piece, in bytes; larger ones are streamed",
    )
    stream_bytes: int = _setting(
        2048 * 1024 * 1024,
        "分段发送的结果上限（字节）；超过即中断连接",
        "largest answer that is streamed, in bytes; beyond it the connection is broken off",
    )
    cache_megabytes: int = _setting(
        64, "结果缓存上限（MB），0 为不缓存", "answers that are kept, in MB; 0: none"
    )
    slow_seconds: float = _setting(
        1.0,
        "慢查询记录的界限（秒），0 为不记录",
        "queries that take so many seconds are written to the log of slow queries; 0: none",
    )
    budget_seconds: float = _setting(
        60.0,
        "每个令牌、用户或地址每分钟的查询时间（秒），0 为不限",
        "query time in a minute for each token, person or address, in seconds; 0: any",
    )
    budget_errors: int = _setting(
        30,
        "每个令牌、用户或地址每分钟的出错次数，0 为不限",
        "queries in a minute that fail, for each token, person or address; 0: any",
    )
    cross_origin: bool = _setting(
        True,
        "允许其他网站的网页读取 /sparql 的公开结果",
        "pages of other sites may read the public answers of /sparql",
    )
    body_bytes: int = _setting(256 * 1024 * 1024, "上传文件上限（字节）", "largest upload in bytes")
    shapes_bytes: int = _setting(
        1024 * 1024, "SHACL 形状文件上限（字节）", "longest document of SHACL shapes in bytes"
    )
    shacl_seconds: float = _setting(
        30.0, "一次 SHACL 校验的时限（秒）", "time limit of a validation by SHACL shapes in seconds"
    )
    area: str = _setting(
        "220000",
        "本实例所在地区的行政区划代码；导入时先在其中查找地名，空则不限",
        "division code of this instance's region; places in imports are looked up there first; empty: anywhere",
    )
    import_files: int = _setting(300, "一次导入的文件数上限", "most files of one import")
    import_bytes: int = _setting(
        1024 * 1024 * 1024,
        "待处理导入的文件总量上限（字节）",
        "largest total of files of imports that wait, in bytes",
    )
    imports_waiting: int = _setting(50, "待处理导入的个数上限", "most imports that may wait")
    import_days: int = _setting(
        14,
        "待处理导入保留的天数；过后删除其文件",
        "days that an import may wait before its files are deleted",
    )
    sign_in: bool = _setting(
        False,
        "浏览也须登录（默认公开内容人人可看）",
        "reading needs signing in, too (what is public is open by default)",
    )
    session_hours: float = _setting(12.0, "登录后最长有效时间（小时）", "hours that a sign-in holds at most")
    session_idle_minutes: float = _setting(
        120.0, "无操作多久后须重新登录（分钟）", "minutes without a request after which one signs in again"
    )
    read_only: bool = _setting(False, "只读：拒绝任何写入", "read only: refuse every write")
    demo: bool = _setting(False, "载入虚构的示例网络", "bring in the illustrative network, which is invented")
    bare: bool = _setting(
        False, "纯 SPARQL 数据集（仅限空目录）", "plain SPARQL dataset (empty directory only)"
    )

    def today(self) -> date:
        """Return the civil date where the alliance is, not where the machine's clock thinks it is."""
        return datetime.now(ZoneInfo(self.timezone)).date()

    @classmethod
    def read(cls, given: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings in force.

        Args:
            given: what the command line gave, by field name; ``None`` values do not count.
            environment: the process environment, or another mapping in tests.

        Raises:
            WrongSetting: a name is unknown or a value does not fit.
        """
        variables = os.environ if environment is None else environment
        chosen: dict[str, object] = {}
        data = Path(str(given.get("data") or variables.get("MEDALLIANCE_DATA") or "data"))
        for file in (Path("medalliance.toml"), data / "medalliance.toml"):
            if file.is_file():
                chosen |= _from_file(file)
        chosen |= _from_environment(variables)
        chosen |= {name: value for name, value in given.items() if value is not None}
        return cls(**chosen)  # type: ignore[arg-type] # _fitting has seen to the kinds


def _from_file(file: Path) -> dict[str, object]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise WrongSetting("", str(fault), file.name) from fault
    return {name: _fitting(name, value, file.name) for name, value in content.items()}


def _from_environment(variables: Mapping[str, str]) -> dict[str, object]:
    known = {f"MEDALLIANCE_{one.name.upper()}": one.name for one in fields(Settings)}
    return {
        known[variable]: _fitting(known[variable], value, variable)
        for variable, value in variables.items()
        if variable in known
    }


def _fitting(name: str, value: object, where: str) -> object:
    """Return a value as the kind its setting has."""
    kinds: dict[str, type[Any]] = {one.name: type(one.default) for one in fields(Settings)}
    kind = kinds.get(name)
    try:
        if kind is None:
            raise ValueError
        if kind is bool and isinstance(value, str):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                value.lower()
            ]
        if kind is bool and not isinstance(value, bool):
            raise ValueError
        if kind is tuple:
            return _listed(value)
        made: object = Path(str(value)) if issubclass(kind, Path) else kind(value)
        return made
    except (ValueError, KeyError, TypeError) as fault:
        raise WrongSetting(name, str(value), where) from fault


def _listed(value: object) -> tuple[str, ...]:
    """Return a list of texts, which a variable separates by spaces or commas."""
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise ValueError
