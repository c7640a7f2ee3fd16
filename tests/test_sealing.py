"""What is sealed is read with its key, in its place, and with nothing else."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.sealing import KeyRing, Unreadable, new_key, seal, unseal


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_is_sealed_comes_back_whole(data: bytes, context: bytes) -> None:
    key = new_key()
    assert unseal(key, seal(key, data, context), context) == data


@given(st.binary(min_size=1, max_size=50), st.data())
def test_a_changed_byte_makes_it_unreadable(data: bytes, draw: st.DataObject) -> None:
    key = new_key()
    sealed = bytearray(seal(key, data))
    sealed[draw.draw(st.integers(0, len(sealed) - 1))] ^= 1
    with pytest.raises(Unreadable):
        unseal(key, bytes(sealed))


def test_another_key_or_place_does_not_open_it() -> None:
    key = new_key()
    sealed = seal(key, b"data", b"here")
    for other, context in ((new_key(), b"here"), (key, b"there")):
        with pytest.raises(Unreadable):
            unseal(other, sealed, context)


def test_the_same_text_is_never_sealed_the_same() -> None:
    key = new_key()
    assert len({seal(key, b"data") for _ in range(50)}) == 50


def test_a_node_keeps_its_key_and_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    file = tmp_path / "keys.sqlite"
    ring = KeyRing(file)
    assert not file.exists()
    keys = ring.keys(["<a:a>", "<a:b>", "<a:a>"])
    assert len({key.secret for key in keys.values()}) == 2
    ring.close()
    again = KeyRing(file)
    assert again.keys(["<a:a>"]) == {"<a:a>": keys["<a:a>"]}
    assert again.secret(keys["<a:b>"].id) == ("kept", keys["<a:b>"].secret)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again.close()


def test_a_destroyed_key_is_gone_from_the_disk(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys.sqlite")
    keys = ring.keys([f"<a:{number}>" for number in range(200)])
    gone = keys["<a:7>"]
    assert ring.destroy("<a:7>") == 1
    assert ring.destroy("<a:7>") == 0
    assert ring.secret(gone.id) == ("erased", b"")
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert gone.secret not in written
    assert keys["<a:8>"].secret in written
    assert ring.keys(["<a:7>"])["<a:7>"].secret != gone.secret
    ring.close()


def test_without_its_file_a_key_is_lost_not_erased(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys.sqlite")
    assert ring.secret(b"x") == ("lost", b"")
    assert ring.destroy("<a:a>") == 0
    assert ring.keys([]) == {}
    assert not (tmp_path / "keys.sqlite").exists()
