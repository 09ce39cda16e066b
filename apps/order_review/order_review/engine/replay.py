"""Rules and prices put to many complete configurations at once: a bit per configuration, a row of bits per option.

What a rule says becomes a formula over the rows, so that one step of the machine judges 64 configurations. The
formulas are those the solver uses; they hold where each single family has exactly one option, and whatever is not so
is judged one by one by the plain evaluator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from .catalogue import Catalogue, Model, PriceBook, Rule
from .errors import BadInput
from .evaluate import Facts
from .language import Value
from .rulebook import is_violated
from .solver.encode import Needs, kept_by
from .solver.formula import Diagram, Every, Formula, Node, Some
from .solver.truth import Translator, Vocabulary

Bits = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

NONE = -1
"""Number of the first violated rule where none is violated."""


class Bank:
	"""Configurations of one model.

	Args:
		configurations: the chosen options of each.
	"""

	def __init__(self, catalogue: Catalogue, model: Model, configurations: Sequence[frozenset[str]]) -> None:
		self.catalogue = catalogue
		self.model = model
		self.words = Vocabulary.of(catalogue, model)
		self.configurations = configurations
		self.count = len(configurations)
		chosen = self._chosen()
		self.rows = _packed(chosen)
		self.whole: Bits = _packed(np.ones((1, self.count), dtype=np.bool_))[0]
		self.odd: list[int] = np.flatnonzero(~self._complete(chosen)).tolist()

	def _chosen(self) -> npt.NDArray[np.bool_]:
		"""For each option the configurations it is chosen in."""
		variables = self.words.variables
		places: list[int] = []
		options: list[int] = []
		for place, configuration in enumerate(self.configurations):
			found = [variables[code] - 1 for code in configuration if code in variables]
			options += found
			places += [place] * len(found)
		chosen = np.zeros((len(self.words.codes), self.count), dtype=np.bool_)
		chosen[options, places] = True
		return chosen

	def _complete(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
		"""Whether exactly one option of each single family is chosen, and nothing the model does not offer."""
		sizes = np.array([len(each) for each in self.configurations], dtype=np.int64)
		complete: npt.NDArray[np.bool_] = chosen.sum(axis=0) == sizes
		for family, members in self.words.members.items():
			if self.words.single(family):
				complete &= chosen[[member - 1 for member in members]].sum(axis=0) == 1
		return complete

	def violated(
		self, rules: Iterable[Rule], context: Mapping[str, Value | None], on: date | None
	) -> Iterator[tuple[Rule, Bits]]:
		"""For each rule the configurations that violate it, as bits."""
		for rule in rules:
			formula = _formula(self.words, rule, context, on)
			everybody = range(self.count) if formula is None else self.odd
			found = self._empty() if formula is None else self.whole & ~self._holds(formula, {})
			for place in everybody:
				facts = Facts(self.catalogue, self.model, context, on, self.configurations[place])
				_set(found, place, is_violated(rule, facts))
			yield rule, found

	def first_violated(
		self, rules: Iterable[Rule], context: Mapping[str, Value | None], on: date | None
	) -> Numbers:
		"""For each configuration the number of the first of the rules that it violates, NONE where there is none."""
		first: Numbers = np.full(self.count, NONE, dtype=np.int64)
		left = self.whole.copy()
		for number, (_, found) in enumerate(self.violated(rules, context, on)):
			fresh = found & left
			if fresh.any():
				first[places_of(fresh, self.count)] = number
				left &= ~found
		return first

	def list_prices(self, book: PriceBook) -> list[Decimal]:
		"""Σ of the list prices of the chosen options, for each configuration; an option without a price counts 0."""
		model = self.model.code
		prices = [
			Decimal(0) if (line := book.options.get((code, model))) is None else line.list
			for code in self.words.codes
		]
		decimals = max((-int(price.as_tuple().exponent) for price in prices), default=0)
		decimals = max(decimals, 0)
		amounts = np.array([int(price.scaleb(decimals)) for price in prices], dtype=np.float64)
		if float(np.abs(amounts).sum()) >= 2**53:
			raise BadInput("the prices are too large to be added up exactly", expected="amounts in yuan")
		totals: Numbers = (amounts @ unpacked(self.rows, self.count)).astype(np.int64)
		return [Decimal(total).scaleb(-decimals) for total in totals.tolist()]

	def _empty(self) -> Bits:
		return np.zeros_like(self.whole)

	def _holds(self, formula: Formula, known: dict[Any, Bits]) -> Bits:
		if isinstance(formula, bool):
			return self.whole if formula else self._empty()
		if isinstance(formula, int):
			return self._literal(formula)
		if isinstance(formula, Every):
			return self._all([self._holds(part, known) for part in formula.parts])
		if isinstance(formula, Some):
			return self._any([self._holds(part, known) for part in formula.parts])
		return self._reaches(formula.diagram, formula.allowed, known)

	def _reaches(self, diagram: Diagram, allowed: frozenset[bool | None], known: dict[Any, Bits]) -> Bits:
		"""The configurations whose way through the diagram ends in an allowed outcome."""
		if not isinstance(diagram, Node):
			return self.whole if diagram in allowed else self._empty()
		key = (id(diagram), allowed)
		if key not in known:
			known[key] = self._any(
				[
					self._any([self._literal(literal) for literal in literals])
					& self._reaches(below, allowed, known)
					for literals, below in diagram.branches
				]
			)
		return known[key]

	def _literal(self, literal: int) -> Bits:
		row: Bits = self.rows[abs(literal) - 1]
		return row if literal > 0 else ~row & self.whole

	def _any(self, parts: Sequence[Bits]) -> Bits:
		found: Bits = np.bitwise_or.reduce(parts, axis=0) if parts else self._empty()
		return found

	def _all(self, parts: Sequence[Bits]) -> Bits:
		found: Bits = np.bitwise_and.reduce(parts, axis=0) if parts else self.whole
		return found


def _formula(
	words: Vocabulary, rule: Rule, context: Mapping[str, Value | None], on: date | None
) -> Formula | None:
	"""The formula that holds where the rule is kept; None where it would be too large. Kept by what the rule depends on."""
	needs = Needs.of([rule])
	key = ("replay", words.model.code, rule, needs.values(context, words.model.period(on)))
	derived = words.catalogue.derived
	if key not in derived:
		try:
			derived[key] = kept_by(Translator(words, context, on), rule)
		except BadInput:
			derived[key] = None
	found: Formula | None = derived[key]
	return found


def places_of(bits: Bits, count: int) -> Numbers:
	"""The places whose bit is set."""
	found: Numbers = np.flatnonzero(unpacked(bits[None, :], count)[0])
	return found


def unpacked(rows: Bits, count: int) -> npt.NDArray[np.uint8]:
	"""Rows of bits as rows of 0 and 1."""
	found: npt.NDArray[np.uint8] = np.unpackbits(rows.view(np.uint8), axis=1, count=count, bitorder="little")
	return found


def _packed(rows: npt.NDArray[np.bool_]) -> Bits:
	packed = np.packbits(rows, axis=1, bitorder="little")
	missing = -packed.shape[1] % 8
	return np.ascontiguousarray(np.pad(packed, ((0, 0), (0, missing)))).view(np.uint64)


def _set(bits: Bits, place: int, value: bool) -> None:
	word, bit = divmod(place, 64)
	mask = np.uint64(1 << bit)
	if value:
		bits[word] |= mask
	else:
		bits[word] &= ~mask
