"""Long German words that may be parted at their joints where a line is too narrow for them."""

import re

SOFT_HYPHEN = "\u00ad"

# A browser without a German dictionary would cut the word anywhere. After these first parts of
# compounds a cut is right in any of them; other words stay as they are.
_JOINTS = (
    "apotheken|ärzte|arzt|behandlungs|behinderten|beratungs|betreuungs|dialyse|dorf(?!e)|ergo|"
    "facharzt|familien|frauen|gemeinschafts|gesundheits|haus(?!e)|holz(?!e)|hospiz|kinder|kranken|kurzzeit|"
    "nachbarschafts|physio|praxis|rehabilitations|rettungs|rollstuhl|senioren|tages|versorgungs|"
    "wochen|zahnarzt"
)
_LONG = re.compile(r"\w{14,}")
_JOINT = re.compile(rf"(?:{_JOINTS})(?=\w{{4,}})", re.IGNORECASE)


def soft(text: str) -> str:
    """Let long words be parted between their parts, and nowhere else."""
    return _LONG.sub(lambda word: _JOINT.sub(rf"\g<0>{SOFT_HYPHEN}", word[0]), text)
