"""Order entry (订单录入): the lines a version is made of, what explains each of them, what changed since the last version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from .diff import Part, slot_changes
from .production import Production, Silent

RULE, MANUAL = "Rule", "Manual"
"""Sources of a line."""

NEW, CHANGED, SAME = "New", "Changed", ""
"""What became of a line since the last version."""

LINE, NO_EFFECT = "Line", "No Production Effect"
"""How a special option is handled."""

OPTION, SPECIAL, LOOSE = "option", "special", "line"
"""Kinds of rows of the trace matrix."""


@dataclass(frozen=True)
class EntryLine:
	"""A line of a production configuration, from a rule or by hand.

	A line by hand takes the place of what the rules give its slot, unless it is for a special option whose number
	is its slot: then it comes on top.
	"""

	slot: str
	assembly: str
	name: str
	qty: Decimal
	shop: str
	source: str = RULE
	rule: str = ""
	options: tuple[str, ...] = ()
	reason: str = ""
	special: str = ""
	change: str = SAME
	replaces: str = ""

	@property
	def held(self) -> tuple[str, Decimal]:
		"""What is built in."""
		return (self.assembly, self.qty)


@dataclass(frozen=True)
class Composed:
	"""The lines of a version in slot order, and the slots that have no source or several."""

	lines: tuple[EntryLine, ...]
	gaps: tuple[str, ...]
	doubles: tuple[tuple[str, tuple[str, ...]], ...]


def rule_lines(production: Production) -> tuple[EntryLine, ...]:
	"""What the rules give."""
	return tuple(
		EntryLine(
			line.slot,
			line.assembly.assembly,
			line.assembly.name_zh,
			Decimal(str(line.assembly.qty)),
			line.assembly.shop,
			rule=line.rule,
			options=line.options,
		)
		for line in production.lines
	)


def compose(
	production: Production,
	manual: Iterable[EntryLine],
	slots: Iterable[str],
	asked: Mapping[str, tuple[str, ...]] | None = None,
) -> Composed:
	"""Put what the rules give and what was entered by hand together.

	A line by hand is for the options its slot is filled for.

	Args:
		production: what the rules give.
		manual: lines by hand.
		slots: slots of the model, in their order; others (of special options) follow.
		asked: slot → chosen options its rules look at; what a line by hand is for where no rule fits.
	"""
	ruled = rule_lines(production)
	causes: dict[str, tuple[str, ...]] = dict(asked or {})
	for slot in {line.slot for line in ruled}:
		found = (code for line in ruled if line.slot == slot for code in line.options)
		causes[slot] = tuple(dict.fromkeys(found))
	by_hand = [replace(line, source=MANUAL, rule="", options=causes.get(line.slot, ())) for line in manual]
	taken = {line.slot for line in by_hand}
	places = {slot: place for place, slot in enumerate(slots)}
	lines = [line for line in ruled if line.slot not in taken] + by_hand
	lines.sort(key=lambda line: places.get(line.slot, len(places)))
	return Composed(
		tuple(lines),
		tuple(slot for slot in production.gaps if slot not in taken),
		tuple((slot, rules) for slot, rules in production.doubles if slot not in taken),
	)


# --- versions -----------------------------------------------------------------------------------------------


def changed_slots(before: Production, after: Production) -> frozenset[str]:
	"""Slots the rules fill otherwise than before."""
	old, new = _fillings(before), _fillings(after)
	return frozenset(slot for slot in {*old, *new} if old.get(slot) != new.get(slot))


def _fillings(production: Production) -> dict[str, Any]:
	filled: dict[str, Any] = {}
	for line in production.lines:
		filled.setdefault(line.slot, set()).add((line.assembly.assembly, line.assembly.qty))
	filled |= {slot: "gap" for slot in production.gaps}
	filled |= {slot: rules for slot, rules in production.doubles}
	return filled


def kept_manual(
	manual: Iterable[EntryLine], changed: Collection[str], specials: Collection[str]
) -> tuple[EntryLine, ...]:
	"""Lines by hand that go on into the next version: of slots the rules fill as before, and of specials still there."""
	return tuple(
		line for line in manual if line.slot not in changed and (not line.special or line.special in specials)
	)


def marked(lines: Iterable[EntryLine], before: Iterable[EntryLine]) -> tuple[EntryLine, ...]:
	"""The lines of a version with what changed since the version before, and the old numbers."""
	lines = tuple(lines)
	changes = {change.slot: change.before for change in slot_changes(_parts(before), _parts(lines))}
	return tuple(_marked(line, changes.get(line.slot)) for line in lines)


def _marked(line: EntryLine, old: tuple[Part, ...] | None) -> EntryLine:
	"""A line by what its slot held before; None where the slot holds what it held."""
	if old is None or line.held in [(part.assembly, part.qty) for part in old]:
		return replace(line, change=SAME, replaces="")
	return replace(line, change=CHANGED if old else NEW, replaces=", ".join(part.assembly for part in old))


def gone(lines: Iterable[EntryLine], before: Iterable[EntryLine]) -> tuple[EntryLine, ...]:
	"""Lines of the version before in slots that hold nothing any more."""
	before = tuple(before)
	emptied = {change.slot for change in slot_changes(_parts(before), _parts(lines)) if not change.after}
	return tuple(line for line in before if line.slot in emptied)


def _parts(lines: Iterable[EntryLine]) -> tuple[Part, ...]:
	return tuple(Part(line.slot, line.assembly, line.qty, line.options) for line in lines)


# --- what explains what -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TraceRow:
	"""A row of the trace matrix: what was sold, what is built for it, and whether one explains the other.

	Attributes:
		key: stays the same while the row says the same thing of the same option or line.
		kind: option, special or line.
		ref: option code, request number or slot.
		lines: production lines.
		silent: rules that say that an option has no parts.
		note: why there is no effect, or why a line was entered by hand.
		explained: whether nothing is left open.
	"""

	key: str
	kind: str
	ref: str
	lines: tuple[EntryLine, ...] = ()
	silent: tuple[str, ...] = ()
	note: str = ""
	explained: bool = True


def trace(
	options: Iterable[str],
	lines: Iterable[EntryLine],
	silent: Iterable[Silent],
	specials: Mapping[str, tuple[str, str]],
) -> tuple[TraceRow, ...]:
	"""Every sales option against the production lines, and every line against what was sold.

	Args:
		options: chosen options, in the order they are shown.
		lines: the lines of the production configuration.
		silent: slots filled by rules without parts.
		specials: request number → (how it is handled, reason).
	"""
	lines, silent, options = tuple(lines), tuple(silent), tuple(options)
	rows = [_of_option(code, lines, silent) for code in options]
	rows += [_of_special(number, handled, lines) for number, handled in specials.items()]
	sold = {*options}
	rows += [
		_of_line(line)
		for line in lines
		if line.special not in specials and not sold.intersection(line.options)
	]
	return tuple(rows)


def _of_option(code: str, lines: tuple[EntryLine, ...], silent: tuple[Silent, ...]) -> TraceRow:
	own = tuple(line for line in lines if code in line.options)
	rules = tuple(one.rule for one in silent if code in one.options)
	return TraceRow(f"{OPTION}:{code}", OPTION, code, own, rules, explained=bool(own or rules))


def _of_special(number: str, handled: tuple[str, str], lines: tuple[EntryLine, ...]) -> TraceRow:
	handling, reason = handled
	own = tuple(line for line in lines if line.special == number)
	explained = bool(own) if handling == LINE else handling == NO_EFFECT and bool(reason) and not own
	return TraceRow(f"{SPECIAL}:{number}", SPECIAL, number, own, note=reason, explained=explained)


def _of_line(line: EntryLine) -> TraceRow:
	"""A line nothing that was sold asks for: explained by the reason it was entered with, and not else."""
	explained = line.source == MANUAL and bool(line.reason) and not line.special
	return TraceRow(
		f"{LOOSE}:{line.slot}:{line.assembly}",
		LOOSE,
		line.slot,
		(line,),
		note=line.reason,
		explained=explained,
	)


def unexplained(rows: Iterable[TraceRow]) -> tuple[str, ...]:
	"""What stands alone: options, specials or slots."""
	return tuple(row.ref for row in rows if not row.explained)
