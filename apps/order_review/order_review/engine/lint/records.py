"""Faults that need no solver: records that could not be built, prices that are missing, books that overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from ..catalogue import Catalogue, PriceBook, Problem
from ..errors import BadInput
from .report import LintFinding, found

_EXPRESSIONS = ("scope", "if", "then", "when")


def of_problems(problems: Iterable[Problem]) -> Iterator[LintFinding]:
	"""Faults met while the catalogue was built."""
	for problem in problems:
		kind = problem.kind
		if kind != "unknown_code":
			in_expression = bool(problem.error.path) and problem.error.path[-1] in _EXPRESSIONS
			kind = "rule_does_not_parse" if in_expression else "bad_record"
		yield found(kind, problem.ref, words={"what": _described(problem.error)})


def _described(error: BadInput) -> str:
	place = f"{error.key}: " if error.key else ""
	expected = f"; expected {error.expected}" if error.expected else ""
	return f"{place}{error.message}{expected}"


def of_prices(catalogue: Catalogue, on: date) -> Iterator[LintFinding]:
	"""No book in force, or no line for an active model or an option it offers."""
	book = catalogue.book_in_force(on)
	if book is None:
		yield found("price_book_missing", on.isoformat(), words={"date": on})
		return
	words: dict[str, object] = {"book": book.code}
	for model in catalogue.models.values():
		if not model.active:
			continue
		if model.code not in book.base:
			yield found("price_missing", model.code, model=model.code, words=words)
		for family in model.families:
			for option in catalogue.offered(family, model):
				if (option, model.code) not in book.options:
					yield found("price_missing", option, model=model.code, options=(option,), words=words)


def of_books(catalogue: Catalogue) -> Iterator[LintFinding]:
	"""Books that are valid on the same day, so that chance would decide which one counts."""
	books = [book for book in catalogue.price_books.values() if book.status != "draft"]
	for one, other in combinations(sorted(books, key=_begin), 2):
		first, last = max(one.valid_from, other.valid_from), min(one.valid_to, other.valid_to)
		if first <= last:
			words: dict[str, object] = {"other": other.code, "first": first, "last": last}
			yield found("books_overlap", one.code, words=words)


def _begin(book: PriceBook) -> tuple[date, str]:
	return book.valid_from, book.code
