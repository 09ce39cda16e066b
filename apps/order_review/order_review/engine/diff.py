"""What differs between two versions of what is sold or built: one semantic diff for contracts, changes and production.

Pure functions: configuration, special options, services, policies, prices, dates, terms and production lines,
each difference with what it does to price, weight, lead time and production.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .catalogue import Catalogue, Option, PriceBook
from .pricing.figures import plain
from .production import Production

VEHICLE, CONFIGURATION, SPECIAL, SERVICE, POLICY = "vehicle", "configuration", "special", "service", "policy"
QUANTITY, PRICE, DATES, TERMS, PRODUCTION = "quantity", "price", "dates", "terms", "production"
GROUPS = (VEHICLE, CONFIGURATION, SPECIAL, QUANTITY, PRICE, POLICY, SERVICE, DATES, TERMS, PRODUCTION)
"""Groups of differences in the order in which they are shown."""

MASS = "mass_kg"
"""Catalogue attribute that tells an option's weight in kg, where it is known."""

Value = str | Decimal | None


@dataclass(frozen=True)
class Named:
	"""A code with its Chinese and English name; the names are empty where the code speaks for itself."""

	code: str
	zh: str = ""
	en: str = ""

	def as_dict(self) -> dict[str, str]:
		"""Plain data for JSON."""
		return {"code": self.code, "zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class Part:
	"""What stands in a production slot (总成): the assembly, how many, and the options that caused it."""

	slot: str
	assembly: str
	qty: Decimal = Decimal(1)
	options: tuple[str, ...] = ()


@dataclass(frozen=True)
class SlotChange:
	"""A production slot before and after; empty where it holds nothing."""

	slot: str
	before: tuple[Part, ...]
	after: tuple[Part, ...]

	@property
	def options(self) -> frozenset[str]:
		"""Options that caused what stood or stands in the slot."""
		return frozenset(code for part in (*self.before, *self.after) for code in part.options)

	def as_dict(self) -> dict[str, str]:
		"""Plain data for JSON."""
		return {"slot": self.slot, "before": _shown_parts(self.before), "after": _shown_parts(self.after)}


@dataclass(frozen=True)
class Difference:
	"""One thing that differs.

	Args:
		group: one of GROUPS.
		what: family, slot, request or field it is about.
		before: what it was; None where it was not there.
		after: what it is; None where it is no longer there.
		price_effect: yuan per vehicle at list price, or of the field itself; None where it has none or it is not known.
		weight_effect: kg per vehicle; None where the catalogue does not tell.
		lead_days: change of the extra lead time in calendar days; None where there is none to compare.
		production: slots that change with it.
	"""

	group: str
	what: Named
	before: Named | None
	after: Named | None
	price_effect: Decimal | None = None
	weight_effect: Fraction | None = None
	lead_days: int | None = None
	production: tuple[SlotChange, ...] = ()

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"group": self.group,
			"what": self.what.as_dict(),
			"before": self.before and self.before.as_dict(),
			"after": self.after and self.after.as_dict(),
			"price_effect": plain(self.price_effect),
			"weight_effect": None if self.weight_effect is None else float(self.weight_effect),
			"lead_days": self.lead_days,
			"production": [change.as_dict() for change in self.production],
		}


@dataclass(frozen=True)
class SpecialPart:
	"""A special option (特殊配置): its name, and yuan per vehicle where it is priced."""

	name: str
	unit_price: Decimal | None = None


@dataclass(frozen=True)
class Content:
	"""What is compared: a vehicle as sold.

	Args:
		model: code of the vehicle model.
		options: codes of the chosen options.
		specials: request number → special option.
		services: service → yuan per vehicle.
		policies: codes of the claimed policies.
		values: group → field → value; of the groups vehicle, quantity, price, dates and terms.
	"""

	model: str = ""
	options: frozenset[str] = frozenset()
	specials: Mapping[str, SpecialPart] = field(default_factory=dict)
	services: Mapping[str, Decimal] = field(default_factory=dict)
	policies: frozenset[str] = frozenset()
	values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

	@classmethod
	def from_data(cls, data: Mapping[str, Any]) -> Content:
		"""Read what ``as_data`` wrote."""
		return cls(
			model=data.get("model") or "",
			options=frozenset(data.get("options") or ()),
			specials={
				code: SpecialPart(said["name"], _number(said.get("unit_price")))
				for code, said in (data.get("specials") or {}).items()
			},
			services={
				code: _number(amount) or Decimal(0) for code, amount in (data.get("services") or {}).items()
			},
			policies=frozenset(data.get("policies") or ()),
			values={
				group: {name: _value(value) for name, value in fields.items()}
				for group, fields in (data.get("values") or {}).items()
			},
		)

	def as_data(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"model": self.model,
			"options": sorted(self.options),
			"specials": {
				code: {"name": said.name, "unit_price": plain(said.unit_price)}
				for code, said in sorted(self.specials.items())
			},
			"services": {code: plain(amount) for code, amount in sorted(self.services.items())},
			"policies": sorted(self.policies),
			"values": {
				group: {
					name: plain(value) if isinstance(value, Decimal) else value
					for name, value in fields.items()
				}
				for group, fields in self.values.items()
			},
		}


def differences(
	catalogue: Catalogue,
	before: Content,
	after: Content,
	*,
	book: PriceBook | None = None,
	production: tuple[Production, Production] | None = None,
) -> tuple[Difference, ...]:
	"""Everything that differs, in the order of the groups.

	Args:
		catalogue: names, prices, weights and lead times.
		before: the one version.
		after: the other.
		book: price book the price effects are taken from; none, no price effects.
		production: production configurations of both, where the rows that change are wanted.
	"""
	slots = slot_changes(*(parts_of(one) for one in production)) if production else ()
	found = [
		*_vehicle(catalogue, before, after),
		*_configuration(catalogue, before, after, book, slots),
		*_specials(before.specials, after.specials),
		*_policies(catalogue, before.policies, after.policies),
		*_services(before.services, after.services),
		*_values(before.values, after.values),
	]
	told = {change.slot for one in found for change in one.production}
	found += _slot_differences((change for change in slots if change.slot not in told), catalogue)
	return tuple(sorted(found, key=lambda one: GROUPS.index(one.group)))


# --- configuration ------------------------------------------------------------------------------------------


def _vehicle(catalogue: Catalogue, before: Content, after: Content) -> list[Difference]:
	if before.model == after.model:
		return []
	old, new = _model(catalogue, before.model), _model(catalogue, after.model)
	return [Difference(VEHICLE, Named("model"), old, new)]


def _model(catalogue: Catalogue, code: str) -> Named | None:
	model = catalogue.models.get(code)
	return Named(code, model.name_zh, model.name_en) if model else Named(code) if code else None


def _configuration(
	catalogue: Catalogue,
	before: Content,
	after: Content,
	book: PriceBook | None,
	slots: Collection[SlotChange],
) -> list[Difference]:
	found = []
	for family, gone, come in _pairs(
		catalogue, before.options - after.options, after.options - before.options
	):
		old, new = catalogue.options.get(gone or ""), catalogue.options.get(come or "")
		changed = {code for code in (gone, come) if code}
		found.append(
			Difference(
				CONFIGURATION,
				_family(catalogue, family),
				_option(gone, old),
				_option(come, new),
				_price_effect(book, before.model, after.model, gone, come),
				_weight_effect(old, new),
				(new.lead_days if new else 0) - (old.lead_days if old else 0),
				tuple(change for change in slots if change.options & changed),
			)
		)
	return found


def _pairs(
	catalogue: Catalogue, gone: Collection[str], come: Collection[str]
) -> list[tuple[str, str | None, str | None]]:
	"""(family, option that went, option that came), in family order; of a multi family each on a row of its own."""
	by_family: dict[str, tuple[list[str], list[str]]] = {}
	for place, codes in enumerate((gone, come)):
		for code in sorted(codes):
			option = catalogue.options.get(code)
			by_family.setdefault(option.family if option else code, ([], []))[place].append(code)
	rows: list[tuple[str, str | None, str | None]] = []
	for family in sorted(by_family, key=lambda code: _place(catalogue, code)):
		old, new = by_family[family]
		known = catalogue.families.get(family)
		if known is not None and known.single:
			longest = max(len(old), len(new))
			rows += [
				(family, old[i] if i < len(old) else None, new[i] if i < len(new) else None)
				for i in range(longest)
			]
		else:
			rows += [(family, code, None) for code in old] + [(family, None, code) for code in new]
	return rows


def _place(catalogue: Catalogue, family: str) -> tuple[int, str]:
	known = catalogue.families.get(family)
	return (known.sort if known else 10_000, family)


def _family(catalogue: Catalogue, code: str) -> Named:
	family = catalogue.families.get(code)
	return Named(code, family.name_zh, family.name_en) if family else Named(code)


def _option(code: str | None, option: Option | None) -> Named | None:
	if code is None:
		return None
	return Named(code, option.name_zh, option.name_en) if option else Named(code)


def _price_effect(
	book: PriceBook | None, model_before: str, model_after: str, gone: str | None, come: str | None
) -> Decimal | None:
	"""List price of what came less that of what went; None where the book tells neither."""
	if book is None:
		return None
	old = book.options.get((gone, model_before)) if gone else None
	new = book.options.get((come, model_after)) if come else None
	if old is None and new is None:
		return None
	return (new.list if new else Decimal(0)) - (old.list if old else Decimal(0))


def _weight_effect(old: Option | None, new: Option | None) -> Fraction | None:
	known = [option for option in (old, new) if option is not None]
	if not known or any(MASS not in option.attrs for option in known):
		return None
	return (new.attrs[MASS] if new else Fraction(0)) - (old.attrs[MASS] if old else Fraction(0))


# --- specials, services, policies, fields -------------------------------------------------------------------


def _specials(before: Mapping[str, SpecialPart], after: Mapping[str, SpecialPart]) -> list[Difference]:
	found = []
	for code in dict.fromkeys((*before, *after)):
		old, new = before.get(code), after.get(code)
		if old == new:
			continue
		found.append(
			Difference(
				SPECIAL,
				Named(code),
				_special(code, old, new),
				_special(code, new, old),
				_special_effect(old, new),
			)
		)
	return found


def _special(code: str, one: SpecialPart | None, other: SpecialPart | None) -> Named | None:
	"""A special option by its name; by its price too where only that differs."""
	if one is None:
		return None
	same_name = other is not None and other.name == one.name
	text = f"{one.name} · {plain(one.unit_price)}" if same_name and one.unit_price is not None else one.name
	return Named(code, text, text)


def _special_effect(old: SpecialPart | None, new: SpecialPart | None) -> Decimal | None:
	prices = [one.unit_price if one else Decimal(0) for one in (new, old)]
	if prices[0] is None or prices[1] is None:
		return None
	return prices[0] - prices[1]


def _services(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> list[Difference]:
	found = []
	for code in dict.fromkeys((*before, *after)):
		old, new = before.get(code), after.get(code)
		if old != new:
			effect = (new or Decimal(0)) - (old or Decimal(0))
			found.append(Difference(SERVICE, Named(code), _shown(old), _shown(new), effect))
	return found


def _policies(catalogue: Catalogue, before: Collection[str], after: Collection[str]) -> list[Difference]:
	found = []
	for code in sorted({*before} ^ {*after}):
		policy = catalogue.policies.get(code)
		named = Named(code, policy.name_zh, policy.name_en) if policy else Named(code)
		old, new = (named, None) if code in before else (None, named)
		found.append(Difference(POLICY, named, old, new))
	return found


def _values(
	before: Mapping[str, Mapping[str, Value]], after: Mapping[str, Mapping[str, Value]]
) -> list[Difference]:
	found = []
	for group in dict.fromkeys((*before, *after)):
		olds, news = before.get(group) or {}, after.get(group) or {}
		for name in dict.fromkeys((*olds, *news)):
			old, new = olds.get(name), news.get(name)
			if not _same(old, new):
				found.append(
					Difference(group, Named(name), _shown(old), _shown(new), _effect(group, old, new))
				)
	return found


def _same(old: Value, new: Value) -> bool:
	return (old in (None, "") and new in (None, "")) or old == new


def _effect(group: str, old: Value, new: Value) -> Decimal | None:
	if group != PRICE or not isinstance(old, Decimal) or not isinstance(new, Decimal):
		return None
	return new - old


def _shown(value: Value) -> Named | None:
	if value in (None, ""):
		return None
	return Named(str(plain(value)) if isinstance(value, Decimal) else str(value))


def number(value: Any) -> Decimal:
	"""A number as a decimal, without the noise of binary fractions."""
	return Decimal(str(value))


def _number(value: Any) -> Decimal | None:
	return None if value is None else number(value)


def _value(value: Any) -> Value:
	if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
		return Decimal(str(value))
	return None if value is None else str(value)


# --- production ---------------------------------------------------------------------------------------------


def parts_of(production: Production) -> tuple[Part, ...]:
	"""The lines of a production configuration as parts."""
	return tuple(
		Part(line.slot, line.assembly.assembly, Decimal(str(line.assembly.qty)), line.options)
		for line in production.lines
	)


def slot_changes(before: Iterable[Part], after: Iterable[Part]) -> tuple[SlotChange, ...]:
	"""The slots that hold something else than before, in the order of the slots."""
	slots: dict[str, tuple[list[Part], list[Part]]] = {}
	for place, parts in enumerate((before, after)):
		for part in parts:
			slots.setdefault(part.slot, ([], []))[place].append(part)
	return tuple(
		SlotChange(slot, tuple(old), tuple(new))
		for slot, (old, new) in slots.items()
		if _held(old) != _held(new)
	)


def production_differences(
	catalogue: Catalogue, before: Iterable[Part], after: Iterable[Part]
) -> tuple[Difference, ...]:
	"""The same as differences: one for each slot."""
	return tuple(_slot_differences(slot_changes(before, after), catalogue))


def _held(parts: Iterable[Part]) -> list[tuple[str, Decimal]]:
	return sorted((part.assembly, part.qty) for part in parts)


def _slot_differences(changes: Iterable[SlotChange], catalogue: Catalogue) -> Iterator[Difference]:
	names = {slot.code: slot.name_zh for slot in catalogue.slots}
	for change in changes:
		old, new = (_shown_parts(parts) for parts in (change.before, change.after))
		yield Difference(
			PRODUCTION,
			Named(change.slot, names.get(change.slot, "")),
			Named(old) if old else None,
			Named(new) if new else None,
		)


def _shown_parts(parts: Iterable[Part]) -> str:
	return ", ".join(part.assembly + (f" × {plain(part.qty)}" if part.qty != 1 else "") for part in parts)
