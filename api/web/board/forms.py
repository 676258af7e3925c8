"""Forms: what a browser sends, and where it goes on."""

from collections.abc import Container, Iterable

from starlette.datastructures import FormData


def fields_of(sent: FormData) -> dict[str, str]:
    """The texts of a form; of several of one name, the last; files are left out."""
    return {name: value.strip() for name, value in sent.multi_items() if isinstance(value, str)}


def first_bad(fields: Iterable[str], wrong: Container[str]) -> str:
    """Name the first of *fields* with which something is wrong; "" if all are good."""
    return next((name for name in fields if name in wrong), "")
