"""Results that were worked out once and hold as long as nothing that they were made of changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Memory(Generic[Result]):
    """The last *most* results, each with all that it was made of."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[object, Result]] = OrderedDict()

    def keep(self, key: Hashable, result: Result) -> None:
        """Remember what would be another result if it were made again."""
        self._keep(key, None, result)

    def find(self, key: Hashable) -> Result | None:
        """Give what is kept under *key*; ``None`` if it is forgotten."""
        with self._lock:
            kept = self._kept.get(key)
        return None if kept is None else kept[1]

    def recall(self, key: Hashable, made_of: object, make: Callable[[], Result]) -> Result:
        """Give the result of *key* again, or *make* it if *made_of* is not what it was."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] == made_of:
                self._kept.move_to_end(key)
                return kept[1]
        result = make()
        self._keep(key, made_of, result)
        return result

    def _keep(self, key: Hashable, made_of: object, result: Result) -> None:
        with self._lock:
            self._kept[key] = (made_of, result)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
