"""Blind re-check (盲审): which configurations are translated a second time, which slots, and how far both agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SPECIAL, NEW_OPTION, FIRST_OF_MODEL, HIGH_VALUE = "special", "new_option", "first_of_model", "high_value"

Held = tuple[str, Decimal]
"""Assembly number and quantity."""


@dataclass(frozen=True)
class Thresholds:
	"""What makes a configuration risky; 0 switches a reason off.

	Attributes:
		special: whether special options do.
		option_uses: an option is new until it was released this often.
		model_uses: a model is new until it was released this often.
		value: amount of the line in yuan from which it is of high value.
	"""

	special: bool = True
	option_uses: int = 1
	model_uses: int = 1
	value: Decimal = Decimal(0)


@dataclass(frozen=True)
class Risk:
	"""What is known of a configuration when it goes to the audit.

	Attributes:
		specials: number of special options.
		option_uses: chosen option that is not standard → how often it was released.
		model_uses: how often the model was released.
		value: amount of the line in yuan.
	"""

	specials: int
	option_uses: Mapping[str, int]
	model_uses: int
	value: Decimal


@dataclass(frozen=True)
class Chosen:
	"""Why a configuration is checked blind, and the options it is checked for; no reason, no check."""

	reasons: tuple[str, ...]
	new_options: tuple[str, ...]

	@property
	def is_drawn(self) -> bool:
		"""Whether the blind check is due."""
		return bool(self.reasons)


def decide(risk: Risk, limits: Thresholds) -> Chosen:
	"""Whether a configuration is translated a second time without seeing the first result."""
	new = tuple(sorted(code for code, uses in risk.option_uses.items() if uses < limits.option_uses))
	found = {
		SPECIAL: limits.special and risk.specials > 0,
		NEW_OPTION: bool(new),
		FIRST_OF_MODEL: risk.model_uses < limits.model_uses,
		HIGH_VALUE: 0 < limits.value <= risk.value,
	}
	return Chosen(tuple(reason for reason, holds in found.items() if holds), new)


def slots_to_check(
	chosen: Chosen,
	families: Mapping[str, frozenset[str]],
	family_of: Mapping[str, str],
	picked: Iterable[str],
) -> tuple[str, ...]:
	"""The slots the second translation is asked for.

	Of a model that is built for the first time, all slots; else those that look at a new option or at an option that
	was picked.

	Args:
		families: slot → families its rules look at, in slot order.
		family_of: option → family.
		picked: chosen options that are not standard.
	"""
	if FIRST_OF_MODEL in chosen.reasons:
		return tuple(families)
	watched = {family_of[code] for code in (*chosen.new_options, *picked) if code in family_of}
	return tuple(slot for slot, seen in families.items() if seen & watched) or tuple(families)


@dataclass(frozen=True)
class Compared:
	"""One slot in both translations."""

	slot: str
	first: tuple[Held, ...]
	second: tuple[Held, ...]

	@property
	def agrees(self) -> bool:
		"""Whether both build in the same."""
		return self.first == self.second

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"slot": self.slot,
			"first": [[number, float(qty)] for number, qty in self.first],
			"second": [[number, float(qty)] for number, qty in self.second],
			"agrees": self.agrees,
		}


@dataclass(frozen=True)
class Score:
	"""How far two translations agree."""

	rows: tuple[Compared, ...]

	@property
	def checked(self) -> int:
		"""Number of slots compared."""
		return len(self.rows)

	@property
	def equal(self) -> int:
		"""Number of slots in which both agree."""
		return sum(row.agrees for row in self.rows)

	@property
	def hit_rate(self) -> Decimal:
		"""Share of slots in which both agree, in percent with one decimal; 100 where there was nothing to compare."""
		if not self.rows:
			return Decimal(100)
		return (Decimal(100) * self.equal / self.checked).quantize(Decimal("0.1"))


def score(
	slots: Iterable[str], first: Iterable[tuple[str, Held]], second: Iterable[tuple[str, Held]]
) -> Score:
	"""Compare two translations slot by slot.

	Args:
		slots: the slots that were asked for.
		first: (slot, (assembly number, quantity)) of the translator.
		second: the same of the auditor.
	"""
	one, other = _by_slot(first), _by_slot(second)
	return Score(tuple(Compared(slot, one.get(slot, ()), other.get(slot, ())) for slot in slots))


def _by_slot(lines: Iterable[tuple[str, Held]]) -> dict[str, tuple[Held, ...]]:
	found: dict[str, list[Held]] = {}
	for slot, (number, qty) in lines:
		if number:
			found.setdefault(slot, []).append((number, qty))
	return {slot: tuple(sorted(held)) for slot, held in found.items()}
