"""Rules of one model, judged fast: each answer of the plain evaluator is kept by what it depends on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from . import language as ast
from .catalogue import Catalogue, Model, Rule, Slot, TranslationRule
from .evaluate import Facts, evaluate
from .language import Condition

LARGEST_MEMORY = 50_000
"""Answers kept per rule before its memory is emptied."""

class Dependence:
	"""What the truth of some conditions depends on: options, order fields, the order date."""

	def __init__(self, conditions: Iterable[Condition], catalogue: Catalogue, bits: Mapping[str, int]) -> None:
		self.mask = 0
		fields: dict[str, None] = {}
		self.dated = False
		for node in (node for condition in conditions for node in ast.walk(condition)):
			for code in _touched(node, catalogue):
				self.mask |= bits.get(code, 0)
			if isinstance(node, ast.Field) and node.scope == "order":
				fields[node.name] = None
			if isinstance(node, ast.GradeRated):
				fields["grade"] = None
			if isinstance(node, (ast.Covered, ast.InForce)):
				self.dated = True
		self.fields = tuple(fields)


def _touched(node: ast.Expr, catalogue: Catalogue) -> Iterable[str]:
	if isinstance(node, ast.OptionRef):
		return (node.code,)
	if isinstance(node, (ast.AnyOf, ast.NoneOf, ast.Count, ast.Attr, ast.Covered)):
		return catalogue.options_of(node.family)
	if isinstance(node, ast.Sum):
		return [code for code, option in catalogue.options.items() if node.name in option.attrs]
	return ()


class Remembered:
	"""A question about a configuration whose answers are kept by the parts it depends on."""

	def __init__(self, dependence: Dependence, ask: Callable[[Facts], Any]) -> None:
		self.dependence = dependence
		self.ask = ask
		self.answers: dict[Hashable, Any] = {}

	def __call__(self, bits: int, facts: Facts) -> Any:
		"""The answer for a configuration given both as bits and as facts."""
		needs = self.dependence
		key: Hashable = bits & needs.mask
		if needs.fields or needs.dated:
			key = (key, facts.on if needs.dated else None, *map(facts.context.get, needs.fields))
		answer = self.answers.get(key, self)
		if answer is self:
			if len(self.answers) >= LARGEST_MEMORY:
				self.answers.clear()
			answer = self.answers[key] = self.ask(facts)
		return answer


class RuleBook:
	"""Configuration rules and translation slots of one model of a catalogue."""

	def __init__(self, catalogue: Catalogue, model: Model) -> None:
		self.catalogue = catalogue
		self.model = model
		self.bits = {code: 1 << index for index, code in enumerate(catalogue.options)}
		self.rules = [(rule, self._violation(rule)) for rule in catalogue.rules if rule.active]
		self.slots = [(slot, self._filling(rules)) for slot, rules in slots_of(catalogue, model)]

	def violated(self, facts: Facts) -> list[Rule]:
		"""Violated rules in catalogue order."""
		bits = self._as_bits(facts.chosen)
		return [rule for rule, is_violated in self.rules if is_violated(bits, facts)]

	def fillings(self, facts: Facts) -> list[tuple[Slot, tuple[TranslationRule, ...]]]:
		"""For each slot of the model the translation rules that hold."""
		bits = self._as_bits(facts.chosen)
		return [(slot, filling(bits, facts)) for slot, filling in self.slots]

	def _as_bits(self, chosen: Iterable[str]) -> int:
		bits = 0
		for code in chosen:
			bits |= self.bits.get(code, 0)
		return bits

	def _violation(self, rule: Rule) -> Remembered:
		dependence = Dependence(rule.conditions, self.catalogue, self.bits)
		return Remembered(dependence, lambda facts: is_violated(rule, facts))

	def _filling(self, rules: Sequence[TranslationRule]) -> Remembered:
		dependence = Dependence([rule.when for rule in rules], self.catalogue, self.bits)
		return Remembered(dependence, lambda facts: tuple(rule for rule in rules if evaluate(rule.when, facts) is True))


def is_violated(rule: Rule, facts: Facts) -> bool:
	"""Scope and ``if`` true (each counts as true where absent) and ``then`` false."""
	return (
		(rule.scope is None or evaluate(rule.scope, facts) is True)
		and (rule.if_ is None or evaluate(rule.if_, facts) is True)
		and evaluate(rule.then, facts) is False
	)


def slots_of(catalogue: Catalogue, model: Model) -> list[tuple[Slot, list[TranslationRule]]]:
	"""The model's slots in slot order, each with the rules made for the model."""
	by_slot: dict[str, list[TranslationRule]] = {}
	for rule in catalogue.translation_rules:
		if model.code in rule.models:
			by_slot.setdefault(rule.slot, []).append(rule)
	return [(slot, by_slot[slot.code]) for slot in catalogue.slots if slot.code in by_slot]


def rulebook(catalogue: Catalogue, model: Model) -> RuleBook:
	"""The rule book of a model, made once per catalogue."""
	key = ("rulebook", model.code)
	book = catalogue.derived.get(key)
	if book is None:
		book = catalogue.derived[key] = RuleBook(catalogue, model)
	assert isinstance(book, RuleBook)
	return book
