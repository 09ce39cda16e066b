"""When a condition of the rule language is true and when it is false, as formulas over a model's options.

Both are needed: a condition that is neither is unknown, and an unknown rule stays silent.
Comparisons are settled by the plain evaluator, one combination of the options they depend on at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import language as ast
from ..catalogue import Catalogue, Model
from ..errors import BadInput
from ..evaluate import Facts, evaluate
from ..language import Value
from .formula import Among, Diagram, Formula, Node, every, negated, some

MOST_COMBINATIONS = 20_000
"""A comparison that needs more combinations than this is refused; mark its rule ``engine: evaluate``."""


@dataclass(frozen=True)
class Vocabulary:
	"""The options a model offers as variables 1..n, family by family in the model's order."""

	catalogue: Catalogue
	model: Model
	variables: Mapping[str, int]
	members: Mapping[str, tuple[int, ...]]
	codes: tuple[str, ...]

	@classmethod
	def of(cls, catalogue: Catalogue, model: Model) -> Vocabulary:
		"""The vocabulary of a model, made once per catalogue."""
		key = ("vocabulary", model.code)
		found = catalogue.derived.get(key)
		if found is None:
			members: dict[str, tuple[int, ...]] = {}
			codes: list[str] = []
			for family in model.families:
				offered = catalogue.offered(family, model)
				members[family] = tuple(range(len(codes) + 1, len(codes) + len(offered) + 1))
				codes.extend(offered)
			variables = {code: number for number, code in enumerate(codes, 1)}
			found = catalogue.derived[key] = cls(catalogue, model, variables, members, tuple(codes))
		assert isinstance(found, Vocabulary)
		return found

	def single(self, family: str) -> bool:
		"""Whether the model takes exactly one option of the family."""
		return family in self.members and self.catalogue.families[family].single


@dataclass(frozen=True)
class Truth:
	"""Formulas for "is true" and "is false"."""

	true: Formula
	false: Formula


class Translator:
	"""Translates conditions for one model in one context."""

	def __init__(self, words: Vocabulary, context: Mapping[str, Value | None], on: date | None) -> None:
		self.words = words
		self.context = context
		self.on = on

	def truth(self, condition: ast.Condition) -> Truth:
		"""When the condition is true and when it is false.

		Raises:
			BadInput: when a comparison depends on too many combinations of options.
		"""
		if isinstance(condition, ast.And):
			parts = [self.truth(part) for part in condition.parts]
			return Truth(every(p.true for p in parts), some(p.false for p in parts))
		if isinstance(condition, ast.Or):
			parts = [self.truth(part) for part in condition.parts]
			return Truth(some(p.true for p in parts), every(p.false for p in parts))
		if isinstance(condition, ast.Not):
			part = self.truth(condition.part)
			return Truth(part.false, part.true)
		if isinstance(condition, ast.OptionRef):
			return _either(self.words.variables.get(condition.code, False))
		if isinstance(condition, (ast.AnyOf, ast.NoneOf)):
			chosen = self._any(condition.family)
			return _either(chosen if isinstance(condition, ast.AnyOf) else negated(chosen))
		if isinstance(condition, ast.Covered):
			return self._covered(condition)
		if isinstance(condition, ast.Compare):
			return self._compared(condition)
		return _outcome(evaluate(condition, self._facts(())))

	def _facts(self, chosen: Sequence[str]) -> Facts:
		return Facts(self.words.catalogue, self.words.model, self.context, self.on, frozenset(chosen))

	def _any(self, family: str) -> Formula:
		members = self.words.members.get(family, ())
		if self.words.single(family):
			return bool(members)
		return some(members)

	def _covered(self, condition: ast.Covered) -> Truth:
		uncovered: list[int] = []
		for member in self.words.members.get(condition.family, ()):
			answer = evaluate(condition, self._facts((self.words.codes[member - 1],)))
			if answer is None:
				return Truth(negated(self._any(condition.family)), False)
			if not answer:
				uncovered.append(member)
		return _either(every(-member for member in uncovered))

	def _compared(self, condition: ast.Compare) -> Truth:
		key = ("choosers", self.words.model.code, condition)
		choosers: tuple[_Chooser, ...] | None = self.words.catalogue.derived.get(key)
		if choosers is None:  # the same in every context
			choosers = self.words.catalogue.derived[key] = tuple(self._choosers(condition))
		if not choosers:
			return _outcome(evaluate(condition, self._facts(())))
		diagram = self._diagram(condition, choosers)
		if not isinstance(diagram, Node):
			return _outcome(diagram)
		return Truth(Among(diagram, frozenset({True})), Among(diagram, frozenset({False})))

	def _choosers(self, condition: ast.Compare) -> Iterator[_Chooser]:
		"""The choices a comparison depends on, each with what its options contribute."""
		needs = _Needs(condition)
		for family, members in self.words.members.items():
			relevant = [m for m in members if needs.touches(family, self._attrs(m))]
			if not relevant:
				continue
			if self.words.single(family):
				yield _Chooser(tuple(((m,), needs.contribution(family, self._attrs(m)), m) for m in members))
			else:
				for member in relevant:
					contribution = needs.contribution(family, self._attrs(member))
					yield _Chooser((((member,), contribution, member), ((-member,), (), None)))

	def _attrs(self, member: int) -> Mapping[str, Value]:
		return self.words.catalogue.options[self.words.codes[member - 1]].attrs

	def _diagram(self, condition: ast.Compare, choosers: Sequence[_Chooser]) -> Diagram:
		"""Layer by layer: choices that contribute the same lead to the same state."""
		layers: list[dict[tuple[Any, ...], tuple[int, ...]]] = [{(): ()}]
		for chooser in choosers:
			layer: dict[tuple[Any, ...], tuple[int, ...]] = {}
			for state, chosen in layers[-1].items():
				for _, contribution, member in chooser.choices:
					layer.setdefault(
						_added(state, contribution), chosen if member is None else (*chosen, member)
					)
			layers.append(layer)
			if sum(map(len, layers)) > MOST_COMBINATIONS:
				raise BadInput(
					f"a comparison depends on more than {MOST_COMBINATIONS} combinations of options",
					expected="fewer families in one comparison, or engine: evaluate on the rule",
				)
		below: dict[tuple[Any, ...], Diagram] = {
			state: evaluate(condition, self._facts([self.words.codes[m - 1] for m in chosen]))
			for state, chosen in layers[-1].items()
		}
		for chooser, layer in zip(reversed(choosers), reversed(layers[:-1]), strict=True):
			shared: dict[tuple[Any, ...], Diagram] = {}
			below = {state: _node(chooser, state, below, shared) for state in layer}
		return below[()]


@dataclass(frozen=True)
class _Chooser:
	"""A family of which one option is chosen, or one option of a multi family that is chosen or not."""

	choices: tuple[tuple[tuple[int, ...], tuple[Any, ...], int | None], ...]


class _Needs:
	"""Which attributes, counts and sums a comparison reads."""

	def __init__(self, condition: ast.Compare) -> None:
		nodes = list(ast.walk(condition))
		self.attributes = {(node.family, node.name) for node in nodes if isinstance(node, ast.Attr)}
		self.sums = tuple(dict.fromkeys(node.name for node in nodes if isinstance(node, ast.Sum)))
		self.counted = {node.family for node in nodes if isinstance(node, ast.Count)}

	def touches(self, family: str, attrs: Mapping[str, Value]) -> bool:
		"""Whether choosing an option of the family can change the comparison."""
		asked = family in self.counted or any(family == f for f, _ in self.attributes)
		return asked or any(name in attrs for name in self.sums)

	def contribution(self, family: str, attrs: Mapping[str, Value]) -> tuple[Any, ...]:
		"""What one chosen option adds to the state: (key, value) pairs; values of one key are added up."""
		parts: list[tuple[Any, ...]] = [
			(("attr", f, n), (1, attrs.get(n))) for f, n in sorted(self.attributes) if f == family
		]
		parts += [(("sum", name), attrs[name]) for name in self.sums if name in attrs]
		if family in self.counted:
			parts.append((("count", family), 1))
		return tuple(parts)


def _added(state: tuple[Any, ...], contribution: tuple[Any, ...]) -> tuple[Any, ...]:
	"""The state after one more choice. An attribute of which two are chosen is unknown, whatever the values."""
	if not contribution:
		return state
	values = dict(state)
	for key, value in contribution:
		if key[0] == "attr":
			values[key] = value if key not in values else (2, None)
		else:
			values[key] = values.get(key, 0) + value
	return tuple(sorted(values.items(), key=lambda item: item[0]))


def _node(
	chooser: _Chooser,
	state: tuple[Any, ...],
	below: Mapping[tuple[Any, ...], Diagram],
	shared: dict[tuple[Any, ...], Diagram],
) -> Diagram:
	"""The decision of one chooser; choices that lead to the same place are one branch."""
	grouped: dict[object, list[int]] = {}
	targets: dict[object, Diagram] = {}
	for literals, contribution, _ in chooser.choices:
		target = below[_added(state, contribution)]
		key = id(target) if isinstance(target, Node) else target
		grouped.setdefault(key, []).extend(literals)
		targets[key] = target
	if len(targets) == 1:
		return next(iter(targets.values()))
	signature = tuple((key, tuple(literals)) for key, literals in grouped.items())
	if signature not in shared:
		shared[signature] = Node(tuple((tuple(literals), targets[key]) for key, literals in grouped.items()))
	return shared[signature]


def _either(true: Formula) -> Truth:
	return Truth(true, negated(true))


def _outcome(answer: bool | None) -> Truth:
	return Truth(answer is True, answer is False)
