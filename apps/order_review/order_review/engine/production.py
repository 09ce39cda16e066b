"""Configuration translation (配置翻译): sales options to assembly lines, slot by slot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import language as ast
from .catalogue import AssemblyLine, TranslationRule
from .evaluate import Facts
from .rulebook import rulebook


@dataclass(frozen=True)
class ProductionLine:
	"""An assembly in its slot, with the rule and the options that caused it."""

	slot: str
	assembly: AssemblyLine
	rule: str
	options: tuple[str, ...]

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"slot": self.slot,
			"assembly": self.assembly.assembly,
			"qty": self.assembly.qty,
			"rule": self.rule,
			"options": list(self.options),
		}


@dataclass(frozen=True)
class Production:
	"""A production configuration (生产配置): lines in slot order, slots left empty, slots filled by several rules."""

	lines: tuple[ProductionLine, ...]
	gaps: tuple[str, ...]
	doubles: tuple[tuple[str, tuple[str, ...]], ...]

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"lines": [line.as_dict() for line in self.lines],
			"gaps": list(self.gaps),
			"doubles": [{"slot": slot, "rules": list(rules)} for slot, rules in self.doubles],
		}


def translate(facts: Facts) -> Production:
	"""The production configuration of a complete sales configuration.

	A slot filled by several rules gives no lines: which of them is meant cannot be told.
	"""
	lines: list[ProductionLine] = []
	gaps: list[str] = []
	doubles: list[tuple[str, tuple[str, ...]]] = []
	for slot, rules in rulebook(facts.catalogue, facts.model).fillings(facts):
		if len(rules) == 1:
			lines += _lines(rules[0], facts)
		elif rules:
			doubles.append((slot.code, tuple(rule.code for rule in rules)))
		elif not slot.optional:
			gaps.append(slot.code)
	return Production(tuple(lines), tuple(gaps), tuple(doubles))


def _lines(rule: TranslationRule, facts: Facts) -> list[ProductionLine]:
	assemblies = rule.lines.get(facts.model.code, ())
	causes = tuple(dict.fromkeys(code for code in _causes(rule, facts) if code in facts.chosen)) if assemblies else ()
	return [ProductionLine(rule.slot, assembly, rule.code, causes) for assembly in assemblies]


def _causes(rule: TranslationRule, facts: Facts) -> list[str]:
	causes: list[str] = []
	for node in ast.walk(rule.when):
		if isinstance(node, ast.OptionRef):
			causes.append(node.code)
		elif isinstance(node, (ast.AnyOf, ast.NoneOf, ast.Count, ast.Attr, ast.Covered)):
			causes += facts.of_family(node.family)
	return causes
