"""The product catalogue: frozen records, built and checked from plain data.

*Catalogue data* is the seven parsed files as one mapping (models, families, options, rules, prices,
policies, translations). It is the one form in which a catalogue travels between YAML folder, site and engine.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from .bilingual import Text
from .errors import BadInput
from .language import Condition, Value

PARTS = ("models", "families", "options", "rules", "prices", "policies", "translations")


@dataclass(frozen=True)
class Family:
	"""An option family (配置项): a question with one answer (single) or any number (multi)."""

	code: str
	name_zh: str
	name_en: str
	group: str
	single: bool
	freeze: str
	shop: str
	sort: int
	ccc: bool
	announcement: bool


@dataclass(frozen=True)
class Option:
	"""An option (配置). ``avail`` maps model alias to S (standard) or O (optional); ``lead_days`` are extra calendar days."""

	code: str
	family: str
	name_zh: str
	name_en: str
	avail: Mapping[str, str]
	attrs: Mapping[str, Fraction]
	lead_days: int
	livery_files: bool
	active: bool


@dataclass(frozen=True)
class Certificate:
	"""CCC certificate or MIIT announcement: days both included; no end means open."""

	number: str
	valid_from: date
	valid_to: date | None
	valid: bool

	def in_force(self, on: date) -> bool:
		"""Whether it is valid on the day."""
		return self.valid and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


Coverage = Mapping[str, Mapping[str, "date | None"]]


@dataclass(frozen=True)
class Model:
	"""A vehicle model (车型). ``fields`` holds every scalar of its record for ``model.x`` in rules."""

	code: str
	alias: str
	name_zh: str
	name_en: str
	grades: tuple[str, ...]
	families: tuple[str, ...]
	standard: tuple[str, ...]
	lead_days: int
	min_deposit_pct: Decimal
	default_grade: str
	default_use: str
	active: bool
	fields: Mapping[str, Value]
	certificates: Mapping[str, Certificate]
	coverages: Mapping[str, Coverage]

	def field(self, name: str) -> Value | None:
		"""A field for the rule language; None (unknown) where the model has none."""
		return self.fields.get(name)

	def coverage(self, kind: str) -> Coverage:
		"""Covered options by family for ``ccc`` or ``ann``; a date of None means not covered yet."""
		return self.coverages[kind]

	@cached_property
	def _changes(self) -> list[date]:
		"""Days on which a certificate, or the coverage of an option, is another than the day before."""
		days = {
			on for kinds in self.coverages.values() for codes in kinds.values() for on in codes.values() if on
		}
		for certificate in self.certificates.values():
			days.add(certificate.valid_from)
			if certificate.valid_to is not None and certificate.valid_to < date.max:
				days.add(certificate.valid_to + timedelta(days=1))
		return sorted(days)

	def period(self, on: date | None) -> int | None:
		"""Number of the stretch of days in which certificates and coverage stay as they are on the day."""
		return None if on is None else bisect_right(self._changes, on)

	def in_force(self, kind: str, on: date) -> bool:
		"""Whether the ``ccc`` certificate or ``ann`` announcement is in force on the day."""
		certificate = self.certificates.get(kind)
		return certificate is not None and certificate.in_force(on)


@dataclass(frozen=True)
class Rule:
	"""A configuration rule: violated when scope and ``if_`` are true and ``then`` is false."""

	code: str
	type: str
	scope: Condition | None
	if_: Condition | None
	then: Condition
	severity: str
	message_zh: str
	message_en: str
	basis: str
	guard: bool
	solver: bool
	active: bool

	@cached_property
	def conditions(self) -> tuple[Condition, ...]:
		"""The parts that are there: scope, if, then."""
		return tuple(part for part in (self.scope, self.if_, self.then) if part is not None)


@dataclass(frozen=True)
class PriceLine:
	"""Yuan per vehicle; floor and cost are None for readers who may not know them."""

	list: Decimal
	floor: Decimal | None
	cost: Decimal | None


@dataclass(frozen=True)
class PriceBook:
	"""A price book (价格表); both days included. Keys of ``options`` are (option, model)."""

	code: str
	name_zh: str
	valid_from: date
	valid_to: date
	status: str
	base: Mapping[str, PriceLine]
	options: Mapping[tuple[str, str], PriceLine]

	def covers(self, on: date) -> bool:
		"""Whether a released book is valid on the day (a draft never is)."""
		return self.status != "draft" and self.valid_from <= on <= self.valid_to


@dataclass(frozen=True)
class Policy:
	"""A business policy (商务政策). ``tiers`` are (least quantity, percent) in rising order."""

	code: str
	name_zh: str
	name_en: str
	type: str
	group: str
	valid_from: date
	valid_to: date
	status: str
	mandatory: bool
	models: frozenset[str]
	order_types: frozenset[str]
	requires: Mapping[str, str]
	kind: str
	of_base: bool
	pct: Decimal
	amount: Decimal
	option: str | None
	max_amount: Decimal | None
	tiers: tuple[tuple[int, Decimal], ...]
	fixed_level: str | None

	def released_on(self, on: date) -> bool:
		"""Whether it is released and in date."""
		return self.status == "released" and self.valid_from <= on <= self.valid_to


@dataclass(frozen=True)
class Rung:
	"""A rung of the approval ladder: reached when the deviation is at least ``min_pct`` (None: always)."""

	level: str
	min_pct: Decimal | None
	role: str


@dataclass(frozen=True)
class PricingTerms:
	"""What holds for all policies: cap on discounts, price protection, ladder, warning bound, rounding."""

	cap_pct: Decimal
	price_protection_days: int
	ladder: tuple[Rung, ...]
	above_warning_pct: Decimal
	rounding: Decimal = Decimal(1)
	"""Unit to which review price, floor and totals are rounded, in yuan."""


@dataclass(frozen=True)
class Slot:
	"""A place in the production configuration; an optional one may stay empty."""

	code: str
	name_zh: str
	kind: str

	@property
	def optional(self) -> bool:
		"""Whether the slot may stay empty."""
		return self.kind == "optional"


@dataclass(frozen=True)
class AssemblyLine:
	"""An assembly number the plant builds in."""

	assembly: str
	name_zh: str
	qty: int
	shop: str


@dataclass(frozen=True)
class TranslationRule:
	"""Sales options to assembly lines for one slot; a noop rule fills the slot with no line."""

	code: str
	slot: str
	models: frozenset[str]
	when: Condition
	lines: Mapping[str, tuple[AssemblyLine, ...]]
	noop: bool


PENDING = frozenset({"standard_differs", "floor_above_list"})
"""Problems that a site has while it is worked on: between two records saved one after the other, or in a draft.

They are told, and whatever is released or imported is refused with them."""


@dataclass(frozen=True)
class Problem:
	"""A fault of the catalogue found while building it.

	Args:
		kind: record (left out), unknown_key, unknown_code, floor_above_list, currencies_differ or standard_differs.
		ref: the code of the record it stands in.
		error: what was found and expected, with its path.
	"""

	kind: str
	ref: str
	error: BadInput

	@property
	def pending(self) -> bool:
		"""Whether everything can be reckoned all the same, so that a site may save the next step."""
		return self.kind in PENDING


@dataclass(frozen=True, eq=False)
class Catalogue:
	"""One product catalogue with everything a review needs. Equality and hash are by content hash."""

	hash: str
	grade_order: tuple[str, ...]
	models: Mapping[str, Model]
	families: Mapping[str, Family]
	options: Mapping[str, Option]
	rules: tuple[Rule, ...]
	price_books: Mapping[str, PriceBook]
	policies: Mapping[str, Policy]
	terms: PricingTerms
	slots: tuple[Slot, ...]
	translation_rules: tuple[TranslationRule, ...]
	derived: dict[object, Any] = field(default_factory=dict, repr=False)
	"""Compiled forms kept with the catalogue they belong to; derived, never part of it."""

	@classmethod
	def from_data(cls, data: Mapping[str, Any], *, halfway: bool = False) -> Catalogue:
		"""Build a catalogue and refuse one with any fault.

		Args:
			halfway: take one with pending problems, as a site has between two saves.

		Raises:
			BadInput: the first fault, with its path and how many more there are.
		"""
		catalogue, problems = build(data)
		refuse([each for each in problems if not (halfway and each.pending)])
		return catalogue

	def __eq__(self, other: object) -> bool:
		return isinstance(other, Catalogue) and other.hash == self.hash

	def __hash__(self) -> int:
		return hash(self.hash)

	@cached_property
	def _by_family(self) -> Mapping[str, tuple[str, ...]]:
		grouped: dict[str, list[str]] = {}
		for option in self.options.values():
			grouped.setdefault(option.family, []).append(option.code)
		return {family: tuple(codes) for family, codes in grouped.items()}

	@cached_property
	def bits(self) -> Mapping[str, int]:
		"""A bit for each option, so that a configuration can be a whole number."""
		return {code: 1 << index for index, code in enumerate(self.options)}

	def as_bits(self, chosen: Iterable[str]) -> int:
		"""A configuration as bits; codes that do not exist have none."""
		of, bits = self.bits, 0
		for code in chosen:
			bits |= of.get(code, 0)
		return bits

	def options_of(self, family: str) -> tuple[str, ...]:
		"""Codes of a family's options, in catalogue order."""
		return self._by_family.get(family, ())

	def offers(self, model: Model) -> frozenset[str]:
		"""Codes of all options the model offers."""
		key = ("offers", model.code)
		found: frozenset[str] | None = self.derived.get(key)
		if found is None:
			found = frozenset(code for code in self.options if self.is_offered(code, model))
			self.derived[key] = found
		return found

	def is_offered(self, option: str, model: Model) -> bool:
		"""Whether an active option is available on the model."""
		found = self.options.get(option)
		return found is not None and found.active and model.alias in found.avail

	def offered(self, family: str, model: Model) -> tuple[str, ...]:
		"""The family's options that the model offers, in catalogue order."""
		return tuple(code for code in self.options_of(family) if self.is_offered(code, model))

	def book_in_force(self, on: date) -> PriceBook | None:
		"""The book in force on a day; of several the one that began last, then the first by code."""
		books = [book for book in self.price_books.values() if book.covers(on)]
		return min(books, key=lambda book: (-book.valid_from.toordinal(), book.code), default=None)


def refuse(problems: Sequence[Problem]) -> None:
	"""Raise the first problem, saying how many more there are; nothing where there is none."""
	if not problems:
		return
	first, more = problems[0].error, len(problems) - 1
	message: str = first.message
	if more:
		message = f"{first.message} (and {more} more fault{'s' if more > 1 else ''})"
		if isinstance(first.message, Text):
			message = Text(message, f"{first.message.zh}(另有 {more} 处问题)")
	raise BadInput(message, where=first.where, expected=first.expected, path=first.path)


def canonical(value: Any) -> Any:
	"""Plain data in its canonical form: ISO dates, whole floats as ints, text keys."""
	if isinstance(value, Mapping):
		return {str(key): canonical(item) for key, item in value.items()}
	if isinstance(value, (list, tuple)):
		return [canonical(item) for item in value]
	if isinstance(value, date):
		return value.isoformat()
	if isinstance(value, (float, Decimal)):
		return int(value) if value == int(value) else float(value)
	return value


def catalogue_hash(data: Mapping[str, Any]) -> str:
	"""SHA-256 (hex) over the canonical JSON of the seven parts: sorted keys, lists in file order, ISO dates."""
	parts = {part: canonical(data.get(part)) for part in PARTS}
	text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
	return hashlib.sha256(text.encode()).hexdigest()


def build(data: Mapping[str, Any]) -> tuple[Catalogue, list[Problem]]:
	"""Build a catalogue from its data, leaving out and naming every record with a fault.

	Raises:
		BadInput: when a whole part is missing or is no mapping.
	"""
	from .catalogue_build import Builder

	return Builder(data).build()
