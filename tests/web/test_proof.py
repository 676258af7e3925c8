"""What a plan is said to be worth is never more than what is proven."""

from datetime import date

import pytest

from api.web.proof import percent, prove
from routing.units import MINUTE
from scheduler.plan import Cost, Plan


def plan(cost: Cost, bound: Cost) -> Plan:
    """A plan of which only the figures matter."""
    return Plan(date(2027, 3, 2), (), (), cost, bound)


def test_a_proven_plan_is_called_so() -> None:
    """Cost and bound meet."""
    proof = prove(plan(Cost(1, 600), Cost(1, 600)))

    assert proof.certain
    assert proof.short == "bewiesen optimal"


def test_a_small_gap_is_told_in_percent_of_the_optimum() -> None:
    """100 min planned, 99 min needed: at most 1/99 = 1.0101 % above, told as 1.1 %."""
    proof = prove(plan(Cost(0, 100 * MINUTE), Cost(0, 99 * MINUTE)))

    assert not proof.certain
    assert proof.short == "höchstens 1,1 % über dem Optimum"
    assert "höchstens um 1 Minute" in proof.long


def test_a_weak_bound_is_not_dressed_up_as_a_percentage() -> None:
    """Twice the bound says nothing about the optimum."""
    proof = prove(plan(Cost(0, 100 * MINUTE), Cost(0, 50 * MINUTE)))

    assert "%" not in proof.short + proof.long
    assert "geplant sind 100 Minuten, bewiesen nötig sind bisher nur 50 Minuten" in proof.long


def test_a_bound_of_nothing_is_weak() -> None:
    """No division by zero, and no praise."""
    assert "%" not in prove(plan(Cost(0, 100), Cost(0, 0))).short


def test_if_more_might_be_served_nothing_is_said_about_driving() -> None:
    """Who is left comes first; the drive of another plan says nothing."""
    proof = prove(plan(Cost(2, 100), Cost(1, 100)))

    assert not proof.certain
    assert proof.short == "noch nicht bewiesen"
    assert "%" not in proof.long


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0,0 %"), (0.0101, "1,1 %"), (0.01, "1,0 %"), (0.12345, "12,4 %"), (1e-7, "0,1 %")],
)
def test_percentages_are_rounded_up(share: float, words: str) -> None:
    """What is promised to be the most stays the most."""
    assert percent(share) == words


def test_where_changes_count_nothing_is_said_about_driving_alone() -> None:
    """Another plan may drive less and change more; the best of both is what is proven."""
    proven = prove(plan(Cost(0, 600), Cost(0, 600)), steady=True)
    changed = prove(plan(Cost(0, 540, changes=60), Cost(0, 600)))

    assert proven == changed
    assert proven.short == "bewiesen optimal"
    assert proven.long.endswith(
        "keiner fährt dabei kürzer, ohne dafür mehr am bekannten Plan zu ändern."
    )


def test_a_small_gap_where_changes_count_is_one_of_both_together() -> None:
    """90 min of driving and 10 of changes, 99 needed: driving and changes less by a minute."""
    proof = prove(plan(Cost(0, 90 * MINUTE, changes=10 * MINUTE), Cost(0, 99 * MINUTE)))

    assert proof.short == "höchstens 1,1 % über dem Optimum"
    assert "zusammen ließen sich höchstens um 1 Minute verringern" in proof.long


def test_a_weak_bound_where_changes_count_is_one_of_both_together() -> None:
    """Twice the bound says nothing about the optimum."""
    proof = prove(plan(Cost(0, 100 * MINUTE), Cost(0, 50 * MINUTE)), steady=True)

    assert "%" not in proof.short + proof.long
    assert "zählt hier wie 100 Minuten, bewiesen nötig sind bisher nur 50 Minuten" in proof.long


def test_a_proof_beside_promises_says_what_it_compares() -> None:
    """Without them another plan might take more."""
    proof = prove(plan(Cost(1, 600), Cost(1, 600)), promised=True)

    assert proof.certain
    assert proof.long.endswith("Verglichen sind Pläne, die alles Zugesagte halten.")


def test_of_a_running_day_nothing_is_said_about_those_who_are_given_up() -> None:
    """They are not in the plan any more, whether that is proven or not."""
    proven = prove(plan(Cost(0, 600, 60), Cost(0, 660)), running=True)
    close = prove(plan(Cost(0, 100 * MINUTE), Cost(0, 99 * MINUTE)), running=True)
    weak = prove(plan(Cost(0, 100 * MINUTE), Cost(0, 0)), running=True)

    assert (proven.short, proven.certain) == ("bewiesen optimal", True)
    assert close.short == "höchstens 1,1 % über dem Optimum"
    assert weak.short == "noch nicht bewiesen"
    assert not any("mitzunehmen" in each.long for each in (proven, close, weak))
    assert all("jetzt im Plan" in each.long for each in (proven, close, weak))
