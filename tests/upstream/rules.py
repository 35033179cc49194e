"""Which request meets which fault: queues by path, then the weather."""

import threading
from collections import deque
from collections.abc import Callable
from random import Random

from tests.upstream import faults
from tests.upstream.faults import Fault


class Rules:
    """Hands out faults, one a request, to all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: list[tuple[str, deque[Fault], bool]] = []
        self._rng: Random | None = None
        self._rate = 0.0
        self._draw: Callable[[Random], Fault] = faults.passing

    def add(self, path_prefix: str, *those: Fault, always: bool = False) -> None:
        with self._lock:
            self._queues.append((path_prefix, deque(those), always))

    def weather(self, seed: int, rate: float, draw: Callable[[Random], Fault]) -> None:
        with self._lock:
            self._rng, self._rate, self._draw = Random(seed), rate, draw

    def clear(self) -> None:
        with self._lock:
            self._queues.clear()
            self._rng = None

    def waiting(self) -> int:
        """Return how many queued faults no request has met yet."""
        with self._lock:
            return sum(len(queue) for _, queue, always in self._queues if not always)

    def take(self, target: str) -> Fault | None:
        """Return the fault of a request, by its path with query; None to be honest."""
        with self._lock:
            for prefix, queue, always in self._queues:
                if queue and target.startswith(prefix):
                    if always:
                        queue.rotate(-1)  # in turn, for ever
                        return queue[-1]
                    return queue.popleft()
            if self._rng and self._rng.random() < self._rate:
                return self._draw(self._rng)
            return None
