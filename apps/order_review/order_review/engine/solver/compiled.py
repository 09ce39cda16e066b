"""A model of the catalogue compiled for a context, and the cache of those in use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..catalogue import Catalogue, Model, PriceBook
from ..errors import BadInput
from ..evaluate import Facts
from ..language import Value
from ..order import Order
from ..order import context as order_fields
from ..rulebook import is_violated
from .encode import Situations, add_rule, encode, encoded_rule, judged_rules
from .explain import Explainer
from .optimum import Kept
from .problem import Problem, ProblemBuilder
from .truth import Translator, Vocabulary

if TYPE_CHECKING:
	from .search import Search
	from .session import Session

WORDS_OF_BANK = 16
"""Size of the bank of solutions kept for each compiled model, in words of 64."""

MOST_COMPILED = 384
"""Compiled problems kept at once; the one unused for longest goes first."""

MOST_CONTEXTS = 4_096
"""Contexts kept at once; they are small, the problems behind them are shared."""

_Kind = TypeVar("_Kind")


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


class Core:
	"""What compiled models share whose contexts mean the same to the rules: the problem and the solvers behind it."""

	def __init__(
		self,
		catalogue: Catalogue,
		model: Model,
		fields: Mapping[str, Value | None],
		on: date,
		without: frozenset[str] = frozenset(),
	) -> None:
		self.catalogue = catalogue
		self.fields = fields
		self.on = on
		self.words = Vocabulary.of(catalogue, model)
		self.problem = encode(catalogue, model, fields, on, without)
		self.lock = RLock()
		self._optimizer: Kept | None = None

	@cached_property
	def session(self) -> Session:
		"""What can still be chosen: asked often, so it is worth reducing the problem."""
		from .session import Session  # it and the next one load numpy, which takes longer than most questions

		return Session(self.problem, words=WORDS_OF_BANK)

	@cached_property
	def search(self) -> Search:
		"""Whether picks can hold together."""
		from .search import Search

		_, clauses, _ = self.problem.expanded()
		return Search(len(self.words.codes), clauses, words=1)

	@cached_property
	def explainer(self) -> Explainer:
		"""Reasons within the rules the solver knows."""
		return Explainer(self.problem)

	@cached_property
	def with_judged(self) -> tuple[Problem, tuple[str, ...]]:
		"""The problem with the rules that are judged on complete configurations, and those that cannot be written."""
		rules = judged_rules(self.catalogue)
		if not rules:
			return self.problem, ()
		translator = Translator(self.words, self.fields, self.on)
		builder = ProblemBuilder.extending(self.problem)
		unwritten = []
		for rule in rules:
			try:
				add_rule(builder, rule, encoded_rule(translator, rule))
			except BadInput:
				unwritten.append(rule.code)
		return builder.build(), tuple(unwritten)

	@cached_property
	def complete_explainer(self) -> Explainer:
		"""Reasons for complete configurations."""
		return Explainer(self.with_judged[0])

	@property
	def optimizer(self) -> Kept:
		"""The solver behind repairs and completions."""
		if self._optimizer is None or self._optimizer.worn:
			top, clauses, _ = self.with_judged[0].expanded()
			self._optimizer = Kept(top, clauses)
		return self._optimizer


class CompiledModel:
	"""One model in one context, ready to be asked. Use its `lock` around questions: the solvers behind it are stateful.

	Args:
		core: that of a context which means the same to the rules, where there is one.
	"""

	def __init__(
		self,
		catalogue: Catalogue,
		model: Model,
		context: Context,
		without: frozenset[str] = frozenset(),
		core: Core | None = None,
	) -> None:
		self.catalogue = catalogue
		self.model = model
		self.context = context
		self.fields = context.fields()
		self.core = core or Core(catalogue, model, self.fields, context.on, without)
		self.words = self.core.words
		self.problem = self.core.problem
		self.lock = self.core.lock

	@property
	def session(self) -> Session:
		"""What can still be chosen."""
		return self.core.session

	@property
	def search(self) -> Search:
		"""Whether picks can hold together."""
		return self.core.search

	@property
	def explainer(self) -> Explainer:
		"""Reasons within the rules the solver knows."""
		return self.core.explainer

	@property
	def complete_problem(self) -> Problem:
		"""The problem with the rules that are judged on complete configurations, as far as they can be written."""
		return self.core.with_judged[0]

	@property
	def unwritten(self) -> tuple[str, ...]:
		"""Codes of judged rules that only the evaluator can answer."""
		return self.core.with_judged[1]

	@property
	def complete_explainer(self) -> Explainer:
		"""Reasons for complete configurations."""
		return self.core.complete_explainer

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


class _Recent(Generic[_Kind]):
	"""What was used last, up to a number; safe to be used from several threads."""

	def __init__(self, most: int) -> None:
		self.most = most
		self.kept: OrderedDict[tuple[Any, ...], _Kind] = OrderedDict()
		self.lock = Lock()

	def get(self, key: tuple[Any, ...], make: Callable[[], _Kind]) -> _Kind:
		"""What is kept under the key, made where there is nothing."""
		with self.lock:
			found = self.kept.get(key)
			if found is not None:
				self.kept.move_to_end(key)
				return found
		made = make()
		with self.lock:
			found = self.kept.setdefault(key, made)
			while len(self.kept) > self.most:
				self.kept.popitem(last=False)
		return found

	def clear(self) -> None:
		"""Keep nothing."""
		with self.lock:
			self.kept.clear()


_models: _Recent[CompiledModel] = _Recent(MOST_CONTEXTS)
_cores: _Recent[Core] = _Recent(MOST_COMPILED)


def compile_model(catalogue: Catalogue, model: str, context: Context) -> CompiledModel:
	"""The compiled form of a model in a context, from the cache where it is there.

	Contexts that mean the same to the rules (another quantity, a day on which the same certificates are in force)
	share their problem and solvers.

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

	def make() -> CompiledModel:
		fields = context.fields()
		translator = Translator(Vocabulary.of(catalogue, found), fields, context.on)
		meaning = Situations.of(catalogue, found).meaning(translator)
		core = _cores.get(
			(catalogue.hash, model, meaning), lambda: Core(catalogue, found, fields, context.on)
		)
		return CompiledModel(catalogue, found, context, core=core)

	return _models.get((catalogue.hash, model, context), make)


def forget_compiled() -> None:
	"""Empty the cache."""
	_models.clear()
	_cores.clear()
