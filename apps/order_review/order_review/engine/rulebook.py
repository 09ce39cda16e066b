"""Rules of one model, judged fast: each answer of the plain evaluator is kept by what it depends on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from . import language as ast
from .catalogue import Catalogue, Model, Rule
from .evaluate import Facts, evaluate
from .language import Condition

Answer = TypeVar("Answer")

LARGEST_MEMORY = 50_000
"""Answers kept per rule before its memory is emptied."""

WIDEST_STRETCH = 64
"""Options that rules asked together may depend on: more of them are rarely chosen the same again."""

_OF_MANY_VALUES = frozenset({"qty", "dest_stage"})
"""Order fields that differ from order to order; what asks for them is asked by itself."""


class Dependence:
	"""What the truth of some conditions depends on: options, order fields, certificates on the order date."""

	@classmethod
	def joined(cls, parts: Sequence[Dependence]) -> Dependence:
		"""What all of them together depend on."""
		self = cls.__new__(cls)
		self.mask, self.dated = 0, any(part.dated for part in parts)
		for part in parts:
			self.mask |= part.mask
		self.fields = tuple(dict.fromkeys(name for part in parts for name in part.fields))
		return self

	def __init__(self, conditions: Iterable[Condition], catalogue: Catalogue) -> None:
		bits = catalogue.bits
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


class Remembered(Generic[Answer]):
	"""A question about a configuration whose answers are kept by the parts it depends on."""

	def __init__(self, dependence: Dependence, ask: Callable[[Facts], Answer]) -> None:
		self.dependence = dependence
		self.ask = ask
		self.answers: dict[Hashable, Answer] = {}

	def __call__(self, bits: int, facts: Facts) -> Answer:
		"""The answer for a configuration given both as bits and as facts."""
		needs = self.dependence
		key: Hashable = bits & needs.mask
		if needs.fields or needs.dated:
			period = facts.model.period(facts.on) if needs.dated else None
			key = (key, period, *map(facts.context.get, needs.fields))
		try:
			return self.answers[key]
		except KeyError:
			if len(self.answers) >= LARGEST_MEMORY:
				self.answers.clear()
			answer = self.answers[key] = self.ask(facts)
			return answer


def stretches(asked: Sequence[Remembered[Any]]) -> list[tuple[int, int]]:
	"""Ranges (first, end) of neighbours that depend on so little together that their answers are worth keeping as one."""
	ranges: list[tuple[int, int]] = []
	first = 0
	while first < len(asked):
		end, mask = first + 1, asked[first].dependence.mask
		while end < len(asked) and _alike(asked[first].dependence, asked[end].dependence):
			mask |= asked[end].dependence.mask
			if mask.bit_count() > WIDEST_STRETCH:
				break
			end += 1
		ranges.append((first, end))
		first = end
	return ranges


def _alike(one: Dependence, other: Dependence) -> bool:
	return _OF_MANY_VALUES.intersection(one.fields) == _OF_MANY_VALUES.intersection(other.fields)


class RuleBook:
	"""Configuration rules of one model of a catalogue."""

	def __init__(self, catalogue: Catalogue, model: Model) -> None:
		self.rules = [
			(rule, Remembered(Dependence(rule.conditions, catalogue), partial(is_violated, rule)))
			for rule in catalogue.rules
			if rule.active and not _never_in_scope(rule, catalogue, model)
		]
		asked = [remembered for _, remembered in self.rules]
		self.stretches = [
			Remembered(
				Dependence.joined([each.dependence for each in asked[first:end]]),
				partial(_violated, self.rules[first:end]),
			)
			for first, end in stretches(asked)
		]

	def violated(self, facts: Facts) -> list[Rule]:
		"""Violated rules in catalogue order."""
		bits = facts.bits
		found: list[Rule] = []
		for stretch in self.stretches:
			found += stretch(bits, facts)
		return found


def _violated(rules: Sequence[tuple[Rule, Remembered[bool]]], facts: Facts) -> tuple[Rule, ...]:
	bits = facts.bits
	return tuple(rule for rule, is_violated in rules if is_violated(bits, facts))


def _never_in_scope(rule: Rule, catalogue: Catalogue, model: Model) -> bool:
	"""Whether the fields of the model alone make the scope false."""
	if rule.scope is None or Dependence([rule.scope], catalogue).mask:
		return False
	return evaluate(rule.scope, Facts(catalogue, model, {}, None, frozenset())) is False


def is_violated(rule: Rule, facts: Facts) -> bool:
	"""Scope and ``if`` true (each counts as true where absent) and ``then`` false."""
	return (
		(rule.scope is None or evaluate(rule.scope, facts) is True)
		and (rule.if_ is None or evaluate(rule.if_, facts) is True)
		and evaluate(rule.then, facts) is False
	)


def rulebook(catalogue: Catalogue, model: Model) -> RuleBook:
	"""The rule book of a model, made once per catalogue."""
	key = ("rulebook", model.code)
	book = catalogue.derived.get(key)
	if book is None:
		book = catalogue.derived[key] = RuleBook(catalogue, model)
	assert isinstance(book, RuleBook)
	return book
