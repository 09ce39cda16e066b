"""Rungs of the escalation: which have been reached, which were told already. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

OVERDUE_PCT = 100


@dataclass(frozen=True)
class Rung:
	"""Somebody who is told when so much of the time allowed is used."""

	at_pct: float
	recipient: str


def used_pct(used: float, allowed: float) -> float:
	"""Share of the time allowed that is used, in percent; without any time allowed everything is late."""
	return used / allowed * 100 if allowed > 0 else float("inf")


def due_rungs(rungs: Iterable[Rung], used: float, told: float) -> list[Rung]:
	"""The rungs that are reached and were not told of, lowest first.

	Args:
		used: share of the time allowed that is used, in percent.
		told: the highest rung that was told of, in percent.
	"""
	return sorted((rung for rung in rungs if told < rung.at_pct <= used), key=lambda rung: rung.at_pct)
