"""
Run one notebook as Jupyter would, without Jupyter: `python -P tests/run_notebook.py FILE`.

Every code cell in order, in one namespace; the value of a last expression is rendered as the
browser would get it, for a table that cannot be drawn is as broken as a wrong number.
"""

import ast
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

RICH = ("_repr_html_", "_repr_svg_")


def run(notebook: Path) -> int:
    """Run every code cell; returns how many values were shown."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    # A module of its own: dataclasses look theirs up by name, and no name of ours is in the way.
    sys.modules["__main__"] = main = ModuleType("__main__")
    return sum(
        run_cell("".join(cell["source"]), f"{notebook.name}: {cell['id']}", vars(main))
        for cell in cells
        if cell["cell_type"] == "code"
    )


def run_cell(source: str, name: str, namespace: dict[str, Any]) -> bool:
    """Run one cell; says whether it showed a value."""
    *body, last = ast.parse(source, name).body
    if not isinstance(last, ast.Expr):
        body.append(last)
    exec(compile(ast.Module(body, []), name, "exec"), namespace)  # noqa: S102 - our own notebooks
    if not isinstance(last, ast.Expr):
        return False
    shown = eval(compile(ast.Expression(last.value), name, "eval"), namespace)  # noqa: S307
    if shown is not None:
        show(shown)
    return shown is not None


def show(value: object) -> None:
    """Render *value* as text and as rich as it can; an SVG must be well-formed."""
    print(value)  # noqa: T201 - what the browser would show
    for name in RICH:
        render = getattr(value, name, None)
        if render is not None and name == "_repr_svg_":
            ET.fromstring(render())  # noqa: S314 - drawn by our own notebook
        elif render is not None:
            print(render())  # noqa: T201


if __name__ == "__main__":
    sys.exit(0 if run(Path(sys.argv[1])) else "No cell shows anything.")
