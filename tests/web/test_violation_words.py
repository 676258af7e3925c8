"""What a plan does wrong, in words: every rule and unit of the checker has some."""

import re
from pathlib import Path

import pytest

from api.web.violations import SENTENCES, UNITS, violation_text
from scheduler.violation import Rule, Violation

ROOT = Path(__file__).parents[2]


def test_every_rule_has_its_sentence() -> None:
    assert SENTENCES.keys() == set(Rule)
    assert len(set(SENTENCES.values())) == len(SENTENCES)


def test_every_unit_has_its_words() -> None:
    """Read from the source of whoever finds violations."""
    sources = [*ROOT.glob("scheduler/check*.py"), ROOT / "api/operations/planning.py"]
    source = "\n".join(file.read_text("utf-8") for file in sources)
    used = set(re.findall(r'Violation\(Rule\.\w+, [^\n]*?"(\w+)", \w', source))

    assert used - {"plan"} <= UNITS.keys()
    assert len(used) > 10


@pytest.mark.parametrize(
    ("rule", "where", "amount", "unit", "words"),
    [
        (
            Rule.WINDOW,
            "r3/outbound-1",
            120,
            "seconds",
            "r3, Hinfahrt: Ein Halt beginnt außerhalb seines Zeitfensters (2 Minuten)",
        ),
        (Rule.RIDE, "r3/return", 61, "seconds", "r3, Rückfahrt: Zu lange im Bus (61 Sekunden)"),
        (
            Rule.LOAD,
            "early",
            1,
            "people",
            "Dienst Vormittag: Mehr Personen, als Plätze da sind (1 Person)",
        ),
        (
            Rule.COST,
            "plan",
            3,
            "weight",
            "Plan: Die Kosten oder ihre untere Schranke stimmen nicht (3 Punkte Dringlichkeit)",
        ),
        (
            Rule.DOCUMENT,
            "routes[0].metres",
            1,
            "fields",
            (
                "routes[0].metres: Hier steht etwas anderes, als aus dem Plan und den Wünschen "
                "folgt (1 Feld)"
            ),
        ),
    ],
)
def test_a_violation_says_where_what_and_by_how_much(
    rule: Rule, where: str, amount: int, unit: str, words: str
) -> None:
    violation = Violation(rule, where, amount, unit, "in English")

    assert violation_text(violation, {"early": "Vormittag"}) == words
