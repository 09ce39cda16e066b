"""What the engine answers, as records with plain-data forms (REVIEW.md "Command line" names the keys)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

CHOSEN = "chosen"
FORCED = "forced"
EXCLUDED = "excluded"
FREE = "free"


@dataclass(frozen=True)
class Reason:
	"""Rules and picked options from which a state follows; dropping any one of them would lift it."""

	rules: tuple[str, ...] = ()
	options: tuple[str, ...] = ()

	def as_dict(self) -> dict[str, list[str]]:
		"""Plain data for JSON."""
		return {"rules": list(self.rules), "options": list(self.options)}


@dataclass(frozen=True)
class Conflict:
	"""A smallest set that cannot hold together.

	`options` are chosen ones, `without` are options of multi families that were left out, `families` are
	single families in which nothing is chosen.
	"""

	rules: tuple[str, ...] = ()
	options: tuple[str, ...] = ()
	without: tuple[str, ...] = ()
	families: tuple[str, ...] = ()

	def as_list(self) -> list[dict[str, Any]]:
		"""Flat list of entries: {"rule"}, {"option"}, {"option", "chosen": false} or {"family"}."""
		return [
			*({"rule": code} for code in self.rules),
			*({"option": code} for code in self.options),
			*({"option": code, "chosen": False} for code in self.without),
			*({"family": code} for code in self.families),
		]


@dataclass(frozen=True)
class OptionState:
	"""One option: chosen (picked), forced (in every valid completion), excluded (in none) or free."""

	option: str
	state: str
	price: Decimal | None
	reason: Reason | None

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"option": self.option,
			"state": self.state,
			"price": amount(self.price),
			"reason": None if self.reason is None else self.reason.as_dict(),
		}


@dataclass(frozen=True)
class Completion:
	"""The cheapest valid configuration with the picks; `list_price` in yuan per vehicle, None without a price book."""

	configuration: tuple[str, ...]
	list_price: Decimal | None

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {"configuration": list(self.configuration), "list_price": amount(self.list_price)}


@dataclass(frozen=True)
class Availability:
	"""What can still be chosen: every option of every family of the model."""

	model: str
	valid: bool
	families: Mapping[str, tuple[OptionState, ...]]
	conflict: Conflict | None
	completion: Completion | None

	def states(self) -> dict[str, str]:
		"""State of each option by code."""
		return {each.option: each.state for options in self.families.values() for each in options}

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"model": self.model,
			"valid": self.valid,
			"families": [
				{"family": family, "options": [each.as_dict() for each in options]}
				for family, options in self.families.items()
			],
			"conflict": [] if self.conflict is None else self.conflict.as_list(),
			"completion": None if self.completion is None else self.completion.as_dict(),
		}


@dataclass(frozen=True)
class Change:
	"""Replace one option by another of its family; without `old` it is an addition, without `new` a removal."""

	family: str | None
	old: str | None
	new: str | None

	def as_dict(self) -> dict[str, str | None]:
		"""Plain data for JSON."""
		return {"family": self.family, "from": self.old, "to": self.new}


@dataclass(frozen=True)
class Repair:
	"""Changes that make a configuration valid, none of which can be left out.

	`price_delta` in yuan of list price per vehicle, `lead_delta` in days of the longest extra lead time.
	"""

	changes: tuple[Change, ...]
	price_delta: Decimal
	lead_delta: int

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"changes": [change.as_dict() for change in self.changes],
			"price_delta": amount(self.price_delta),
			"lead_delta": self.lead_delta,
		}


@dataclass(frozen=True)
class Repairs:
	"""The best repairs in the order asked for. `proven` is False when the search was cut short."""

	best: tuple[Repair, ...]
	proven: bool = True

	def as_list(self) -> list[dict[str, Any]]:
		"""Plain data for JSON."""
		return [repair.as_dict() for repair in self.best]


def amount(value: Decimal | None) -> int | float | None:
	"""An amount as a JSON number: whole ones as integers."""
	if value is None:
		return None
	return int(value) if value == value.to_integral_value() else float(value)
