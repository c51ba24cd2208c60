"""A clock as a countdown: what is left of it at an anchor, running or standing still."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Countdown:
    """One milestone. ``left`` is what remains at ``anchor``; below zero it has run out."""

    kind: str
    started: int
    length: int
    #: Which spell it belongs to; none for a clock of the case.
    spell: int | None = None
    still: bool = False
    met_at: int | None = None
    #: The hand-in that met it, so that a rejection can take it back.
    met_by_hand_in: bool = False
    #: Which spell met it, for the clocks of the case.
    met_in: int | None = None
    #: When it was called off, if it was.
    ended_at: int | None = None
    cancelled: bool = False

    def __post_init__(self) -> None:
        self.anchor = self.started
        self.left = self.length
        self.first_due = self.started + self.length

    @property
    def due(self) -> int:
        """The instant it runs out, or would if it did not stand still."""
        return self.anchor + self.left

    @property
    def open(self) -> bool:
        """Neither met nor called off."""
        return self.met_at is None and self.ended_at is None

    @property
    def ran_out(self) -> bool:
        """Its due instant lies before the instant it was last looked at."""
        return self.left < 0

    def tick(self, now: int) -> None:
        """Time passes; a clock that stands still, is met or is called off does not feel it."""
        if self.open and not self.still and now > self.anchor:
            self.left -= now - self.anchor
            self.anchor = now

    def stand_still(self) -> None:
        """A return was asked. A clock that has run out already stays late."""
        if self.open and not self.ran_out:
            self.still = True

    def go_on(self, now: int) -> None:
        """The return was refused: what was left then is left now."""
        if self.open and self.still:
            self.still = False
            self.anchor = now

    def meet(self, now: int, *, spell: int | None, by_hand_in: bool = False) -> None:
        """Met, unless it was before."""
        if self.open:
            self.met_at, self.met_by_hand_in, self.met_in = now, by_hand_in, spell

    def take_back(self, now: int) -> None:
        """What only the hand-in met is open again; a standing still ended at that hand-in."""
        if self.met_by_hand_in:
            if self.still:
                self.still, self.anchor = False, self.met_at
            self.met_at, self.met_by_hand_in, self.met_in = None, False, None
            self.tick(now)

    def end(self, now: int, *, judged: bool = True) -> None:
        """Called off: cancelled unless it had run out and was judged."""
        if self.open:
            self.ended_at = now
            self.cancelled = not (self.ran_out and judged)
