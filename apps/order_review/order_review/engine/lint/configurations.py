"""What the rules leave of each model: nothing, dead options, forced options, redundant rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from pysat.solvers import Minisat22

from .. import language as ast
from ..catalogue import Catalogue, Model, Rule
from ..errors import BadInput
from ..solver.ask import configuration_conflict, picks_conflict
from ..solver.compiled import CompiledModel, Context
from ..solver.encode import Encoded, encoded_rule, kept_by
from ..solver.formula import Clauses, negated
from ..solver.problem import BACKGROUND
from ..solver.truth import Translator
from .report import LintFinding, found

CERTIFICATION = frozenset({"ccc"})
_UNKNOWN_FIELDS = frozenset({"qty", "dest_stage", "order_type"})
_USES_OF_TYPE = {"coach": ("intercity", "tourism", "staff"), "city": ("city",), "school": ("school",)}

Step = Callable[[], None]


def uses_of(model: Model) -> tuple[str, ...]:
	"""The uses a model is sold for: an export model for export, a coach for intercity, tourism and staff, and so on."""
	if model.field("market") == "export":
		return ("export",)
	return _USES_OF_TYPE.get(str(model.field("type")), (model.default_use,) if model.default_use else ())


def contexts_of(model: Model, on: date) -> list[Context]:
	"""Every grade and use of a model on a day; quantity, destination stage and order type stay unknown."""
	uses: Sequence[str | None] = uses_of(model) or (None,)
	grades: Sequence[str | None] = model.grades or (None,)
	return [Context(on, grade, use) for grade in grades for use in uses]


@dataclass
class ModelLint:
	"""What is known of one model after looking at all its contexts."""

	model: Model
	sellable: list[CompiledModel] = field(default_factory=list)
	void: list[CompiledModel] = field(default_factory=list)
	alive: set[str] = field(default_factory=set)
	forced: set[str] = field(default_factory=set)

	@classmethod
	def of(cls, catalogue: Catalogue, model: Model, on: date, step: Step) -> ModelLint:
		"""Look at every context of a model.

		Raises:
			BadInput: a rule that cannot be compiled.
		"""
		self = cls(model)
		for number, context in enumerate(contexts_of(model, on)):
			compiled = CompiledModel(catalogue, model, context)
			possible = compiled.search.possible([])
			step()
			if possible is None:
				self.void.append(compiled)
				continue
			self.sellable.append(compiled)
			codes, size = compiled.words.codes, len(compiled.words.codes)
			self.alive.update(code for code, can in zip(codes, possible[:size], strict=True) if can)
			forced = {code for code, can in zip(codes, possible[size:], strict=True) if not can}
			self.forced = forced if number == len(self.void) else self.forced & forced
		return self

	def findings(self) -> Iterator[LintFinding]:
		"""Contexts without a configuration, an invalid standard, dead and forced options."""
		model = self.model.code
		if not self.sellable:
			yield found("model_without_configuration", model, model=model, rules=_clash(self.void[0]))
			return
		for compiled in self.void:
			context = compiled.context
			yield found(
				"context_without_configuration",
				model,
				model=model,
				grade=context.grade,
				use=context.use,
				rules=_clash(compiled),
			)
		yield from self._standard()
		yield from self._dead()
		yield from self._forced()

	def _standard(self) -> Iterator[LintFinding]:
		compiled = self._default()
		conflict = configuration_conflict(compiled, frozenset(self.model.standard))
		if conflict is not None:
			options = conflict.options or conflict.families
			model = self.model.code
			yield found("standard_invalid", model, model=model, rules=conflict.rules, options=options)

	def _default(self) -> CompiledModel:
		wanted = (self.model.default_grade, self.model.default_use)
		fitting = [c for c in self.sellable if (c.context.grade, c.context.use) == wanted]
		return (fitting or self.sellable)[0]

	def _dead(self) -> Iterator[LintFinding]:
		compiled = self._default()
		dead = [code for code in compiled.words.codes if code not in self.alive]
		if not dead:
			return
		freed = self._alive_without_certification(dead)
		for code in dead:
			conflict = picks_conflict(compiled, (code,))
			rules = () if conflict is None else conflict.rules
			blocked = code in freed
			kind = "blocked_option" if blocked else "dead_option"
			yield found(kind, code, model=self.model.code, rules=rules, options=(code,))
			if not blocked and len(rules) > 1:
				yield found("contradiction", code, model=self.model.code, rules=rules, options=(code,))

	def _alive_without_certification(self, dead: Sequence[str]) -> set[str]:
		freed: set[str] = set()
		for compiled in self.sellable:
			waiting = [code for code in dead if code not in freed]
			if not waiting:
				break
			free = CompiledModel(compiled.catalogue, self.model, compiled.context, CERTIFICATION)
			freed.update(code for code in waiting if free.search.check([free.words.variables[code]]))
		return freed

	def _forced(self) -> Iterator[LintFinding]:
		compiled = self._default()
		for code in sorted(self.forced):
			if len(compiled.words.members[compiled.catalogue.options[code].family]) > 1:
				conflict = compiled.explainer.why([], compiled.words.variables[code])
				rules = tuple(compiled.problem.rules[r] for r in conflict.rules) if conflict else ()
				yield found("forced_option", code, model=self.model.code, rules=rules, options=(code,))


def _clash(compiled: CompiledModel) -> tuple[str, ...]:
	"""A smallest set of rules that leaves a model nothing."""
	conflict = compiled.explainer.conflict([])
	return () if conflict is None else tuple(compiled.problem.rules[rule] for rule in conflict.rules)


class Redundancy:
	"""Finds rules that could be left out without any configuration becoming valid.

	Certification is left aside: what only an expired certificate makes redundant is not.
	"""

	def __init__(self, catalogue: Catalogue) -> None:
		self.candidates = {rule.code: rule for rule in catalogue.rules if _may_be_redundant(rule)}
		self.silent = set(self.candidates)

	def look(self, compiled: CompiledModel) -> None:
		"""Keep of the candidates those that are redundant in this context too."""
		if not self.candidates:
			return
		free = CompiledModel(compiled.catalogue, compiled.model, compiled.context, CERTIFICATION)
		numbers = {code: number for number, code in enumerate(free.problem.rules)}
		self.silent.difference_update(numbers)
		with _Implication(free) as implication:
			for code in [code for code in self.candidates if code in numbers]:
				if not implication.holds(self.candidates[code], numbers[code]):
					del self.candidates[code]

	def findings(self) -> Iterator[LintFinding]:
		"""The rules that were redundant in every context looked at."""
		for code in self.candidates:
			yield found(
				"rule_never_applies" if code in self.silent else "redundant_rule", code, rules=(code,)
			)


def _may_be_redundant(rule: Rule) -> bool:
	"""Guards are redundant by intent; rules that ask for what a lint leaves unknown cannot be judged."""
	if (
		not rule.active
		or rule.guard
		or not rule.solver
		or rule.severity != "error"
		or rule.type in CERTIFICATION
	):
		return False
	return not any(_unjudged(node) for part in rule.conditions for node in ast.walk(part))


def _unjudged(node: ast.Expr) -> bool:
	"""Only rated grades are looked at, and quantity, stage and order type are unknown."""
	if isinstance(node, ast.Field):
		return node.scope == "order" and node.name in _UNKNOWN_FIELDS
	return isinstance(node, ast.GradeRated)


class _Implication:
	"""Whether a rule follows from the others of a compiled model."""

	def __init__(self, compiled: CompiledModel) -> None:
		self.compiled = compiled
		self.top, clauses, rules = compiled.problem.expanded()
		self.selectors = {number: self.top + 1 + number for number in range(len(compiled.problem.rules))}
		self.top += len(self.selectors)
		self.solver = Minisat22()
		for clause, number in zip(clauses, rules, strict=True):
			guard = () if number == BACKGROUND else (-self.selectors[number],)
			self.solver.add_clause([*guard, *clause])

	def __enter__(self) -> _Implication:
		return self

	def __exit__(self, *_: object) -> None:
		self.solver.delete()

	def holds(self, rule: Rule, number: int) -> bool:
		"""Whether no configuration satisfies the other rules and violates this one."""
		others = [selector for other, selector in self.selectors.items() if other != number]
		translator = Translator(self.compiled.words, self.compiled.fields, self.compiled.context.on)
		encoded: Encoded = encoded_rule(translator, rule)
		if not encoded.helpers:
			ways = [[-literal for literal in clause] for clause in encoded.clauses]
			return not any(self.solver.solve(assumptions=[*others, *way]) for way in ways)
		self.top += 1
		trial = self.top
		for clause in Clauses(self._fresh).of(negated(kept_by(translator, rule))):
			self.solver.add_clause([-trial, *clause])
		return not self.solver.solve(assumptions=[*others, trial])

	def _fresh(self) -> int:
		self.top += 1
		return self.top


def uncompilable(catalogue: Catalogue, error: BadInput) -> LintFinding:
	"""A rule the solver cannot take."""
	code = str(error.path[-1]) if error.path else "?"
	return found("rule_too_large", code, rules=(code,), words={"what": error.message})
