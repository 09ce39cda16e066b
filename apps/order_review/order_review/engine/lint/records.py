"""Faults that need no solver: records that could not be built, prices that are missing, books that overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations

from ..bilingual import in_language
from ..catalogue import Catalogue, PriceBook, Problem
from ..errors import BadInput
from .report import LintFinding, found

_EXPRESSIONS = ("scope", "if", "then", "when")


Say = Callable[[BadInput], tuple[str, str]]
"""A fault as a Chinese and an English sentence, with the place where it stands."""


def of_problems(problems: Iterable[Problem], say: Say | None = None) -> Iterator[LintFinding]:
	"""Faults met while the catalogue was built, each with its own number, so that none hides another."""
	say = say or _described
	for number, problem in enumerate(problems):
		kind = problem.kind
		if kind == "record":
			in_expression = bool(problem.error.path) and problem.error.path[-1] in _EXPRESSIONS
			kind = "rule_does_not_parse" if in_expression else "bad_record"
		zh, en = say(problem.error)
		yield replace(
			found(kind, problem.ref, words={"what_zh": zh, "what_en": en}),
			number=number,
			path=problem.error.path,
		)


def _described(error: BadInput) -> tuple[str, str]:
	place = f"{error.key}: " if error.key else ""
	expected = f"; expected {error.expected}" if error.expected else ""
	should = f";应为{in_language(error.expected, 'zh')}" if error.expected else ""
	return (
		f"{place}{in_language(error.message, 'zh')}{should}",
		f"{place}{error.message}{expected}",
	)


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
