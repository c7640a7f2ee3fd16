"""Commands for accounts and tokens. They work on the accounts' file itself, also while the server runs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api.accounts import FILE, Accounts, end_of_day
from api.cli_speech import Data, language, say
from api.credentials import Credentials
from api.permissions import roles
from api.settings import Settings
from api.texts import text

users = typer.Typer(help="用户 · Users: who may sign in", no_args_is_help=True)
tokens = typer.Typer(help="令牌 · Tokens: which programs are let in", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="用户名 · user name")]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="密码在此文件第一行 · the password is its first line")
]


@users.command("add")
def user_add(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="角色 · role: " + " ".join(roles()))],
    password_file: PasswordFile = None,
    data: Data = None,
) -> None:
    """添加用户 · Add somebody who may sign in; asks for the password."""
    credentials = Credentials(_accounts(data))
    digest = credentials.digest(name, *_password(password_file))
    person = credentials.accounts.add_person(name, role, digest)
    say(text("user-added", language(), name=person.name, role=person.role))


@users.command("list")
def user_list(data: Data = None) -> None:
    """列出用户 · List the users: name, role, last sign-in."""
    settings = _settings(data)
    for person in _accounts(data).people():
        seen = _moment(person.signed_in, settings) or text("never", language())
        state = text("disabled", language()) if person.disabled else ""
        say("\t".join(filter(None, (person.name, person.role, seen, state))))


@users.command("disable")
def user_disable(name: Name, data: Data = None) -> None:
    """停用用户 · Let somebody sign in no more, at once."""
    accounts = _accounts(data)
    accounts.disable(name)
    say(text("user-disabled", language(), name=name))
    _say_tokens_left(accounts, name)


@users.command("enable")
def user_enable(name: Name, data: Data = None) -> None:
    """恢复用户 · Let somebody sign in again."""
    _accounts(data).enable(name)
    say(text("user-enabled", language(), name=name))


@users.command("role")
def user_role(
    name: Name, role: Annotated[str, typer.Argument(help="角色 · role")], data: Data = None
) -> None:
    """更改角色 · Give somebody another role."""
    _accounts(data).set_role(name, role)
    say(text("role-changed", language(), name=name, role=role))


@users.command("password")
def user_password(name: Name, password_file: PasswordFile = None, data: Data = None) -> None:
    """重设密码 · Set a new password and end all sign-ins of this user; asks for it."""
    credentials = Credentials(_accounts(data))
    called = credentials.accounts.person(name).name
    credentials.accounts.set_password(called, credentials.digest(called, *_password(password_file)))
    say(text("password-changed", language(), name=called))


@tokens.command("create")
def token_create(
    name: Annotated[str, typer.Argument(help="给谁用 · for whom or what")],
    scope: Annotated[
        list[str], typer.Option("--scope", help="权限，可重复 · permission, may be repeated: read import …")
    ],
    expires: Annotated[str, typer.Option("--expires", help="最后一天 YYYY-MM-DD · the last day")] = "",
    data: Data = None,
) -> None:
    """生成令牌 · Make a token and print its secret, once."""
    settings, accounts = _settings(data), _accounts(data)
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    until = end_of_day(expires, settings.timezone, today)
    asked = [one for listed in scope for one in listed.replace(",", " ").split()]
    token, secret = accounts.add_token(name, asked, made_by="command line", expires=until)
    say(text("token-created", language(), id=token.id), error=True)
    say(secret)


@tokens.command("list")
def token_list(data: Data = None) -> None:
    """列出令牌 · List the tokens: id, name, permissions, expiry, state."""
    settings, accounts = _settings(data), _accounts(data)
    for token in accounts.tokens():
        state = "revoked" if token.revoked else "valid" if token.is_valid(accounts.clock()) else "expired"
        until = str(token.last_day(settings.timezone) or text("no-expiry", language()))
        granted = " ".join(sorted(token.scopes))
        said = (token.id, token.name, granted, until, text(f"token-{state}", language()))
        say("\t".join(said))


@tokens.command("revoke")
def token_revoke(
    number: Annotated[str, typer.Argument(help="令牌编号 · id of the token", metavar="ID")], data: Data = None
) -> None:
    """撤销令牌 · Make a token open nothing any more, at once."""
    _accounts(data).revoke(number)
    say(text("token-was-revoked", language(), id=number))


def _settings(data: Path | None) -> Settings:
    return Settings.read({"data": data})


def _accounts(data: Path | None) -> Accounts:
    return Accounts(_settings(data).data / FILE)


def _password(file: Path | None) -> tuple[str, str]:
    """Return the password and its repetition: from a file, from standard input, or asked for twice on a terminal."""
    if file is not None:
        with file.open(encoding="utf-8") as opened:
            password = opened.readline().rstrip("\r\n")
    elif _is_terminal():
        password = typer.prompt(text("ask-password", language()), hide_input=True)
        return password, typer.prompt(text("ask-password-again", language()), hide_input=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    return password, password


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _moment(time: datetime | None, settings: Settings) -> str:
    return time.astimezone(ZoneInfo(settings.timezone)).strftime("%Y-%m-%d %H:%M") if time else ""


def _say_tokens_left(accounts: Accounts, name: str) -> None:
    for token in accounts.tokens_made_by(name):
        say(text("token-left", language(), name=token.name, id=token.id))
