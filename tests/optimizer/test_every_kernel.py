"""Every compiled function can be read as Python, and some test calls every kernel."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import scheduler.optimizer
from scheduler.optimizer import warm_up

HOUSE = Path(scheduler.optimizer.__file__).parent
TESTS = Path(__file__).parent

# Kernels behind one plain function of the same module or the next, which the tests call instead.
BEHIND = {
    "price": "Pricer",
    "trace": "Pricer",
    "walk": "feasible",
    "refresh": "set_route",
    "_take_alone": "prepare",
    "_tighten": "shift_graph",
    "_tighten_windows": "prepare",
    "_mark_pairs": "shift_graph",
    "_broken": "violated_triples",
}


def compiled_functions(decorator: str) -> list[tuple[str, str]]:
    """Module and name of all functions with this decorator, read from the source."""
    return [
        (path.stem, node.name)
        for path in sorted(HOUSE.glob("*.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id == decorator for mark in node.decorator_list)
    ]


def names_in_tests() -> set[str]:
    """All that the tests of the optimizer import."""
    return {
        alias.name
        for path in TESTS.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@pytest.mark.parametrize(
    ("module", "name"), [*compiled_functions("kernel"), *compiled_functions("inner")]
)
def test_compiled_functions_are_plain_python_with_a_docstring(module: str, name: str) -> None:
    """What is compiled can be stepped through: it keeps the function that it was made of."""
    function = getattr(import_module(f"scheduler.optimizer.{module}"), name).py_func

    assert function.__name__ == name
    assert function.__doc__


@pytest.mark.parametrize("name", [name for _, name in compiled_functions("kernel")])
def test_every_kernel_is_called_by_a_test(name: str) -> None:
    """
    Whoever adds a kernel adds a test that calls it, or says behind which function it is.

    By name only: whether such a test compares it with a plain twin, as all of them should, is for
    the reader to see.
    """
    assert BEHIND.get(name, name) in names_in_tests()


@pytest.fixture(scope="module")
def warm() -> None:
    """All kernels in the cache, whoever put them there."""
    warm_up()


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(
    ("module", "name"), [*compiled_functions("kernel"), *compiled_functions("inner")]
)
def test_every_compiled_function_is_compiled_once_by_the_warm_up(module: str, name: str) -> None:
    """Callers agree on the types of what they pass: each further signature costs `make setup`."""
    function = getattr(import_module(f"scheduler.optimizer.{module}"), name)
    # Only the cache knows: what other kernels call is not loaded together with them.
    cached = function._cache._cache_file._load_index()

    assert len({signature for signature, *_ in cached}) == 1


def test_there_are_kernels_at_all() -> None:
    """A search of the source that finds nothing would be content with anything."""
    assert len(compiled_functions("kernel")) > 10
    assert len(compiled_functions("inner")) > 30
