"""A model of the catalogue compiled for a context, and the cache of those in use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from threading import Lock, RLock
from typing import Any

from ..catalogue import Catalogue, Model, PriceBook
from ..errors import BadInput
from ..evaluate import Facts
from ..language import Value
from ..order import Order
from ..order import context as order_fields
from ..rulebook import is_violated
from .encode import add_rule, encode, encoded_rule, judged_rules
from .explain import Explainer
from .problem import Problem, ProblemBuilder
from .search import Search
from .session import Session
from .truth import Translator, Vocabulary

WORDS_OF_BANK = 16
"""Size of the bank of solutions kept for each compiled model, in words of 64."""

MOST_COMPILED = 384
"""Compiled models kept at once; the one unused for longest goes first."""


@dataclass(frozen=True)
class Context:
	"""What an order says besides its options. What is None is unknown: rules that ask for it stay silent."""

	on: date
	grade: str | None = None
	use: str | None = None
	order_type: str | None = None
	qty: int | None = None
	dest_stage: Decimal | None = None

	@classmethod
	def of_order(cls, order: Order) -> Context:
		"""The context of an intent order; its date is the order date."""
		return cls(order.order_date, order.grade, order.use, order.order_type, order.qty, order.dest_stage)

	def fields(self) -> dict[str, Value | None]:
		"""Order fields by their names in rules."""
		return order_fields(self.use, self.grade, self.qty, self.dest_stage, self.order_type)


class CompiledModel:
	"""One model in one context, ready to be asked. Use its `lock` around questions: the solvers behind it are stateful."""

	def __init__(
		self, catalogue: Catalogue, model: Model, context: Context, without: frozenset[str] = frozenset()
	) -> None:
		self.catalogue = catalogue
		self.model = model
		self.context = context
		self.fields = context.fields()
		self.words = Vocabulary.of(catalogue, model)
		self.problem = encode(catalogue, model, self.fields, context.on, without)
		self.lock = RLock()

	@cached_property
	def session(self) -> Session:
		"""What can still be chosen: asked often, so it is worth reducing the problem."""
		return Session(self.problem, words=WORDS_OF_BANK)

	@cached_property
	def search(self) -> Search:
		"""Whether picks can hold together."""
		_, clauses, _ = self.problem.expanded()
		return Search(len(self.words.codes), clauses, words=1)

	@cached_property
	def explainer(self) -> Explainer:
		"""Reasons within the rules the solver knows."""
		return Explainer(self.problem)

	@cached_property
	def complete_problem(self) -> Problem:
		"""The problem with the rules that are judged on complete configurations, as far as they can be written."""
		return self._with_judged[0]

	@cached_property
	def unwritten(self) -> tuple[str, ...]:
		"""Codes of judged rules that only the evaluator can answer."""
		return self._with_judged[1]

	@cached_property
	def complete_explainer(self) -> Explainer:
		"""Reasons for complete configurations."""
		return Explainer(self.complete_problem)

	@cached_property
	def _with_judged(self) -> tuple[Problem, tuple[str, ...]]:
		rules = judged_rules(self.catalogue)
		if not rules:
			return self.problem, ()
		translator = Translator(self.words, self.fields, self.context.on)
		builder = ProblemBuilder.extending(self.problem)
		unwritten = []
		for rule in rules:
			try:
				add_rule(builder, rule, encoded_rule(translator, rule))
			except BadInput:
				unwritten.append(rule.code)
		return builder.build(), tuple(unwritten)

	def breaks_unwritten(self, chosen: Iterable[str]) -> list[str]:
		"""Judged rules, not known to the solver, that a complete configuration violates."""
		if not self.unwritten:
			return []
		facts = self.facts(chosen)
		return [
			r.code for r in judged_rules(self.catalogue) if r.code in self.unwritten and is_violated(r, facts)
		]

	def facts(self, chosen: Iterable[str]) -> Facts:
		"""The facts of a configuration for the plain evaluator."""
		return Facts(self.catalogue, self.model, self.fields, self.context.on, frozenset(chosen))

	def prices(self, book: PriceBook | None) -> Mapping[str, Decimal]:
		"""List price of each option that has one, in yuan per vehicle."""
		if book is None:
			return {}
		model = self.model.code
		return {
			code: line.list
			for code in self.words.codes
			if (line := book.options.get((code, model))) is not None
		}


_cache: OrderedDict[tuple[Any, ...], CompiledModel] = OrderedDict()
_cache_lock = Lock()


def compile_model(catalogue: Catalogue, model: str, context: Context) -> CompiledModel:
	"""The compiled form of a model in a context, from the cache where it is there.

	Args:
		model: model code.

	Raises:
		BadInput: unknown or inactive model, or a rule that cannot be compiled.
	"""
	found = catalogue.models.get(model)
	if found is None:
		known = ", ".join(catalogue.models)
		raise BadInput(
			f"model {model!r} is not in the catalogue", expected=f"one of {known}", path=("model",)
		)
	if not found.active:
		raise BadInput(f"model {model} is not active", expected="a model that may be sold", path=("model",))
	key = (catalogue.hash, model, context)
	with _cache_lock:
		compiled = _cache.get(key)
		if compiled is not None:
			_cache.move_to_end(key)
			return compiled
	compiled = CompiledModel(catalogue, found, context)
	with _cache_lock:
		_cache[key] = compiled
		while len(_cache) > MOST_COMPILED:
			_cache.popitem(last=False)
	return compiled


def forget_compiled() -> None:
	"""Empty the cache."""
	with _cache_lock:
		_cache.clear()
