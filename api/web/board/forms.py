"""What a browser sends: texts by name."""

from starlette.datastructures import FormData


def fields_of(sent: FormData) -> dict[str, str]:
    """The texts of a form; of several of one name, the last; files are left out."""
    return {name: value.strip() for name, value in sent.multi_items() if isinstance(value, str)}
