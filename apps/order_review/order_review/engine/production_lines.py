"""Lines of a production configuration (生产配置) as people complete them: what the rules fill, what is put in by hand,
what is still wrong, and which option stands behind which line.

Pure functions on plain values; the rules themselves are applied by ``production``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .evaluate import Facts, evaluate
from .production import Production, causes_of, slots_of

RULE, MANUAL = "rule", "manual"
"""Sources of a line."""

SPECIAL_SLOT = "SPECIAL"
"""Slot of assemblies that only a special option needs, outside the slots of the catalogue."""


@dataclass(frozen=True)
class Line:
	"""An assembly in a slot.

	Attributes:
		slot: code of the slot, or ``SPECIAL_SLOT``.
		assembly: assembly number.
		qty: pieces per vehicle.
		source: ``rule`` or ``manual``.
		options: sales options that caused it; of a rule's line those the rule asks for.
		special: number of the special option request it is for, if any.
		rule: code of the translation rule.
		name_zh, shop: as the rule says.
	"""

	slot: str
	assembly: str
	qty: float
	source: str = RULE
	options: tuple[str, ...] = ()
	special: str = ""
	rule: str = ""
	name_zh: str = ""
	shop: str = ""


@dataclass(frozen=True)
class Trace:
	"""Which production lines an option or a special has, and what is explained by nothing.

	Attributes:
		lines: option or special → its lines.
		without_parts: option → rule that says it has no production effect.
		unexplained_options: options with neither lines nor such a rule.
		unexplained_lines: lines no option, no special and no reason stands behind.
	"""

	lines: Mapping[str, tuple[Line, ...]]
	without_parts: Mapping[str, str]
	unexplained_options: tuple[str, ...]
	unexplained_lines: tuple[Line, ...]

	@property
	def is_closed(self) -> bool:
		"""Whether everything is explained in both directions."""
		return not self.unexplained_options and not self.unexplained_lines


def combined(production: Production, manual: Iterable[Line]) -> tuple[Line, ...]:
	"""The lines of a configuration: a slot with manual lines takes nothing of its rule; slot order, specials last."""
	by_hand = list(manual)
	overridden = {line.slot for line in by_hand}
	ruled = [
		Line(
			one.slot,
			one.assembly.assembly,
			one.assembly.qty,
			RULE,
			one.options,
			"",
			one.rule,
			one.assembly.name_zh,
			one.assembly.shop,
		)
		for one in production.lines
		if one.slot not in overridden
	]
	return (*ruled, *by_hand)


def gaps(production: Production, lines: Iterable[Line]) -> tuple[str, ...]:
	"""Slots that must be filled and are not."""
	filled = {line.slot for line in lines}
	return tuple(slot for slot in production.gaps if slot not in filled)


def doubles(production: Production, lines: Iterable[Line]) -> tuple[tuple[str, tuple[str, ...]], ...]:
	"""Slots several rules fill and nobody has decided by hand, with the rules."""
	decided = {line.slot for line in lines if line.source == MANUAL}
	return tuple((slot, rules) for slot, rules in production.doubles if slot not in decided)


def empty_by_rule(facts: Facts) -> dict[str, str]:
	"""Chosen option → rule that fills its slot with nothing on purpose (no production effect)."""
	found: dict[str, str] = {}
	for _slot, rules in slots_of(facts.catalogue, facts.model):
		for rule in rules:
			if rule.lines.get(facts.model.code) or evaluate(rule.when, facts) is not True:
				continue
			for code in causes_of(rule, facts):
				if code in facts.chosen:
					found.setdefault(code, rule.code)
	return found


def trace(
	options: Collection[str],
	specials: Collection[str],
	lines: Collection[Line],
	without_parts: Mapping[str, str],
	effectless_specials: Collection[str],
	explained_slots: Collection[str] = (),
) -> Trace:
	"""The trace matrix: every sales option ↔ its production lines.

	Args:
		options: chosen options.
		specials: numbers of the special option requests.
		lines: production lines.
		without_parts: option → rule that says it has no parts.
		effectless_specials: specials somebody said to have no production effect.
		explained_slots: slots whose manual lines carry a reason; they are explained by it.
	"""
	wanted = [*options, *specials]
	found: dict[str, list[Line]] = {code: [] for code in wanted}
	unexplained: list[Line] = []
	for line in lines:
		causes = [code for code in (*line.options, line.special) if code in found]
		for code in causes:
			found[code].append(line)
		if not causes and line.slot not in explained_slots:
			unexplained.append(line)
	silent = {**dict.fromkeys(effectless_specials, ""), **without_parts}
	return Trace(
		{code: tuple(rows) for code, rows in found.items()},
		{code: silent[code] for code in wanted if code in silent and not found[code]},
		tuple(code for code in wanted if not found[code] and code not in silent),
		tuple(unexplained),
	)


def kept_by_hand(
	manual: Iterable[Line], before: Production, after: Production, specials: Collection[str]
) -> tuple[Line, ...]:
	"""Manual lines of an earlier version that still hold: their slot's rules and special have not changed."""
	old, new = _fillings(before), _fillings(after)
	return tuple(
		line
		for line in manual
		if (line.special in specials if line.special else old.get(line.slot) == new.get(line.slot))
	)


def changed_slots(before: Iterable[Line], after: Iterable[Line]) -> tuple[str, ...]:
	"""Slots whose assemblies differ between two versions, in the order of the new one, then of the old."""
	old, new = _assemblies(before), _assemblies(after)
	return tuple(slot for slot in dict.fromkeys((*new, *old)) if old.get(slot) != new.get(slot))


def _fillings(production: Production) -> dict[str, tuple[object, ...]]:
	found: dict[str, list[object]] = {}
	for line in production.lines:
		found.setdefault(line.slot, []).append((line.assembly.assembly, line.assembly.qty))
	for slot, rules in production.doubles:
		found.setdefault(slot, []).append(rules)
	return {slot: tuple(rows) for slot, rows in found.items()}


def _assemblies(lines: Iterable[Line]) -> dict[str, tuple[tuple[str, float], ...]]:
	found: dict[str, list[tuple[str, float]]] = {}
	for line in lines:
		found.setdefault(line.slot, []).append((line.assembly, line.qty))
	return {slot: tuple(sorted(rows)) for slot, rows in found.items()}
