"""Settings come from the command line, the environment, a file, or the default, in this order."""

from pathlib import Path

import pytest

from api.instance import allow_list
from api.settings import Settings, WrongSetting


def test_the_command_line_goes_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "medalliance.toml").write_text('port = 1\nhost = "a"\ntitle = "联盟"\n', encoding="utf-8")
    settings = Settings.read({"port": 3, "workers": None}, {"MEDALLIANCE_PORT": "2", "MEDALLIANCE_HOST": "b"})
    assert (settings.port, settings.host, settings.title, settings.workers) == (3, "b", "联盟", 4)


def test_the_data_directory_may_bring_its_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "medalliance.toml").write_text(
        "query_seconds = 2.5\nread_only = true\n", encoding="utf-8"
    )
    settings = Settings.read({"data": tmp_path / "d"}, {})
    assert (settings.query_seconds, settings.read_only) == (2.5, True)


@pytest.mark.parametrize("environment", [{"MEDALLIANCE_PORT": "many"}, {"MEDALLIANCE_READ_ONLY": "perhaps"}])
def test_a_value_that_does_not_fit_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(WrongSetting) as caught:
        Settings.read({}, environment)
    (name,) = environment
    assert caught.value.where == name


@pytest.mark.parametrize("content", ["prot = 1", "port = ", "read_only = 3"])
def test_a_mistake_in_the_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "medalliance.toml").write_text(content, encoding="utf-8")
    with pytest.raises(WrongSetting):
        Settings.read({}, {})


def test_a_list_stands_in_the_file_as_such_and_in_a_variable_as_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "medalliance.toml").write_text(
        'remote = ["https://a.example/", "b.example"]\n', encoding="utf-8"
    )
    assert Settings.read({}, {}).remote == ("https://a.example/", "b.example")
    assert Settings.read({}, {"MEDALLIANCE_REMOTE": " c.example, 10.0.0.0/8"}).remote == (
        "c.example",
        "10.0.0.0/8",
    )
    (tmp_path / "medalliance.toml").write_text("remote = [1]\n", encoding="utf-8")
    with pytest.raises(WrongSetting):
        Settings.read({}, {})


def test_an_allow_list_that_makes_no_sense_is_named() -> None:
    with pytest.raises(WrongSetting) as caught:
        allow_list(Settings(remote=("ftp://a.example/",)))
    assert (caught.value.name, caught.value.value) == ("remote", "ftp://a.example/")
