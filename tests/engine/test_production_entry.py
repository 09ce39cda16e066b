"""The lines of a version: by rule and by hand, kept over versions, explained in both directions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from order_review.adapters import catalogue_folder
from order_review.engine import Catalogue
from order_review.engine import production_entry as entry
from order_review.engine.configuration import chosen_options
from order_review.engine.order import Order
from order_review.engine.production import Production, silent_fillings, slots_of, translate
from order_review.engine.review import facts_of
from tests.engine.samples import DATA

SAMPLES = {order["id"]: order for order in catalogue_folder.load_yaml(DATA / "orders.yaml")["orders"]}


def facts(catalogue: Catalogue, sample: str, **changes: Any) -> Any:
	order = Order.from_data({**SAMPLES[sample], **changes}, catalogue)
	return facts_of(catalogue, order, chosen_options(catalogue, order))


def made(catalogue: Catalogue, sample: str, *manual: entry.EntryLine, **changes: Any) -> entry.Composed:
	known = facts(catalogue, sample, **changes)
	slots = [slot.code for slot, _rules in slots_of(catalogue, known.model)]
	return entry.compose(translate(known), manual, slots)


def by_hand(slot: str, assembly: str = "1-X", **values: Any) -> entry.EntryLine:
	return entry.EntryLine(slot, assembly, "总成", Decimal(1), "final", reason="通知 26-118", **values)


def traced(
	catalogue: Catalogue, sample: str, lines: Any, specials: dict[str, tuple[str, str]] | None = None
) -> tuple[entry.TraceRow, ...]:
	known = facts(catalogue, sample)
	return entry.trace(sorted(known.chosen), lines, silent_fillings(known), specials or {})


def test_a_line_by_hand_takes_the_place_of_the_rule_and_is_for_the_same_options(catalogue: Catalogue) -> None:
	ruled = made(catalogue, "IO-01")
	composed = made(catalogue, "IO-01", by_hand("TYR"))
	assert len(composed.lines) == len(ruled.lines)
	(line,) = [line for line in composed.lines if line.slot == "TYR"]
	(before,) = [line for line in ruled.lines if line.slot == "TYR"]
	assert (line.source, line.assembly, line.options) == (entry.MANUAL, "1-X", before.options)
	assert [line.slot for line in composed.lines] == [line.slot for line in ruled.lines]


def test_a_gap_is_closed_by_hand(catalogue: Catalogue) -> None:
	assert made(catalogue, "IO-07").gaps == ("RAIL",)
	assert made(catalogue, "IO-07", by_hand("RAIL")).gaps == ()


@pytest.mark.parametrize("sample", [f"IO-{number:02}" for number in range(1, 13)])
def test_every_option_of_the_samples_is_explained_and_every_line(catalogue: Catalogue, sample: str) -> None:
	assert entry.unexplained(traced(catalogue, sample, made(catalogue, sample).lines)) == ()


def test_an_option_without_its_line_is_not_explained(catalogue: Catalogue) -> None:
	lines = [line for line in made(catalogue, "IO-01").lines if "WIN-DG" not in line.options]
	assert entry.unexplained(traced(catalogue, "IO-01", lines)) == ("WIN-DG",)


def test_an_option_without_parts_is_explained_by_its_rule(catalogue: Catalogue) -> None:
	rows = {row.ref: row for row in traced(catalogue, "IO-01", made(catalogue, "IO-01").lines)}
	assert rows["WAR-S"].explained
	assert not rows["WAR-S"].lines
	assert rows["WAR-S"].silent


def test_a_line_nothing_sold_asks_for_is_not_explained_but_by_a_reason(catalogue: Catalogue) -> None:
	lines = list(made(catalogue, "IO-01").lines)
	loose = replace(lines[0], slot="EXTRA", options=())
	assert entry.unexplained(traced(catalogue, "IO-01", [*lines, loose])) == ("EXTRA",)
	said = replace(loose, source=entry.MANUAL, reason="随车附件")
	assert entry.unexplained(traced(catalogue, "IO-01", [*lines, said])) == ()


@pytest.mark.parametrize(
	("handled", "with_line", "left"),
	[
		((entry.LINE, ""), True, ()),
		((entry.LINE, ""), False, ("SPC-1",)),
		((entry.NO_EFFECT, "只改说明书"), False, ()),
		((entry.NO_EFFECT, ""), False, ("SPC-1",)),
		((entry.NO_EFFECT, "只改说明书"), True, ("SPC-1",)),
		(("", ""), False, ("SPC-1",)),
	],
)
def test_a_special_option_has_a_line_or_a_reason_for_none(
	catalogue: Catalogue, handled: tuple[str, str], with_line: bool, left: tuple[str, ...]
) -> None:
	lines = list(made(catalogue, "IO-01").lines)
	if with_line:
		lines.append(by_hand("SPC-1", special="SPC-1", source=entry.MANUAL))
	assert entry.unexplained(traced(catalogue, "IO-01", lines, {"SPC-1": handled})) == left


def productions(catalogue: Catalogue, **changes: Any) -> tuple[Production, Production]:
	return translate(facts(catalogue, "IO-01")), translate(facts(catalogue, "IO-01", **changes))


def test_only_slots_that_are_filled_otherwise_are_translated_again(catalogue: Catalogue) -> None:
	picks = [code for code in SAMPLES["IO-01"]["picks"] if code != "SFB-FB"]
	before, after = productions(catalogue, picks=[*picks, "SFB-L"])
	changed = entry.changed_slots(before, after)
	assert "SFB" in changed
	assert not changed & {"ENG", "TYR", "WIN"}
	manual = [by_hand("TYR"), by_hand("SFB"), by_hand("SPC-1", special="SPC-1")]
	assert entry.kept_manual(manual, changed, {"SPC-1"}) == (manual[0], manual[2])
	assert entry.kept_manual(manual, changed, set()) == (manual[0],)


def test_changed_lines_are_marked_with_the_old_number(catalogue: Catalogue) -> None:
	picks = [code for code in SAMPLES["IO-01"]["picks"] if code != "SFB-FB"]
	before = made(catalogue, "IO-01").lines
	after = made(catalogue, "IO-01", picks=[*picks, "SFB-L"]).lines
	marks = {line.slot: line for line in entry.marked(after, before) if line.change}
	old = next(line.assembly for line in before if line.slot == "SFB")
	assert marks["SFB"].change == entry.CHANGED
	assert marks["SFB"].replaces == old
	assert "ENG" not in marks
	assert not any(line.change for line in entry.marked(before, before))


def test_what_is_not_built_in_any_more_is_told(catalogue: Catalogue) -> None:
	before = made(catalogue, "IO-01").lines
	after = [line for line in before if line.slot != "TYR"]
	assert [line.slot for line in entry.gone(after, before)] == ["TYR"]
