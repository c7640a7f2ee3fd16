"""Sheets on their way: rows without empty ends, texts without what nobody sees."""

from graph.imports.sheet import readable, trimmed


def test_empty_cells_at_the_end_of_a_row_are_cut_off() -> None:
    assert trimmed([None, "a", None, None]) == [None, "a"]
    assert trimmed([None]) == []
    assert trimmed([0, False, ""]) == [0, False, ""]


def test_control_characters_are_left_out_and_line_ends_are_one() -> None:
    assert readable("a\x00b\x07\x1b[2J\x7f\x85") == "ab[2J"
    assert readable("a\r\nb\rc\n\td") == "a\nb\nc\n\td"
    assert readable("名\u200b称\u3000") == "名\u200b称\u3000"
