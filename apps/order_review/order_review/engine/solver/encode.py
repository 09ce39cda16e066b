"""A model of the catalogue in a context, as a Boolean problem.

Only active rules of severity error take part, and of these not the ones marked ``engine: evaluate``.
What a rule says is translated once for everything it depends on and shared between contexts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Any

from .. import language as ast
from ..catalogue import Catalogue, Model, Rule
from ..errors import BadInput
from ..language import Value
from .formula import Clause, Clauses, Formula, negated, some
from .problem import Problem, ProblemBuilder
from .truth import Translator, Vocabulary


@dataclass(frozen=True)
class Encoded:
	"""Clauses of one rule; helper variables are numbered from `first_helper` on."""

	clauses: tuple[Clause, ...]
	helpers: int

	@cached_property
	def digest(self) -> bytes:
		"""The same for the same clauses, in every run."""
		return blake2b(repr((self.clauses, self.helpers)).encode(), digest_size=16).digest()


@dataclass(frozen=True)
class Needs:
	"""What of a context the meaning of some rules depends on: order fields, and whether the day matters."""

	fields: tuple[str, ...]
	dated: bool

	@classmethod
	def of(cls, rules: Iterable[Rule]) -> Needs:
		"""What the rules together depend on."""
		fields: dict[str, None] = {}
		dated = False
		for node in (node for rule in rules for part in rule.conditions for node in ast.walk(part)):
			if isinstance(node, ast.Field) and node.scope == "order":
				fields[node.name] = None
			elif isinstance(node, ast.GradeRated):
				fields["grade"] = None
			elif isinstance(node, (ast.Covered, ast.InForce)):
				dated = True
		return cls(tuple(fields), dated)

	def values(self, context: Mapping[str, Value | None], period: int | None) -> tuple[Any, ...]:
		"""The values of one context they depend on."""
		return (tuple(map(context.get, self.fields)), period if self.dated else None)


class Situations:
	"""Which contexts of a model its rules tell apart."""

	def __init__(self, catalogue: Catalogue, model: Model) -> None:
		self.model = model
		self.needs: dict[str, Needs] = {}
		self.asking: dict[Needs, list[Rule]] = {}
		"""Rules by what they depend on."""
		for rule in binding_rules(catalogue):
			needs = self.needs[rule.code] = Needs.of([rule])
			self.asking.setdefault(needs, []).append(rule)
		self.meanings: dict[tuple[Any, ...], bytes] = {}

	@classmethod
	def of(cls, catalogue: Catalogue, model: Model) -> Situations:
		"""The situations of a model, found once per catalogue."""
		key = ("situations", model.code)
		found = catalogue.derived.get(key)
		if found is None:
			found = catalogue.derived[key] = cls(catalogue, model)
		assert isinstance(found, Situations)
		return found

	def meaning(self, translator: Translator) -> bytes:
		"""The same for contexts in which the rules say the same."""
		period = self.model.period(translator.on)
		parts = []
		for needs, rules in self.asking.items():
			key = (needs, needs.values(translator.context, period))
			found = self.meanings.get(key)
			if found is None:
				if len(self.meanings) >= MOST_SITUATIONS:
					self.meanings.clear()
				found = self.meanings[key] = self._meaning(rules, key, translator)
			parts.append(found)
		return b"".join(parts)

	@staticmethod
	def _meaning(rules: Sequence[Rule], key: tuple[Any, ...], translator: Translator) -> bytes:
		"""Of rules that depend on the same. Those judged on complete configurations are written when that is asked for."""
		digest = blake2b(digest_size=16)
		for rule in rules:
			digest.update(encoded_rule(translator, rule).digest if rule.solver else repr(key).encode())
		return digest.digest()


MOST_SITUATIONS = 50_000
"""Situations remembered for each model before they are forgotten."""


def encode(
	catalogue: Catalogue,
	model: Model,
	context: Mapping[str, Value | None],
	on: date,
	without: frozenset[str] = frozenset(),
) -> Problem:
	"""The problem of a model in a context: its families and the rules that bind, each under its code.

	Args:
		context: order fields; what is absent or None is unknown.
		on: order date, for certification.
		without: rule types left out (``ccc`` to ask what certification alone blocks).

	Raises:
		BadInput: when a rule compares more combinations of options than can be settled.
	"""
	words = Vocabulary.of(catalogue, model)
	builder = ProblemBuilder()
	for code in words.codes:
		builder.option(code)
	for family, members in words.members.items():
		if words.single(family):
			builder.group(members)
	translator = Translator(words, context, on)
	for rule in binding_rules(catalogue):
		if rule.solver and rule.type not in without:
			add_rule(builder, rule, encoded_rule(translator, rule))
	return builder.build()


def binding_rules(catalogue: Catalogue) -> list[Rule]:
	"""Active rules of severity error: those that make a configuration invalid."""
	return [rule for rule in catalogue.rules if rule.active and rule.severity == "error"]


def judged_rules(catalogue: Catalogue) -> list[Rule]:
	"""Binding rules that only the plain evaluator judges, on complete configurations."""
	return [rule for rule in binding_rules(catalogue) if not rule.solver]


def encoded_rule(translator: Translator, rule: Rule) -> Encoded:
	"""The clauses of one rule, kept with the catalogue by what the rule depends on."""
	words = translator.words
	situations = Situations.of(words.catalogue, words.model)
	needs = situations.needs.get(rule.code) or Needs.of([rule])
	values = needs.values(translator.context, words.model.period(translator.on))
	key = ("encoded", words.model.code, rule.code, values)
	found = words.catalogue.derived.get(key)
	if found is None:
		found = words.catalogue.derived[key] = _encoded(translator, rule)
	assert isinstance(found, Encoded)
	return found


def add_rule(builder: ProblemBuilder, rule: Rule, encoded: Encoded) -> None:
	"""Add a rule's clauses under its code; a rule that cannot be violated adds nothing."""
	if not encoded.clauses:
		return
	number = builder.rule(rule.code)
	if not encoded.helpers:
		builder.clauses.extend(encoded.clauses)
		builder.clause_rules.extend([number] * len(encoded.clauses))
		return
	own = {HELPER_BASE + i: builder.helper() for i in range(encoded.helpers)}
	for clause in encoded.clauses:
		moved = (own.get(abs(lit), abs(lit)) * (1 if lit > 0 else -1) for lit in clause)
		builder.clause(moved, number)


HELPER_BASE = 1_000_000
"""Number of a rule's first helper before it is given a place in a problem."""


def kept_by(translator: Translator, rule: Rule) -> Formula:
	"""The formula that holds exactly when the rule is not violated."""
	parts = [negated(translator.truth(part).true) for part in (rule.scope, rule.if_) if part is not None]
	return some([*parts, negated(translator.truth(rule.then).false)])


def _encoded(translator: Translator, rule: Rule) -> Encoded:
	count = 0

	def fresh() -> int:
		nonlocal count
		count += 1
		return HELPER_BASE + count - 1

	try:
		clauses = Clauses(fresh).of(kept_by(translator, rule))
	except BadInput as error:
		raise BadInput(
			f"rule {rule.code}: {error.message}", expected=error.expected, path=("rules", rule.code)
		) from error
	return Encoded(tuple(clauses), count)
