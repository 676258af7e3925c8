"""Results that are remembered: for as long as what they were made of is the same."""

from api.operations.memory import Memory


def test_a_result_is_made_once_while_nothing_changes() -> None:
    """The second who asks is given what was made for the first."""
    memory: Memory[list[int]] = Memory(2)

    first = memory.recall("day", ("requests",), lambda: [1])
    assert memory.recall("day", ("requests",), lambda: [2]) is first
    assert memory.recall("day", ("other requests",), lambda: [3]) == [3]
    assert memory.recall("day", ("requests",), lambda: [4]) == [4]


def test_the_longest_unused_is_forgotten_first() -> None:
    """Two have room: when the third comes, the one that nobody asked for again goes."""
    memory: Memory[int] = Memory(2)
    for key in ("a", "b", "a", "c"):
        memory.recall(key, None, lambda: 1)

    assert [memory.recall(key, None, lambda: 2) for key in ("a", "c", "b")] == [1, 1, 2]


def test_what_is_kept_is_found_until_it_is_forgotten() -> None:
    memory: Memory[int] = Memory(2)
    for key in ("a", "b", "c"):
        memory.keep(key, ord(key))

    assert [memory.find(key) for key in ("a", "b", "c")] == [None, 98, 99]
