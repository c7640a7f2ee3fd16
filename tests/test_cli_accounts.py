"""Accounts and tokens on the command line, also while the server runs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from people import PASSWORD, accounts_in
from typer.testing import CliRunner, Result

from api.accounts import Accounts
from api.cli import app, sentence
from api.passwords import Passwords
from servers import command, served


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDALLIANCE_LANG", "en")


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return accounts_in(tmp_path)


def run(tmp_path: Path, *arguments: str, typed: str = f"{PASSWORD}\n") -> Result:
    return CliRunner().invoke(app, [*arguments, "--data", str(tmp_path)], input=typed)


def said(tmp_path: Path, *arguments: str, typed: str = f"{PASSWORD}\n") -> str:
    """Return what a command that succeeds says."""
    result = run(tmp_path, *arguments, typed=typed)
    assert result.exit_code == 0, result.exception
    return result.stdout


def mistake(tmp_path: Path, *arguments: str, typed: str = f"{PASSWORD}\n") -> str:
    """Return the sentence of a command that fails."""
    result = run(tmp_path, *arguments, typed=typed)
    assert result.exit_code == 1
    assert isinstance(result.exception, Exception)
    return sentence(result.exception)


def test_a_user_is_added_with_the_first_line_of_standard_input(tmp_path: Path, accounts: Accounts) -> None:
    assert "Added user 管理员甲, role admin." in said(tmp_path, "user", "add", "管理员甲", "--role", "admin")
    digest = accounts.digest_of("管理员甲")
    assert Passwords().is_right(PASSWORD, digest)
    assert said(tmp_path, "user", "list") == "管理员甲\tadmin\tnever signed in\n"


def test_the_password_may_stand_in_a_file(tmp_path: Path, accounts: Accounts) -> None:
    file = tmp_path / "password.txt"
    file.write_bytes("一句很长的口令，只有我知道\r\nsecond line\r\n".encode())
    said(tmp_path, "user", "add", "b", "--role", "member", "--password-file", str(file))
    assert Passwords().is_right("一句很长的口令，只有我知道", accounts.digest_of("b"))


def test_on_a_terminal_it_is_asked_for_twice_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, bool]] = []
    answers = iter([PASSWORD, PASSWORD, PASSWORD, "another password"])

    def prompt(text: str, *, hide_input: bool) -> str:
        asked.append((text, hide_input))
        return next(answers)

    monkeypatch.setattr("api.cli_accounts._is_terminal", lambda: True)
    monkeypatch.setattr("api.cli_accounts.typer.prompt", prompt)
    said(tmp_path, "user", "add", "b", "--role", "member")
    assert asked == [("Password", True), ("Password, once more", True)]
    assert "differ" in mistake(tmp_path, "user", "password", "b")


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (["add", "c", "--role", "owner"], PASSWORD, "no role"),
        (["add", "c", "--role", "member"], "short", "too easy"),
        (["add", "c", "--role", "member"], "", "too easy"),
        (["add", "B", "--role", "member"], PASSWORD, "taken"),
        (["add", "a\tb", "--role", "member"], PASSWORD, "cannot be used"),
        (["disable", "nobody"], "", "no user"),
        (["enable", "nobody"], "", "no user"),
        (["role", "nobody", "member"], "", "no user"),
        (["password", "nobody"], PASSWORD, "no user"),
        (["disable", "b"], "", "last administrator"),
        (["role", "b", "member"], "", "last administrator"),
        (["add", "c", "--role", "member", "--password-file", "missing.txt"], "", "Cannot read"),
    ],
)
def test_a_mistake_is_one_plain_sentence(
    tmp_path: Path, arguments: list[str], typed: str, words: str
) -> None:
    said(tmp_path, "user", "add", "b", "--role", "admin")
    assert words in mistake(tmp_path, "user", *arguments, typed=typed)
    assert said(tmp_path, "user", "list").splitlines() == ["b\tadmin\tnever signed in"]


def test_a_user_is_disabled_enabled_and_given_another_role(tmp_path: Path, accounts: Accounts) -> None:
    for name in ("a", "b"):
        said(tmp_path, "user", "add", name, "--role", "admin")
    token, _ = accounts.add_token("脚本", ["read"], made_by="b")
    told = said(tmp_path, "user", "disable", "b")
    assert "User b is disabled" in told
    assert f"token revoke {token.id}" in told
    assert "b\tadmin\tnever signed in\tdisabled" in said(tmp_path, "user", "list")
    said(tmp_path, "user", "enable", "b")
    said(tmp_path, "user", "role", "b", "auditor")
    assert (accounts.person("b").disabled, accounts.person("b").role) == (False, "auditor")


def test_a_token_is_printed_once_and_alone_on_standard_output(tmp_path: Path, accounts: Accounts) -> None:
    result = run(tmp_path, "token", "create", "某系统", "--scope", "read", "--scope", "import,edit")
    assert re.fullmatch(r"ma_[0-9a-f]{8}_[\w-]{43}\n", result.stdout)
    assert "shown this once" in result.stderr
    token = accounts.token(result.stdout.strip())
    assert token
    assert (token.scopes, token.made_by, token.expires) == ({"read", "import", "edit"}, "command line", None)
    assert said(tmp_path, "token", "list") == f"{token.id}\t某系统\tedit import read\tno expiry\tvalid\n"


def test_a_token_may_expire_and_can_be_revoked(tmp_path: Path, accounts: Accounts) -> None:
    said(tmp_path, "token", "create", "x", "--scope", "read", "--expires", "2099-12-31")
    (token,) = accounts.tokens()
    assert "2099-12-31\tvalid" in said(tmp_path, "token", "list")
    assert "was revoked" in said(tmp_path, "token", "revoke", token.id)
    assert "2099-12-31\trevoked" in said(tmp_path, "token", "list")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["create", "x", "--scope", "write"], "No such permission"),
        (["create", "x", "--scope", ","], "at least one permission"),
        (["create", "x", "--scope", "read", "--expires", "2020-01-01"], "not a date in the future"),
        (["create", "x", "--scope", "read", "--expires", "soon"], "not a date in the future"),
        (["revoke", "nothing"], "no token"),
    ],
)
def test_a_mistake_about_tokens_is_one_plain_sentence(
    tmp_path: Path, accounts: Accounts, arguments: list[str], words: str
) -> None:
    assert words in mistake(tmp_path, "token", *arguments)
    assert accounts.tokens() == []


def test_wrong_usage_is_code_two(tmp_path: Path) -> None:
    for arguments in (["user", "add", "b"], ["token", "create", "x"], ["user"], ["token", "no-such-command"]):
        assert run(tmp_path, *arguments).exit_code == 2


def test_a_running_server_prints_its_code_and_sees_accounts_and_tokens_at_once(
    tmp_path: Path, started: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "journal.sqlite").write_bytes(started.read_bytes())
    with served(data) as server:
        assert server.process.stdout is not None
        line = server.process.stdout.readline()
        code = re.search(r"open (http://\S+)/signin in a browser .* code ([2-9A-Z]{4}-[2-9A-Z]{4})$", line)
        assert code
        assert code[1] == server.address
        assert "One-time code" in server.get("/signin?lang=en").text
        made = command("token", "create", "loader", "--scope", "update", data=data, alone=True)
        bearer = {"Authorization": f"Bearer {made.stdout.strip()}", "Content-Type": "text/turtle"}
        assert server.ask("POST", "/api/v1/changes?name=a.ttl", bearer, b"").status == 201
        assert command("token", "revoke", made.stdout[3:11], data=data, alone=True).returncode == 0
        assert server.ask("POST", "/api/v1/changes?name=a.ttl", bearer, b"").status == 401
        file = tmp_path / "password"
        file.write_text(PASSWORD, encoding="utf-8")
        adding = ("user", "add", "管理员甲", "--role", "admin", "--password-file", str(file))
        added = command(*adding, data=data, alone=True)
        assert (added.returncode, "Added user" in added.stdout) == (0, True), added.stderr
        assert "One-time code" not in server.get("/signin?lang=en").text
        assert os.name == "nt" or (data / "accounts.sqlite").stat().st_mode & 0o077 == 0
        assert server.stop() == 0
