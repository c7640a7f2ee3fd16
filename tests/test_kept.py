"""A bounded memory: what was asked for lately stays."""

from graph.kept import Kept


def test_what_is_kept_is_made_once() -> None:
    memory: Kept[list[int]] = Kept(2)
    assert memory.kept("a", lambda: [1]) is memory.kept("a", lambda: [2])


def test_what_was_not_asked_for_lately_is_forgotten() -> None:
    memory: Kept[int] = Kept(2)
    for key, value in (("a", 1), ("b", 2), ("a", 0), ("c", 3)):
        memory.kept(key, lambda value=value: value)
    assert memory.kept("a", lambda: 9) == 1
    assert memory.kept("b", lambda: 9) == 9
