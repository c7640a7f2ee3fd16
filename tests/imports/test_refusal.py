"""Refusals: why a file is not read, as a remark."""

from graph.imports.refusal import FileRefused


def test_a_refusal_is_an_error_that_says_what_and_what_to_do() -> None:
    remark = FileRefused("file-too-large", file="名单.xlsx", limit=64).remark()
    assert (remark.code, remark.severity, remark.file) == ("file-too-large", "error", "名单.xlsx")
    assert remark.what("zh") == "文件超过 64 MB。"
    assert "split" in remark.remedy("en")
