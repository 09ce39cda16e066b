"""Configuration translation (配置翻译): sales options to assembly lines, slot by slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import Any

from . import language as ast
from .catalogue import AssemblyLine, Catalogue, Model, Slot, TranslationRule
from .evaluate import Facts, evaluate
from .json_text import json_list, json_text
from .rulebook import Dependence, Remembered, stretches


@dataclass(frozen=True)
class ProductionLine:
	"""An assembly in its slot, with the rule and the options that caused it."""

	slot: str
	assembly: AssemblyLine
	rule: str
	options: tuple[str, ...]

	@cached_property
	def text(self) -> str:
		"""The same as JSON, written once however many orders have the line."""
		return json_text(self.as_dict())

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

	def text(self) -> str:
		"""The plain data as JSON."""
		rest = {"gaps": list(self.gaps), "doubles": self._doubles()}
		lines = json_list([line.text for line in self.lines])
		return f'{{"lines": {lines}, {json_text(rest)[1:]}'

	def _doubles(self) -> list[dict[str, Any]]:
		return [{"slot": slot, "rules": list(rules)} for slot, rules in self.doubles]

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"lines": [line.as_dict() for line in self.lines],
			"gaps": list(self.gaps),
			"doubles": self._doubles(),
		}


@dataclass(frozen=True)
class _Filling:
	"""What stands in one slot: the rules that hold and, where it is exactly one, its lines."""

	rules: tuple[str, ...]
	lines: tuple[ProductionLine, ...]


def translate(facts: Facts) -> Production:
	"""The production configuration of a complete sales configuration.

	A slot filled by several rules gives no lines: which of them is meant cannot be told.
	"""
	bits = facts.bits
	parts = [stretch(bits, facts) for stretch in _stretches(facts.catalogue, facts.model)]
	return Production(
		tuple(chain.from_iterable(part.lines for part in parts)),
		tuple(chain.from_iterable(part.gaps for part in parts)),
		tuple(chain.from_iterable(part.doubles for part in parts)),
	)


def _stretches(catalogue: Catalogue, model: Model) -> list[Remembered[Production]]:
	"""Slots in slot order, several neighbours at a time."""
	key = ("stretches of slots", model.code)
	found: list[Remembered[Production]] | None = catalogue.derived.get(key)
	if found is None:
		slots = _slots(catalogue, model)
		asked = [filling_of for _, filling_of in slots]
		found = catalogue.derived[key] = [
			Remembered(
				Dependence.joined([each.dependence for each in asked[first:end]]),
				partial(_translated, slots[first:end]),
			)
			for first, end in stretches(asked)
		]
	return found


def _translated(slots: Sequence[tuple[Slot, Remembered[_Filling]]], facts: Facts) -> Production:
	lines: list[ProductionLine] = []
	gaps: list[str] = []
	doubles: list[tuple[str, tuple[str, ...]]] = []
	for slot, filling_of in slots:
		filling = filling_of(facts.bits, facts)
		lines += filling.lines
		if len(filling.rules) > 1:
			doubles.append((slot.code, filling.rules))
		elif not filling.rules and not slot.optional:
			gaps.append(slot.code)
	return Production(tuple(lines), tuple(gaps), tuple(doubles))


def slots_of(catalogue: Catalogue, model: Model) -> list[tuple[Slot, list[TranslationRule]]]:
	"""The model's slots in slot order, each with the rules made for the model."""
	by_slot: dict[str, list[TranslationRule]] = {}
	for rule in catalogue.translation_rules:
		if model.code in rule.models:
			by_slot.setdefault(rule.slot, []).append(rule)
	return [(slot, by_slot[slot.code]) for slot in catalogue.slots if slot.code in by_slot]


def _slots(catalogue: Catalogue, model: Model) -> list[tuple[Slot, Remembered[_Filling]]]:
	key = ("slots", model.code)
	slots: list[tuple[Slot, Remembered[_Filling]]] | None = catalogue.derived.get(key)
	if slots is None:
		slots = catalogue.derived[key] = [
			(slot, Remembered(Dependence([rule.when for rule in rules], catalogue), partial(_fill, rules)))
			for slot, rules in slots_of(catalogue, model)
		]
	return slots


def _fill(rules: Sequence[TranslationRule], facts: Facts) -> _Filling:
	holding = [rule for rule in rules if evaluate(rule.when, facts) is True]
	lines = _lines(holding[0], facts) if len(holding) == 1 else ()
	return _Filling(tuple(rule.code for rule in holding), lines)


def _lines(rule: TranslationRule, facts: Facts) -> tuple[ProductionLine, ...]:
	causes = tuple(dict.fromkeys(code for code in causes_of(rule, facts) if code in facts.chosen))
	return tuple(
		ProductionLine(rule.slot, assembly, rule.code, causes)
		for assembly in rule.lines.get(facts.model.code, ())
	)


def causes_of(rule: TranslationRule, facts: Facts) -> list[str]:
	"""Options the condition of a rule asks about, as far as the facts have them; in its order, repeats kept."""
	causes: list[str] = []
	for node in ast.walk(rule.when):
		if isinstance(node, ast.OptionRef):
			causes.append(node.code)
		elif isinstance(node, (ast.AnyOf, ast.NoneOf, ast.Count, ast.Attr, ast.Covered)):
			causes += facts.of_family(node.family)
	return causes


# --- what fills each slot, and with what effect --------------------------------------------------------------


@dataclass(frozen=True)
class Silent:
	"""A slot filled by a noop rule: its options are real choices without parts."""

	slot: str
	rule: str
	options: tuple[str, ...]


def silent_fillings(facts: Facts) -> tuple[Silent, ...]:
	"""Slots filled by exactly one rule that has no lines for the model, with the options that say so."""
	bits = facts.bits
	rules = {rule.code: rule for rule in facts.catalogue.translation_rules}
	found = []
	for slot, filling_of in _slots(facts.catalogue, facts.model):
		filling = filling_of(bits, facts)
		if len(filling.rules) == 1 and not filling.lines:
			causes = causes_of(rules[filling.rules[0]], facts)
			options = tuple(dict.fromkeys(code for code in causes if code in facts.chosen))
			found.append(Silent(slot.code, filling.rules[0], options))
	return tuple(found)


def families_of_slots(catalogue: Catalogue, model: Model) -> dict[str, frozenset[str]]:
	"""Slot → option families its rules for the model look at."""
	return {
		slot.code: frozenset(family for rule in rules for family in _families(rule, catalogue))
		for slot, rules in slots_of(catalogue, model)
	}


def _families(rule: TranslationRule, catalogue: Catalogue) -> list[str]:
	families = []
	for node in ast.walk(rule.when):
		if isinstance(node, ast.OptionRef) and node.code in catalogue.options:
			families.append(catalogue.options[node.code].family)
		elif isinstance(node, (ast.AnyOf, ast.NoneOf, ast.Count, ast.Attr, ast.Covered)):
			families.append(node.family)
	return families
