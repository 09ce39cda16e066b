"""Blind re-check of a translation (盲复核): which configurations are drawn, and how two translations differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from .production_lines import Line

SPECIAL, NEW_OPTION, FIRST_OF_MODEL, HIGH_VALUE = "special", "new_option", "first_of_model", "high_value"
"""Reasons to draw a configuration."""


@dataclass(frozen=True)
class Risk:
	"""What is known of a configuration that may be drawn.

	Attributes:
		specials: number of its special options.
		manual_lines: number of lines put in by hand.
		new_options: options no released configuration of the model has had.
		is_first_of_model: whether none of the model was released before.
		value: of the contract line in company currency.
	"""

	specials: int
	manual_lines: int
	new_options: Collection[str]
	is_first_of_model: bool
	value: Decimal


@dataclass(frozen=True)
class Sampling:
	"""Which risks draw a configuration.

	Attributes:
		specials, new_options, first_of_model: whether each of them does.
		value_from: value of a line from which on it is drawn, in company currency; 0 for never.
	"""

	specials: bool = True
	new_options: bool = True
	first_of_model: bool = True
	value_from: Decimal = Decimal(0)


@dataclass(frozen=True)
class SlotDifference:
	"""A slot two translators filled differently: assembly numbers with quantities."""

	slot: str
	first: tuple[str, ...]
	second: tuple[str, ...]


def reasons(risk: Risk, sampling: Sampling) -> tuple[str, ...]:
	"""Why a configuration is drawn for a blind re-check; nothing when it is not.

	A line put in by hand counts as a special: no rule stands behind it.
	"""
	holds = {
		SPECIAL: sampling.specials and bool(risk.specials or risk.manual_lines),
		NEW_OPTION: sampling.new_options and bool(risk.new_options) and not risk.is_first_of_model,
		FIRST_OF_MODEL: sampling.first_of_model and risk.is_first_of_model,
		HIGH_VALUE: 0 < sampling.value_from <= risk.value,
	}
	return tuple(reason for reason, is_given in holds.items() if is_given)


def differences(first: Iterable[Line], second: Iterable[Line]) -> tuple[SlotDifference, ...]:
	"""Slots in which two translations differ, in slot order of the first."""
	old, new = _by_slot(first), _by_slot(second)
	return tuple(
		SlotDifference(slot, old.get(slot, ()), new.get(slot, ()))
		for slot in dict.fromkeys((*old, *new))
		if old.get(slot, ()) != new.get(slot, ())
	)


def score(first: Iterable[Line], second: Iterable[Line]) -> float:
	"""Share of the slots two translations fill alike, in percent with one decimal; 100 when both are empty."""
	old, new = _by_slot(first), _by_slot(second)
	slots = {*old, *new}
	alike = sum(old.get(slot) == new.get(slot) for slot in slots)
	return round(100 * alike / len(slots), 1) if slots else 100.0


def _by_slot(lines: Iterable[Line]) -> dict[str, tuple[str, ...]]:
	found: dict[str, list[str]] = {}
	for line in lines:
		found.setdefault(line.slot, []).append(f"{line.assembly} × {line.qty:g}")
	return {slot: tuple(sorted(rows)) for slot, rows in found.items()}
