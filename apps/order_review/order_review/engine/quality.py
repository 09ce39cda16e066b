"""Quality of contract signing (合同签订质量): points, score, grade, and the month's figures. Pure arithmetic.

Points, caps and grades are an administrator's records; nothing of them stands here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

FULL_SCORE = Decimal(100)
FULL_SHARE = Decimal(100)
"""Percent."""
MOST_WEIGHT = 10
"""Vehicles above which a contract weighs no more in the month's score."""

RETURN_COUNT = "RETURN_COUNT"
RETURN_OVERDUE = "RETURN_OVERDUE"
LATE_CHANGE = "LATE_CHANGE"
EVENT_CODES = frozenset({RETURN_COUNT, RETURN_OVERDUE, LATE_CHANGE})
"""Codes that events raise, not findings."""


@dataclass(frozen=True)
class Defect:
	"""A kind of defect: points for each occurrence, and the most points a contract is charged for it.

	Attributes:
		raised_by: code of the finding or event that raises it; empty for one that is entered by hand.
	"""

	code: str
	group: str
	points: Decimal
	cap: Decimal
	raised_by: str = ""

	def charged(self, count: int) -> Decimal:
		"""Points for so many occurrences."""
		return min(self.points * max(count, 0), self.cap)


def share(defect: Defect, parts: Sequence[tuple[int, Decimal]]) -> Decimal:
	"""Which part of a defect's points a contract bears.

	An order that several contracts take up is charged once: each contract bears as much of it as it takes of its vehicles.

	Args:
		parts: occurrences in each document, and which part of the document's vehicles the contract takes.
	"""
	whole = defect.charged(sum(count for count, _part in parts))
	borne = sum((defect.charged(count) * part for count, part in parts), Decimal(0))
	return min(Decimal(1), borne / whole) if whole else Decimal(1)


def part_of(points: Decimal, percent: Decimal) -> Decimal:
	"""So many percent of points, to one decimal."""
	return points if percent == FULL_SHARE else _rounded(points * percent / FULL_SHARE)


@dataclass(frozen=True)
class Grade:
	"""A grade and the lowest score that earns it."""

	name: str
	lowest: Decimal


@dataclass(frozen=True)
class Stay:
	"""How long a document lay with the salesperson after a return; ``until`` is None while it still does."""

	since: datetime
	due: datetime | None
	until: datetime | None


@dataclass(frozen=True)
class Assessed:
	"""An assessed contract, as the month counts it.

	Attributes:
		qty: vehicles.
		returns: how often contract or intent order came back to the salesperson.
		defects: code of each defect → occurrences.
	"""

	score: Decimal
	qty: int
	returns: int = 0
	defects: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Figures:
	"""A salesperson's or department's month.

	Attributes:
		score: Σ score·weight / Σ weight, to one decimal.
		first_pass_rate: percent of the contracts that never came back.
		return_rate: returns for each hundred contracts.
	"""

	contracts: int
	vehicles: int
	weight: int
	score: Decimal
	first_pass_rate: Decimal
	return_rate: Decimal
	returns: int


def raised(defects: Iterable[Defect], codes: Iterable[str]) -> dict[str, int]:
	"""Defect code → how often the finding or event that raises it occurred."""
	found = Counter(codes)
	return {d.code: found[d.raised_by] for d in defects if d.raised_by and found[d.raised_by]}


def events_of(returns: Sequence[int], stays: Iterable[Stay], now: datetime) -> list[str]:
	"""Event codes a contract's life raises.

	Args:
		returns: for each document of the contract, how often it was returned; each return after the first counts.
		stays: the times the documents lay with the salesperson.
		now: moment at which a stay that has not ended is judged.
	"""
	repeated = sum(max(count - 1, 0) for count in returns)
	late = sum(1 for stay in stays if stay.due is not None and (stay.until or now) > stay.due)
	return [RETURN_COUNT] * repeated + [RETURN_OVERDUE] * late


def score(points: Iterable[Decimal], vetoed: bool = False) -> Decimal:
	"""What is left of a hundred; a vetoed contract has none."""
	return Decimal(0) if vetoed else max(Decimal(0), FULL_SCORE - sum(points, Decimal(0)))


def grade(reached: Decimal, grades: Iterable[Grade]) -> str:
	"""The best grade a score earns; empty where the records leave a gap."""
	earned = [one for one in grades if reached >= one.lowest]
	return max(earned, key=lambda one: one.lowest).name if earned else ""


def weight(qty: int) -> int:
	"""What a contract of so many vehicles weighs in the month."""
	return min(max(qty, 0), MOST_WEIGHT)


def month(contracts: Sequence[Assessed]) -> Figures | None:
	"""The month's figures of these contracts; None when there are none, or none with a vehicle."""
	weights = [weight(one.qty) for one in contracts]
	total = sum(weights)
	if not total:
		return None
	whole = sum((one.score * share for one, share in zip(contracts, weights, strict=True)), Decimal(0))
	count = len(contracts)
	returns = sum(one.returns for one in contracts)
	return Figures(
		contracts=count,
		vehicles=sum(one.qty for one in contracts),
		weight=total,
		score=_rounded(whole / total),
		first_pass_rate=_rounded(Decimal(100 * sum(1 for one in contracts if not one.returns)) / count),
		return_rate=_rounded(Decimal(100 * returns) / count),
		returns=returns,
	)


def by_group(defects: Iterable[Defect], contracts: Iterable[Assessed]) -> dict[str, int]:
	"""Group of defects → occurrences in these contracts."""
	group = {defect.code: defect.group for defect in defects}
	counts: Counter[str] = Counter()
	for one in contracts:
		for code, count in (one.defects or {}).items():
			counts[group.get(code, "")] += count
	return dict(counts)


def ranks(scores: Sequence[Decimal]) -> list[int]:
	"""The place of each score, best first; equal scores share a place."""
	return [1 + sum(1 for other in scores if other > one) for one in scores]


def commonest(counts: Mapping[str, int], most: int = 3) -> list[tuple[str, int]]:
	"""The commonest defects with their occurrences; of equally common ones the one with the lower code first."""
	return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]


def shares(counts: Mapping[str, Decimal | int]) -> list[tuple[str, Decimal, Decimal]]:
	"""Pareto: code, share and cumulated share in percent, largest first."""
	total = sum(Decimal(value) for value in counts.values())
	rows, cumulated = [], Decimal(0)
	for code, value in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
		share = Decimal(value) * 100 / total if total else Decimal(0)
		cumulated += share
		rows.append((code, _rounded(share), _rounded(cumulated)))
	return rows


def _rounded(value: Decimal) -> Decimal:
	return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
