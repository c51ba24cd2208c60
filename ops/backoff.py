"""How long to wait before a part that died is started again."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 30.0
HEALTHY_AFTER = 60.0


@dataclass
class Backoff:
    """1, 2, 4 … 30 s; back to 1 once the part has run long enough to be called healthy. Time is handed in."""

    wait: float = 0.0

    def after_run_of(self, seconds: float) -> float:
        """The wait after a run that lasted so long."""
        if seconds >= HEALTHY_AFTER:
            self.wait = 0.0
        self.wait = min(LONGEST, self.wait * 2 or 1.0)
        return self.wait

    def reset(self) -> None:
        """Forget the failures: the next wait is the shortest."""
        self.wait = 0.0
