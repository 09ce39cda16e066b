"""Price books as wholes: what is missing in one, how two differ, and the next one made from the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .catalogue import Catalogue, Model, PriceBook, PriceLine

Key = tuple[str, str]
"""Option and model; the option is "" for the model's base line."""

FIGURES = ("list", "floor", "cost")
HUNDRED = Decimal(100)
JUMP_PCT = Decimal(50)
"""From this change on a price is shown by itself before it is taken: mostly it is a slip of the pen."""


@dataclass(frozen=True)
class Fault:
	"""Something a book may not be released with.

	Args:
		code: BASE_MISSING, LINE_MISSING, STANDARD_MISSING, FLOOR_MISSING, COST_MISSING, FLOOR_ABOVE_LIST,
			NOT_OFFERED, OVERLAP or GAP.
		option: option concerned, or "".
		model: model concerned, or "".
		detail: what else says it: the other book, the standard option, the days.
	"""

	code: str
	option: str = ""
	model: str = ""
	detail: str = ""


@dataclass(frozen=True)
class Change:
	"""One line that differs between two books; a line that is new or gone has None on one side."""

	option: str
	model: str
	before: PriceLine | None
	after: PriceLine | None

	@property
	def kind(self) -> str:
		"""``added``, ``removed`` or ``changed``."""
		return "added" if self.before is None else "removed" if self.after is None else "changed"

	def jumps(self, figure: str) -> bool:
		"""Whether a figure that was there becomes another one altogether: by half or more, or its sign turns."""
		moved = self.percent(figure)
		return moved is not None and abs(moved) >= JUMP_PCT

	def percent(self, figure: str = "list") -> Decimal | None:
		"""Change of a figure in percent to 0.01; None where there is nothing to compare with."""
		old = None if self.before is None else getattr(self.before, figure)
		new = None if self.after is None else getattr(self.after, figure)
		if not old or new is None:
			return None
		change: Decimal = (new - old) / abs(old) * HUNDRED
		return change.quantize(Decimal("0.01"), ROUND_HALF_UP)


def lines(book: PriceBook) -> dict[Key, PriceLine]:
	"""All lines of a book, base lines first."""
	return {**{("", model): line for model, line in book.base.items()}, **book.options}


def compare(before: Mapping[Key, PriceLine], after: Mapping[Key, PriceLine]) -> list[Change]:
	"""The lines that differ, in the order of ``after``, removed ones last."""
	changed = [Change(*key, before.get(key), line) for key, line in after.items() if before.get(key) != line]
	return changed + [Change(*key, line, None) for key, line in before.items() if key not in after]


def raised(
	found: Mapping[Key, PriceLine], percents: Mapping[str, Decimal], step: int = 1
) -> dict[Key, PriceLine]:
	"""The lines with each figure changed by a percentage and rounded half up to a multiple of ``step`` yuan.

	Args:
		found: the lines.
		percents: percent by figure (list, floor, cost); a figure without one stays as it is.
		step: what amounts are rounded to.
	"""
	unit = Decimal(step or 1)

	def moved(amount: Decimal | None, pct: Decimal | None) -> Decimal | None:
		if amount is None or not pct:
			return amount
		exact = amount * (HUNDRED + pct) / HUNDRED
		return (exact / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit

	return {
		key: PriceLine(
			moved(line.list, percents.get("list")) or Decimal(0),
			moved(line.floor, percents.get("floor")),
			moved(line.cost, percents.get("cost")),
		)
		for key, line in found.items()
	}


def grain(found: Iterable[PriceLine]) -> int:
	"""The step in which a book's list prices are written: the largest power of ten that divides all of them."""
	amounts = [line.list for line in found if line.list]
	step = 1
	while amounts and step < 10_000 and all(amount % (step * 10) == 0 for amount in amounts):
		step *= 10
	return step


def faults(catalogue: Catalogue, book: PriceBook) -> list[Fault]:
	"""Everything that keeps a book from being released."""
	return [
		*_coverage(catalogue, book),
		*_lines_without_place(catalogue, book),
		*_amounts(book),
		*_overlaps(catalogue, book),
	]


def standard_of(catalogue: Catalogue, model: Model, option: str) -> str | None:
	"""The standard option an increment is counted from; None for options of multi families."""
	family = catalogue.families[catalogue.options[option].family]
	if not family.single:
		return None
	standards = (code for code in model.standard if catalogue.options[code].family == family.code)
	return next(standards, "")


def _coverage(catalogue: Catalogue, book: PriceBook) -> Iterator[Fault]:
	for model in catalogue.models.values():
		if not model.active:
			continue
		if model.code not in book.base:
			yield Fault("BASE_MISSING", model=model.code)
		for family in model.families:
			for option in catalogue.offered(family, model):
				if (option, model.code) not in book.options:
					yield Fault("LINE_MISSING", option, model.code)


def _lines_without_place(catalogue: Catalogue, book: PriceBook) -> Iterator[Fault]:
	for option, code in book.options:
		model = catalogue.models[code]
		if model.alias not in catalogue.options[option].avail:
			yield Fault("NOT_OFFERED", option, code)
			continue
		standard = standard_of(catalogue, model, option)
		if code not in book.base or (standard is not None and (standard, code) not in book.options):
			yield Fault("STANDARD_MISSING", option, code, standard or "")


def _amounts(book: PriceBook) -> Iterator[Fault]:
	for (option, model), line in lines(book).items():
		if line.floor is None:
			yield Fault("FLOOR_MISSING", option, model)
		elif line.floor > line.list:
			yield Fault("FLOOR_ABOVE_LIST", option, model)
		if line.cost is None:
			yield Fault("COST_MISSING", option, model)


def _overlaps(catalogue: Catalogue, book: PriceBook) -> Iterator[Fault]:
	for other in catalogue.price_books.values():
		if other.code == book.code or other.status == "draft":
			continue
		if other.valid_from <= book.valid_to and book.valid_from <= other.valid_to:
			first, last = max(other.valid_from, book.valid_from), min(other.valid_to, book.valid_to)
			yield Fault("OVERLAP", detail=f"{other.code} {first} – {last}")


def uncovered_days(books: Iterable[PriceBook], begin: date, end: date) -> list[tuple[date, date]]:
	"""Spans between two days, both included, on which no released book is in force."""
	gaps: list[tuple[date, date]] = []
	day = begin
	for book in sorted((b for b in books if b.status != "draft"), key=lambda b: (b.valid_from, b.valid_to)):
		if book.valid_to < day or book.valid_from > end:
			continue
		if book.valid_from > day:
			gaps.append((day, book.valid_from - timedelta(1)))
		day = max(day, book.valid_to + timedelta(1))
	if day <= end:
		gaps.append((day, end))
	return gaps
