"""Gaps and doubles of the configuration translation, proven for every valid configuration of a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pysat.solvers import Minisat22

from .. import language as ast
from ..catalogue import Catalogue, Model, Slot, TranslationRule
from ..errors import BadInput
from ..evaluate import evaluate
from ..production import slots_of
from ..solver.compiled import CompiledModel, Context
from ..solver.formula import Clauses, Formula, negated
from ..solver.truth import Translator
from .report import LintFinding, found


def of_translations(
	catalogue: Catalogue, model: Model, contexts: Sequence[CompiledModel]
) -> Iterator[LintFinding]:
	"""For each slot a configuration that leaves it empty, and one that fills it twice, where they exist.

	A slot is first asked in the widest context, in which grade and use are unknown and fewer rules bind:
	what cannot happen there cannot happen at all.

	Args:
		contexts: the compiled contexts in which the model can be sold.
	"""
	slots = slots_of(catalogue, model)
	if not contexts or not slots:
		return
	wide = CompiledModel(catalogue, model, Context(contexts[0].context.on))
	suspects = [each for each in slots if _depends_on_order(each[1])]
	steady = [each for each in slots if each not in suspects]
	with _Filling(wide) as filling:
		suspects += [each for each in steady if filling.gap(*each) or filling.double(*each)]
	yield from _confirmed(model, contexts, suspects)


def _confirmed(
	model: Model, contexts: Sequence[CompiledModel], suspects: Sequence[tuple[Slot, list[TranslationRule]]]
) -> Iterator[LintFinding]:
	gaps, doubles = list(suspects), list(suspects)
	for compiled in contexts if suspects else ():
		with _Filling(compiled) as filling:
			for slot, rules in list(gaps):
				example = filling.gap(slot, rules)
				if example:
					gaps.remove((slot, rules))
					yield found("translation_gap", slot.code, model=model.code, example=example)
			for slot, rules in list(doubles):
				example = filling.double(slot, rules)
				if example:
					doubles.remove((slot, rules))
					both = filling.holding(rules, example)
					yield found(
						"translation_double", slot.code, model=model.code, rules=both, example=example
					)


def _depends_on_order(rules: Sequence[TranslationRule]) -> bool:
	nodes = (node for rule in rules for node in ast.walk(rule.when))
	kinds = (ast.Covered, ast.InForce, ast.GradeRated)
	return any(
		isinstance(node, kinds) or (isinstance(node, ast.Field) and node.scope == "order") for node in nodes
	)


class _Filling:
	"""Looks for valid configurations that fill a slot wrongly."""

	def __init__(self, compiled: CompiledModel) -> None:
		self.compiled = compiled
		self.translator = Translator(compiled.words, compiled.fields, compiled.context.on)
		self.top, clauses, _ = compiled.complete_problem.expanded()
		self.solver = Minisat22(bootstrap_with=[list(clause) for clause in clauses])

	def __enter__(self) -> _Filling:
		return self

	def __exit__(self, *_: object) -> None:
		self.solver.delete()

	def gap(self, slot: Slot, rules: Sequence[TranslationRule]) -> tuple[str, ...]:
		"""A configuration in which no rule of the slot holds; empty where there is none or the slot is optional."""
		if slot.optional:
			return ()
		trial = self._fresh()
		for rule in rules:
			self._require(trial, negated(self._truth(rule)))
		return self._example(trial)

	def double(self, slot: Slot, rules: Sequence[TranslationRule]) -> tuple[str, ...]:
		"""A configuration in which at least two rules of the slot hold; empty where there is none."""
		if len(rules) < 2:
			return ()
		trial = self._fresh()
		holds = [self._fresh() for _ in rules]
		for rule, variable in zip(rules, holds, strict=True):
			self._require(variable, self._truth(rule))
		for left_out in holds:
			self.solver.add_clause([-trial, *(variable for variable in holds if variable != left_out)])
		return self._example(trial)

	def holding(self, rules: Sequence[TranslationRule], example: Sequence[str]) -> tuple[str, ...]:
		"""Codes of the rules that hold in a configuration, by plain evaluation."""
		facts = self.compiled.facts(example)
		return tuple(rule.code for rule in rules if evaluate(rule.when, facts) is True)

	def _truth(self, rule: TranslationRule) -> Formula:
		try:
			return self.translator.truth(rule.when).true
		except BadInput as error:
			raise BadInput(
				f"translation rule {rule.code}: {error.message}",
				expected=error.expected,
				path=("translations", rule.code),
			) from error

	def _require(self, trial: int, formula: Formula) -> None:
		for clause in Clauses(self._fresh).of(formula):
			self.solver.add_clause([-trial, *clause])

	def _example(self, trial: int) -> tuple[str, ...]:
		while self.solver.solve(assumptions=[trial]):
			codes = self.compiled.words.codes
			chosen = [v for v in self.solver.get_model()[: len(codes)] if v > 0]
			example = tuple(sorted(codes[v - 1] for v in chosen))
			if not self.compiled.breaks_unwritten(example):
				return example
			self.solver.add_clause([-v if v in chosen else v for v in range(1, len(codes) + 1)])
		return ()

	def _fresh(self) -> int:
		self.top += 1
		return self.top
