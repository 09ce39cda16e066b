"""The product catalogue: frozen records, built and checked from plain data.

*Catalogue data* is the seven parsed files as one mapping (models, families, options, rules, prices,
policies, translations). It is the one form in which a catalogue travels between YAML folder, site and engine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any

from . import language
from .errors import BadInput
from .language import Condition, Value
from .reading import Path, Record, shown

PARTS = ("models", "families", "options", "rules", "prices", "policies", "translations")
RULE_TYPES = ("requires", "excludes", "at_least_one", "numeric", "legal", "grade", "ccc", "marketing")
SEVERITIES = ("error", "warning")
POLICY_TYPES = ("discount", "gift", "surcharge", "rebate", "price_basis")
EFFECT_KINDS = ("percent", "percent_by_qty", "amount", "free_option", "cost_plus")
SLOT_KINDS = ("family", "optional", "combo")


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
	"""What holds for all policies: cap on discounts, price protection, ladder, warning bound."""

	cap_pct: Decimal
	price_protection_days: int
	ladder: tuple[Rung, ...]
	above_warning_pct: Decimal


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


@dataclass(frozen=True)
class Problem:
	"""A fault of the catalogue found while building it."""

	kind: str
	ref: str
	error: BadInput


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
	def from_data(cls, data: Mapping[str, Any]) -> Catalogue:
		"""Build a catalogue and refuse one with any fault.

		Raises:
			BadInput: the first fault, with its path and how many more there are.
		"""
		catalogue, problems = build(data)
		if problems:
			first = problems[0].error
			more = f" (and {len(problems) - 1} more faults)" if len(problems) > 1 else ""
			raise BadInput(
				f"{first.message}{more}", where=first.where, expected=first.expected, path=first.path
			)
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
		bits = 0
		for code in chosen:
			bits |= self.bits.get(code, 0)
		return bits

	def options_of(self, family: str) -> tuple[str, ...]:
		"""Codes of a family's options, in catalogue order."""
		return self._by_family.get(family, ())

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
	return _Builder(data).build()


class _Builder:
	"""Reads the parts in the order in which they refer to each other."""

	def __init__(self, data: Mapping[str, Any]) -> None:
		for part in PARTS:
			if part not in data:
				raise BadInput(f"{part} is missing", expected="the parts " + ", ".join(PARTS), path=(part,))
		self.data = data
		self.parts = {part: Record(data[part], (part,)) for part in PARTS}
		self.problems: list[Problem] = []
		self.models: dict[str, Model] = {}
		self.families: dict[str, Family] = {}
		self.options: dict[str, Option] = {}

	def build(self) -> tuple[Catalogue, list[Problem]]:
		models = self.parts["models"]
		self.families = self._keyed("families", "families", self._family)
		self.options = self._keyed("options", "options", self._option)
		self.models = self._keyed("models", "models", self._model)
		self._check_aliases()
		catalogue = Catalogue(
			hash=self._hash(),
			grade_order=models.texts("grade_order"),
			models=MappingProxyType(self.models),
			families=MappingProxyType(self.families),
			options=MappingProxyType(self.options),
			rules=tuple(self._keyed("rules", "rules", self._rule).values()),
			price_books=MappingProxyType(self._keyed("prices", "price_books", self._book)),
			policies=MappingProxyType(self._keyed("policies", "policies", self._policy)),
			terms=self._noted(self._terms, PricingTerms(Decimal(0), 0, (), Decimal(100))),
			slots=tuple((slots := self._keyed("translations", "slots", self._slot)).values()),
			translation_rules=tuple(
				self._keyed("translations", "rules", lambda r: self._translation(r, slots)).values()
			),
		)
		return catalogue, self.problems

	def _hash(self) -> str:
		try:
			return catalogue_hash(self.data)
		except (ValueError, OverflowError) as error:
			raise BadInput("a number is not finite", expected="ordinary numbers") from error

	def _note(self, kind: str, ref: str, error: BadInput) -> None:
		self.problems.append(Problem(kind, ref, error))

	def _keyed(self, part: str, key: str, read: Callable[[Record], Any]) -> dict[str, Any]:
		"""Records of one list by code; a faulty or repeated one is noted and left out."""
		result: dict[str, Any] = {}
		for index, item in enumerate(self.parts[part].items_of(key)):
			ref = str(item.get("code", index + 1)) if isinstance(item, Mapping) else str(index + 1)
			try:
				record = read(Record(item, (part, key, index)))
				if record.code in result:
					raise BadInput(
						f"code {record.code} stands twice",
						expected="each code once",
						path=(part, key, index, "code"),
					)
				result[record.code] = record
			except BadInput as error:
				self._note("record", ref, error)
		return result

	def _noted(self, read: Callable[[], PricingTerms], otherwise: PricingTerms) -> PricingTerms:
		try:
			return read()
		except BadInput as error:
			self._note("record", "terms", error)
			return otherwise

	def _known(self, codes: Iterable[str], among: Mapping[str, Any], what: str, path: Path, ref: str) -> bool:
		"""Note each code that does not exist; True when all do."""
		unknown = [code for code in codes if code not in among]
		for code in unknown:
			message = f"{what} {shown(code)} does not exist"
			self._note(
				"unknown_code", ref, BadInput(message, expected=f"the code of a known {what}", path=path)
			)
		return not unknown

	def _family(self, r: Record) -> Family:
		return Family(
			code=r.text("code"),
			name_zh=r.text("name_zh"),
			name_en=r.text("name_en"),
			group=r.text("group", ""),
			single=r.choice("select", ("single", "multi")) == "single",
			freeze=r.text("freeze", ""),
			shop=r.text("shop", ""),
			sort=r.integer("sort", 0),
			ccc=r.flag("ccc"),
			announcement=r.flag("announcement"),
		)

	def _option(self, r: Record) -> Option:
		option = Option(
			code=r.text("code"),
			family=r.text("family"),
			name_zh=r.text("name_zh"),
			name_en=r.text("name_en"),
			avail=MappingProxyType(
				{alias: r.record("avail").choice(alias, ("S", "O")) for alias in r.record("avail")}
			),
			attrs=MappingProxyType(r.fractions("attrs")),
			lead_days=r.integer("lead_days", 0, highest=3650),
			livery_files=r.flag("livery_files"),
			active=r.text("status", "active") == "active",
		)
		if not language.OPTION_CODE.fullmatch(option.code):
			raise r.fail(
				"code",
				f"option code {shown(option.code)} is malformed",
				"three capitals, a hyphen, capitals or digits",
			)
		self._known([option.family], self.families, "option family", (*r.path, "family"), option.code)
		return option

	def _model(self, r: Record) -> Model:
		certification = r.record("certification")
		model = Model(
			code=r.text("code"),
			alias=r.text("alias"),
			name_zh=r.text("name_zh"),
			name_en=r.text("name_en"),
			grades=r.texts("grades"),
			families=r.texts("families"),
			standard=r.texts("standard"),
			lead_days=r.integer("lead_days", highest=3650),
			min_deposit_pct=r.decimal("min_deposit_pct", 0),
			default_grade=r.text("default_grade", "NA"),
			default_use=r.text("default_use", ""),
			active=r.text("status", "active") == "active",
			fields=MappingProxyType(_scalars(r)),
			certificates=MappingProxyType(_certificates(certification)),
			coverages=MappingProxyType({k: _coverage(certification, name) for k, name in _COVERAGES.items()}),
		)
		self._check_model(model, r)
		return model

	def _check_model(self, model: Model, r: Record) -> None:
		ref = model.code
		self._known(model.families, self.families, "option family", (*r.path, "families"), ref)
		self._known(model.standard, self.options, "option", (*r.path, "standard"), ref)
		for kind, name in _COVERAGES.items():
			path = (*r.path, "certification", name)
			for family, covered in model.coverage(kind).items():
				self._known([family], self.families, "option family", path, ref)
				self._known(covered, self.options, "option", (*path, family), ref)

	def _check_aliases(self) -> None:
		aliases = {model.alias: model for model in self.models.values()}
		for index, item in enumerate(self.parts["options"].records("options")):
			avail = item.data.get("avail")
			if isinstance(avail, Mapping):
				self._known(
					avail,
					aliases,
					"model alias",
					("options", "options", index, "avail"),
					str(item.get("code")),
				)

	def _condition(self, r: Record, key: str, ref: str) -> Condition | None:
		if not r.has(key):
			return None
		try:
			condition = language.parse(r.text(key))
		except BadInput as error:
			raise BadInput(
				error.message, where=error.where, expected=error.expected, path=(*r.path, key)
			) from None
		path = (*r.path, key)
		self._known(language.options_in(condition), self.options, "option", path, ref)
		self._known(language.families_in(condition), self.families, "option family", path, ref)
		return condition

	def _rule(self, r: Record) -> Rule:
		code = r.text("code")
		scope, if_ = self._condition(r, "scope", code), self._condition(r, "if", code)
		r.required("then", "a condition of the rule language")
		then = self._condition(r, "then", code)
		assert then is not None
		return Rule(
			code=code,
			type=r.choice("type", RULE_TYPES),
			scope=scope,
			if_=if_,
			then=then,
			severity=r.choice("severity", SEVERITIES),
			message_zh=r.text("msg_zh"),
			message_en=r.text("msg_en"),
			basis=r.text("basis", ""),
			guard=r.flag("guard"),
			solver=r.text("engine", "") != "evaluate",
			active=r.text("status", "active") == "active",
		)

	def _line(self, r: Record) -> PriceLine:
		return PriceLine(r.decimal("list"), r.optional_decimal("floor"), r.optional_decimal("cost"))

	def _book(self, r: Record) -> PriceBook:
		code = r.text("code")
		base: dict[str, PriceLine] = {}
		for row in r.records("base"):
			model = row.text("model")
			self._known([model], self.models, "model", (*row.path, "model"), code)
			self._once(model, base, row, "model")
			base[model] = self._line(row)
		options: dict[tuple[str, str], PriceLine] = {}
		for row in r.records("options"):
			key = (row.text("option"), row.text("model"))
			self._known(key[:1], self.options, "option", (*row.path, "option"), code)
			self._known(key[1:], self.models, "model", (*row.path, "model"), code)
			self._once(key, options, row, "option")
			options[key] = self._line(row)
		book = PriceBook(
			code=code,
			name_zh=r.text("name_zh", code),
			valid_from=r.date("valid_from"),
			valid_to=r.date("valid_to"),
			status=r.text("status", "released"),
			base=MappingProxyType(base),
			options=MappingProxyType(options),
		)
		_check_span(book.valid_from, book.valid_to, r)
		return book

	def _once(self, key: object, seen: Mapping[Any, Any], r: Record, field_name: str) -> None:
		if key in seen:
			raise r.fail(field_name, f"a price line for {shown(key)} stands twice", "one line each")

	def _policy(self, r: Record) -> Policy:
		effect = r.record("effect")
		requires = r.record("requires")
		policy = Policy(
			code=r.text("code"),
			name_zh=r.text("name_zh"),
			name_en=r.text("name_en"),
			type=r.choice("type", POLICY_TYPES),
			group=r.text("group", r.get("code")),
			valid_from=r.date("valid_from"),
			valid_to=r.date("valid_to"),
			status=r.text("status", "released"),
			mandatory=r.flag("mandatory"),
			models=frozenset(r.texts("models")),
			order_types=frozenset(r.texts("order_types")),
			requires=MappingProxyType({key: requires.text(key) for key in requires}),
			kind=effect.choice("kind", EFFECT_KINDS),
			of_base=effect.choice("of", ("base", "configured"), "configured") == "base",
			pct=_percent(effect, "pct"),
			amount=effect.decimal("amount", 0),
			option=effect.text("option") if effect.has("option") else None,
			max_amount=effect.optional_decimal("max_amount"),
			tiers=_tiers(effect),
			fixed_level=r.text("fixed_level") if r.has("fixed_level") else None,
		)
		_check_span(policy.valid_from, policy.valid_to, r)
		self._known(sorted(policy.models), self.models, "model", (*r.path, "models"), policy.code)
		if policy.option:
			self._known([policy.option], self.options, "option", (*effect.path, "option"), policy.code)
		return policy

	def _terms(self) -> PricingTerms:
		r = self.parts["policies"]
		rungs = tuple(
			Rung(row.text("level"), row.optional_decimal("min_pct"), row.text("role", ""))
			for row in r.records("approval_ladder")
		)
		cap = _percent(r.record("stacking"), "cap_pct", 100)
		return PricingTerms(
			cap_pct=cap,
			price_protection_days=r.integer("price_protection_days", 0, highest=3650),
			ladder=rungs,
			above_warning_pct=r.decimal("above_warning_pct", 100),
		)

	def _slot(self, r: Record) -> Slot:
		return Slot(r.text("code"), r.text("name_zh"), r.choice("kind", SLOT_KINDS, "family"))

	def _translation(self, r: Record, slots: Mapping[str, Slot]) -> TranslationRule:
		code = r.text("code")
		self._known([r.text("slot")], slots, "production slot", (*r.path, "slot"), code)
		r.required("when", "a condition of the rule language")
		when = self._condition(r, "when", code)
		assert when is not None
		models = r.texts("models")
		self._known(models, self.models, "model", (*r.path, "models"), code)
		lines: dict[str, tuple[AssemblyLine, ...]] = {}
		for row in r.records("lines"):
			model = row.text("model")
			line = AssemblyLine(
				row.text("assembly"),
				row.text("name_zh", ""),
				row.integer("qty", 1, lowest=1, highest=9999),
				row.text("shop", ""),
			)
			lines[model] = (*lines.get(model, ()), line)
		return TranslationRule(
			code, r.text("slot"), frozenset(models), when, MappingProxyType(lines), r.flag("noop")
		)


_COVERAGES = {"ccc": "ccc_covered", "ann": "announcement_covered"}


def _scalars(r: Record) -> dict[str, Value]:
	fields: dict[str, Value] = {}
	for key, value in r.items():
		if isinstance(value, (bool, str)):
			fields[key] = value
		elif isinstance(value, (int, float)):
			fields[key] = Fraction(str(value))
	return fields


def _certificates(r: Record) -> dict[str, Certificate]:
	found: dict[str, Certificate] = {}
	for kind, key, number in (("ccc", "ccc", "certificate"), ("ann", "announcement", "model")):
		if r.has(key):
			c = r.record(key)
			found[kind] = Certificate(
				c.text(number, ""),
				c.date("valid_from"),
				c.optional_date("valid_to"),
				c.text("status", "valid") == "valid",
			)
	return found


def _coverage(r: Record, key: str) -> Coverage:
	families = r.record(key)
	return {
		family: {option: families.record(family).optional_date(option) for option in families.record(family)}
		for family in families
	}


def _percent(r: Record, key: str, default: int = 0) -> Decimal:
	value = r.decimal(key, default)
	if not 0 <= value <= 100:
		raise r.fail(key, f"{key} is {value} %", "a percentage from 0 to 100")
	return value


def _tiers(effect: Record) -> tuple[tuple[int, Decimal], ...]:
	tiers = tuple(
		(tier.integer("min_qty", lowest=1), _percent(tier, "pct")) for tier in effect.records("tiers")
	)
	if tiers != tuple(sorted(tiers, key=lambda tier: tier[0])):
		raise effect.fail("tiers", "the quantities do not rise", "tiers in rising order of min_qty")
	return tiers


def _check_span(start: date, end: date, r: Record) -> None:
	if end < start:
		raise r.fail(
			"valid_to", f"valid_to {end} is before valid_from {start}", "a day on or after valid_from"
		)
