"""How good a plan is proven to be, in honest German."""

from dataclasses import dataclass, replace
from math import ceil

from api.sheets.wording import count, minutes
from routing.units import Seconds
from scheduler.plan import Plan

# From here on a bound says so little that a percentage would only impress.
WEAK_GAP = 0.15


@dataclass(frozen=True)
class Proof:
    """A few words for the figure, and a sentence that says what they mean."""

    short: str
    long: str
    certain: bool = False


# Whoever is erased leaves the plan as it is, and what was proven was proven with them.
WITHOUT_SOMEBODY = Proof(
    "nicht mehr bewiesen",
    "Seit jemand gelöscht ist, ist nicht neu geplant: Vielleicht geht es jetzt kürzer, oder es "
    "findet noch jemand Platz.",
)


def prove(
    plan: Plan,
    *,
    promised: bool = False,
    broken: int = 0,
    steady: bool = False,
    running: bool = False,
) -> Proof:
    """
    Say what is proven about *plan*, and never more.

    *promised*: beside what was promised, of which it breaks *broken*; *steady*: where changes of a
    known plan count; *running*: of a day that has begun, where nothing is proven about those who
    are no longer in the plan.
    """
    if running:
        return _prove_running(plan)
    proof = _prove(plan, steady=steady or plan.cost.changes > 0)
    if broken:
        return replace(
            proof,
            short=f"{count(broken, 'Zusage', 'Zusagen')} nicht gehalten",
            long=f"Mit den Diensten und Bussen dieses Tages: {proof.short}. {proof.long}",
            certain=False,
        )
    if not promised:
        return proof
    return replace(proof, long=f"{proof.long} Verglichen sind Pläne, die alles Zugesagte halten.")


def _prove(plan: Plan, *, steady: bool) -> Proof:
    if plan.proven:
        return Proof(
            "bewiesen optimal",
            "Kein anderer Plan nimmt mehr mit, und keiner fährt dabei kürzer"
            + (", ohne dafür mehr am bekannten Plan zu ändern." if steady else "."),
            certain=True,
        )
    planned, least = plan.cost.seconds, plan.bound.seconds
    if plan.cost.unserved_weight != plan.bound.unserved_weight:
        return Proof(
            "noch nicht bewiesen",
            "Ob ein anderer Plan mehr Fahrtwünsche aufnehmen kann, ist noch nicht bewiesen. "
            "Dieser hier ist der beste, der bisher gefunden wurde.",
        )
    gap = (planned - least) / least if least else 1.0
    if steady:
        return _prove_steady(planned, least, gap)
    if gap > WEAK_GAP:
        return Proof(
            "Fahrzeit noch nicht bewiesen",
            "Mehr mitzunehmen ist nachweislich nicht möglich. Kürzer zu fahren vielleicht: "
            f"geplant sind {minutes(planned)}, bewiesen nötig sind bisher nur {minutes(least)}.",
        )
    return Proof(
        f"höchstens {percent(gap)} über dem Optimum",
        "Mehr mitzunehmen ist nachweislich nicht möglich, und kürzer zu fahren "
        f"höchstens um {minutes(planned - least)}.",
    )


def _prove_running(plan: Plan) -> Proof:
    """Everybody who is in the plan rides; what has been driven is part of every other plan."""
    planned, least = plan.cost.seconds, plan.bound.seconds
    if plan.proven:
        return Proof(
            "bewiesen optimal",
            "Wer jetzt im Plan steht, lässt sich nicht kürzer fahren, ohne dafür mehr am bekannten "
            "Plan zu ändern. Gefahrenes bleibt, und alles Angesagte gilt.",
            certain=True,
        )
    gap = (planned - least) / least if least else 1.0
    if gap > WEAK_GAP or plan.cost.unserved_weight != plan.bound.unserved_weight:
        return Proof(
            "noch nicht bewiesen",
            "Wer jetzt im Plan steht, wird wie angesagt gefahren. Ob es kürzer ginge, ist noch "
            "nicht bewiesen.",
        )
    return Proof(
        f"höchstens {percent(gap)} über dem Optimum",
        "Für alle, die jetzt im Plan stehen: Fahrzeit und Änderungen am bekannten Plan zusammen "
        f"ließen sich höchstens um {minutes(planned - least)} verringern.",
    )


def _prove_steady(planned: Seconds, least: Seconds, gap: float) -> Proof:
    """The bound is one on driving and changes together, and says nothing about either alone."""
    if gap > WEAK_GAP:
        return Proof(
            "Fahrzeit und Änderungen noch nicht bewiesen",
            "Mehr mitzunehmen ist nachweislich nicht möglich. Kürzer zu fahren oder weniger am "
            "bekannten Plan zu ändern vielleicht: beides zusammen zählt hier wie "
            f"{minutes(planned)}, bewiesen nötig sind bisher nur {minutes(least)}.",
        )
    return Proof(
        f"höchstens {percent(gap)} über dem Optimum",
        "Mehr mitzunehmen ist nachweislich nicht möglich. Fahrzeit und Änderungen am bekannten "
        f"Plan zusammen ließen sich höchstens um {minutes(planned - least)} verringern.",
    )


def percent(share: float) -> str:
    """One decimal, rounded up so that the promise holds: 0.0123 -> "1,3 %"."""
    tenths = ceil(round(share * 1000, 6))
    return f"{tenths // 10},{tenths % 10} %"
