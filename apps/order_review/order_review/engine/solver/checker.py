"""An independent judge of the engine's answers: plain evaluation and enumeration, no solver.

A configuration is valid when no binding rule is violated and each family is answered as the model asks.
A conflict is confirmed over all choices of the families it depends on; so it suits small sets of rules,
which is what conflicts are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations, product
from math import prod

from .. import language as ast
from ..catalogue import Catalogue, Model, Rule
from ..evaluate import Facts
from ..language import Value
from ..rulebook import is_violated
from .answers import Change, Conflict, Repair


@dataclass(frozen=True)
class Checker:
	"""Judges answers about one model in one context."""

	catalogue: Catalogue
	model: Model
	fields: Mapping[str, Value | None]
	on: date

	def rules(self) -> list[Rule]:
		"""Rules that make a configuration invalid."""
		return [rule for rule in self.catalogue.rules if rule.active and rule.severity == "error"]

	def is_valid(self, chosen: Iterable[str]) -> bool:
		"""Whether a complete configuration has nothing unoffered, missing, double or violated."""
		chosen = frozenset(chosen)
		if not all(self._offered(code) for code in chosen):
			return False
		counts = {
			family: sum(code in chosen for code in self._options(family)) for family in self.model.families
		}
		if any(self.catalogue.families[family].single and count != 1 for family, count in counts.items()):
			return False
		return not self._violates(chosen, self.rules())

	def confirms_conflict(self, conflict: Conflict) -> bool:
		"""Whether the parts cannot stand together, and can once any one of them is left out."""
		parts = [("rule", c) for c in conflict.rules]
		parts += [("option", c) for c in conflict.options] + [("without", c) for c in conflict.without]
		families = self._families(conflict)
		if self._can_stand(parts, families):
			return False
		return all(self._can_stand([other for other in parts if other != part], families) for part in parts)

	def confirms_repair(self, chosen: Iterable[str], repair: Repair) -> bool:
		"""Whether the changes make the configuration valid and no part of them does."""
		chosen, changes = frozenset(chosen), repair.changes
		parts = chain.from_iterable(combinations(changes, size) for size in range(len(changes)))
		return self.is_valid(applied(chosen, changes)) and not any(
			self.is_valid(applied(chosen, p)) for p in parts
		)

	def configurations(self, families: Sequence[str] | None = None) -> Iterator[frozenset[str]]:
		"""Every choice of the families (all of the model's where none are named), valid or not."""
		choices: list[list[tuple[str, ...]]] = []
		for family in self.model.families if families is None else families:
			offered = self._options(family)
			if self.catalogue.families[family].single:
				choices.append([(code,) for code in offered])
			else:
				sizes = range(len(offered) + 1)
				choices.append(list(chain.from_iterable(combinations(offered, size) for size in sizes)))
		assert prod(map(len, choices)) <= 5_000_000, "too many choices to enumerate"
		return (frozenset(chain.from_iterable(choice)) for choice in product(*choices))

	def _can_stand(self, parts: Sequence[tuple[str, str]], families: Sequence[str]) -> bool:
		rules = [rule for rule in self.rules() if ("rule", rule.code) in parts]
		options = {code for kind, code in parts if kind == "option"}
		without = {code for kind, code in parts if kind == "without"}
		return any(
			options <= chosen and not without & chosen and not self._violates(chosen, rules)
			for chosen in self.configurations(families)
		)

	def _families(self, conflict: Conflict) -> list[str]:
		"""The model's families that the parts of a conflict depend on."""
		options = self.catalogue.options
		named = {options[code].family for code in (*conflict.options, *conflict.without) if code in options}
		for rule in self.rules():
			for node in (
				node for part in rule.conditions for node in ast.walk(part) if rule.code in conflict.rules
			):
				if isinstance(node, ast.OptionRef) and node.code in options:
					named.add(options[node.code].family)
				elif isinstance(node, (ast.AnyOf, ast.NoneOf, ast.Count, ast.Attr, ast.Covered)):
					named.add(node.family)
				elif isinstance(node, ast.Sum):
					named.update(option.family for option in options.values() if node.name in option.attrs)
		return [family for family in self.model.families if family in named]

	def _violates(self, chosen: frozenset[str], rules: Iterable[Rule]) -> bool:
		facts = Facts(self.catalogue, self.model, self.fields, self.on, chosen)
		return any(is_violated(rule, facts) for rule in rules)

	def _options(self, family: str) -> list[str]:
		return [code for code in self.catalogue.options_of(family) if self._offered(code)]

	def _offered(self, code: str) -> bool:
		option = self.catalogue.options.get(code)
		offered = option is not None and option.active and self.model.alias in option.avail
		return offered and option is not None and option.family in self.model.families


def applied(chosen: frozenset[str], changes: Iterable[Change]) -> frozenset[str]:
	"""The configuration after some changes."""
	changes = tuple(changes)
	return chosen.difference(c.old for c in changes if c.old).union(c.new for c in changes if c.new)
