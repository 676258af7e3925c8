"""Which form of a sheet is sent."""

import pytest

from api.accept import choose
from api.errors import NotAcceptableError

FORMS = ("application/json", "text/html", "application/pdf")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/html", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/pdf", "application/pdf"),
        ("application/pdf;q=0.5, text/html;q=0.4", "application/pdf"),
        ("application/*;q=0.9, application/json;q=0.1", "application/pdf"),
        ("*/*;q=0.1, text/*", "text/html"),
        ("APPLICATION/PDF", "application/pdf"),
        ("application/json;q=0, */*", "text/html"),
    ],
)
def test_the_most_welcome_form_is_chosen(accept: str, chosen: str) -> None:
    """What names a type more exactly counts; of equals, the first that is offered."""
    assert choose(accept, FORMS) == chosen


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "text/html;q=viel", ";;,"])
def test_a_form_that_there_is_not_is_refused(accept: str) -> None:
    """The message lists those there are."""
    with pytest.raises(NotAcceptableError, match="application/pdf"):
        choose(accept, FORMS)
