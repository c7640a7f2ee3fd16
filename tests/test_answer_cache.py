"""Laws of the cache: it gives what was put in, of the state that was asked for, and never grows beyond its bound."""

import asyncio
import gzip
import threading
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from api.answer_cache import OVERHEAD, AnswerCache, Held

STATES = st.tuples(st.integers(0, 3), st.integers(0, 1))
STEPS = st.lists(st.tuples(STATES, st.sampled_from("abcdef"), st.integers(0, 3_000)), max_size=60)


def held(state: tuple[int, int], size: int = 10, said: str = "x") -> Held:
    return Held(said.encode() * size, "text/plain", state)


@given(STEPS, st.integers(0, 60_000))
def test_it_never_holds_more_than_its_bound_nor_an_answer_of_another_state(
    steps: list[tuple[tuple[int, int], str, int]], bound: int
) -> None:
    cache = AnswerCache(bound)
    newest: dict[tuple[tuple[int, int], str], bytes] = {}
    for state, name, size in steps:
        answer = held(state, size, name)
        cache.put((state, name), answer)
        newest[state, name] = answer.body
        assert cache.size <= bound
        for (one, other), body in newest.items():
            found = cache.get((one, other))
            assert found is None or (found.state, found.body[:1]) == (one, body[:1])


@given(STEPS)
def test_once_the_graph_has_moved_on_nothing_of_before_is_kept(
    steps: list[tuple[tuple[int, int], str, int]],
) -> None:
    cache = AnswerCache(1 << 20)
    for state, name, size in steps:
        cache.put((state, name), held(state, size))
    after = (9, 0)
    cache.put((after, "a"), held(after))
    assert all(cache.get((state, name)) is None for state, name, _ in steps)
    assert cache.get((after, "a"))
    alone = AnswerCache(1 << 20)
    alone.put((after, "a"), held(after))
    assert cache.size == alone.size


def test_an_answer_that_comes_late_from_a_state_of_before_is_not_kept() -> None:
    cache = AnswerCache(1 << 20)
    cache.put(((2, 0), "a"), held((2, 0)))
    cache.put(((1, 0), "b"), held((1, 0)))
    assert cache.get(((1, 0), "b")) is None


def test_what_was_used_longest_ago_makes_room() -> None:
    cache = AnswerCache(10 * (OVERHEAD + 125))
    for name in "abcdefghij":
        cache.put(((1, 0), name), held((1, 0), 100))
    assert cache.get(((1, 0), "a"))
    cache.put(((1, 0), "k"), held((1, 0), 100))
    assert cache.get(((1, 0), "b")) is None
    assert cache.get(((1, 0), "a"))


def test_a_packed_answer_unpacks_to_the_answer() -> None:
    answer = held((1, 0), 5_000)
    assert gzip.decompress(answer.packed()) == answer.body
    assert answer.packed() is answer.packed()


def test_what_many_threads_ask_for_is_made_once() -> None:
    cache, made = AnswerCache(1 << 20), Counter[str]()

    def make() -> tuple[str, bytes]:
        made["times"] += 1
        threading.Event().wait(0.05)
        return "text/plain", b"x"

    threads = [threading.Thread(target=cache.made, args=("key", (1, 0), make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made["times"] == 1


def test_who_waits_for_an_equal_question_gets_its_answer() -> None:
    async def both() -> object:
        cache = AnswerCache(1 << 20)
        flight = cache.take_off("key")
        waiting = cache.flight("key")
        assert waiting is flight
        answer = held((1, 0))
        cache.land("key", flight, answer)
        assert cache.flight("key") is None
        return await waiting is answer

    assert asyncio.run(both())
