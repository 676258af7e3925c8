"""What became of requests, in German: one line for each way, and what a month comes to."""

from data.counting import MonthCounts
from data.outcomes import Outcome

OUTCOMES = {
    Outcome.DENIED: "abgelehnt",
    Outcome.UNMET: "nichts gefunden, verzichtet",
    Outcome.CANCELLED: "rechtzeitig abgesagt",
    Outcome.CANCELLED_SAME_DAY: "am selben Tag abgesagt",
    Outcome.CANCELLED_LATE: "zu spät abgesagt",
    Outcome.NO_SHOW: "nicht angetroffen",
    Outcome.MISTAKEN: "irrtümlich gebucht",
}


def month_lines(counts: MonthCounts) -> list[tuple[str, int]]:
    """Each way in which requests ended, and how many did; the first line is the sum."""
    return [
        ("Fahrtwünsche", counts.asked),
        ("eingeplant", counts.served),
        ("davon laut Fahrer:in mitgefahren", counts.ridden),
        ("im Plan kein Platz", counts.left_out),
        *(
            (text, counts.ended[outcome])
            for outcome, text in OUTCOMES.items()
            if outcome is not Outcome.MISTAKEN
        ),
        ("noch nicht geplant", counts.unplanned),
    ]
