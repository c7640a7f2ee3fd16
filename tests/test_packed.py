"""A packed change says what the change says, and weighs little."""

from hypothesis import given
from hypothesis import strategies as st

from graph.packed import Packed, PackedQuads, QuadPacker, packed_from, packed_parts, quads_sum
from graph.quads import Delta, Quad, iri, literal

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
QUADS = st.frozensets(
    st.builds(
        lambda subject, text, graph: Quad(
            iri(f"http://example.org/{subject}"), iri("http://example.org/p"), literal(text), graph
        ),
        st.integers(0, 5),
        TEXTS,
        st.sampled_from(["<http://example.org/g>", "<http://example.org/h>"]),
    ),
    max_size=12,
)


@given(QUADS, QUADS)
def test_packing_keeps_what_a_change_says(one: frozenset[Quad], other: frozenset[Quad]) -> None:
    delta = Delta(one - other, other - one)
    packed = Packed.of(delta)
    assert packed == delta
    assert bool(packed) == bool(delta)
    assert (packed.added_count, packed.removed_count) == (len(delta.added), len(delta.removed))
    assert packed.sum == quads_sum(delta.added) - quads_sum(delta.removed)
    assert set(packed.subjects) == {quad.subject for quad in delta.added | delta.removed}
    first, second, *pieces = packed_parts(packed)
    assert packed_from(first, second, pieces) == packed


@given(QUADS, QUADS)
def test_quads_added_to_a_packed_change_are_part_of_it(one: frozenset[Quad], other: frozenset[Quad]) -> None:
    both = Packed.of(Delta(removed=other - one)).with_new(PackedQuads.of(sorted(one)))
    assert both == Packed.of(Delta(one, other - one))
    assert both.sum == quads_sum(one) - quads_sum(other - one)
    assert set(both.subjects) == {quad.subject for quad in one | other}
    assert [sign for sign, _ in both.pieces] == sorted(sign for sign, _ in both.pieces)


@given(QUADS)
def test_packed_quads_are_a_collection(quads: frozenset[Quad]) -> None:
    packed = PackedQuads.of(sorted(quads))
    assert (list(packed), len(packed)) == (sorted(quads), len(quads))
    assert all(quad in packed for quad in quads)
    assert Quad(iri("http://example.org/x"), iri("http://example.org/p"), literal("")) not in packed


def test_many_quads_are_packed_in_pieces() -> None:
    packer = QuadPacker()
    for number in range(45_000):
        packer.add((f'<http://example.org/{number}> <http://example.org/p> "示例" <http://example.org/g> .',))
    packed = packer.packed()
    assert (len(packed), len(packed.pieces)) == (45_000, 3)
    assert sum(map(len, packed.pieces)) < 45_000 * 15
