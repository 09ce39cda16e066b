"""What the configurator asks: states of options, reasons, running price, conflict, repairs, completion, comparison.

Everything here is a pure function of the catalogue and a question; who may ask is decided before.
Answers hold list prices only, never floor or cost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import zip_longest
from typing import Any

from order_review.adapters.intent_order import picks_and_drops
from order_review.engine.catalogue import Catalogue, Family, Model, Option, PriceBook, Rule
from order_review.engine.configuration import configuration_findings
from order_review.engine.errors import BadInput
from order_review.engine.order import Order
from order_review.engine.pricing import plain, price
from order_review.engine.rulebook import rulebook
from order_review.engine.solver import (
	CompiledModel,
	Conflict,
	Context,
	Reason,
	Repair,
	compile_model,
	configuration_conflict,
	conflict_sentence,
	explain,
	reason_sentence,
	states,
)
from order_review.engine.solver import complete as cheapest_completion
from order_review.engine.solver import repairs as best_repairs

Data = dict[str, Any]
Sentence = dict[str, str]

ORDERS = ("changes", "price", "lead")
MOST_REPAIRS = 10
EXCLUDED = "excluded"
UNAVAILABLE = {"zh": "该车型当前没有任何有效配置", "en": "Nothing valid is left of this model"}

STEPS = {
	"powertrain": ("动力系统", "Powertrain"),
	"chassis": ("底盘", "Chassis"),
	"body": ("车身", "Body"),
	"interior": ("内饰与座椅", "Interior and seats"),
	"hvac": ("空调与采暖", "Climate"),
	"electrical": ("电气与信息", "Electrics and information"),
	"city": ("公交专用", "City bus equipment"),
	"school": ("校车专用", "School bus equipment"),
	"livery": ("图案涂装", "Livery"),
	"misc": ("其他", "Other"),
}
"""Family group → Chinese and English title of its step; another group is shown by its own name."""


@dataclass(frozen=True)
class Question:
	"""A model in the context of an order, and the configuration looked at."""

	catalogue: Catalogue
	order: Order
	chosen: frozenset[str]

	@classmethod
	def of(cls, catalogue: Catalogue, context: Mapping[str, Any], configuration: Collection[str]) -> Question:
		"""The question of an order context (keys of ``orders.yaml``); an empty configuration means the standard one.

		Raises:
			BadInput: the context cannot be understood.
		"""
		model = catalogue.models.get(str(context.get("model")))
		chosen = frozenset(configuration or (model.standard if model else ()))
		picks, drops = picks_and_drops(sorted(chosen), catalogue, model.code if model else None)
		data = {"id": "new", **context, "picks": picks, "drops": drops}
		return cls(catalogue, Order.from_data(data, catalogue), chosen)

	@property
	def model(self) -> Model:
		"""The vehicle model."""
		return self.catalogue.models[self.order.model]

	@cached_property
	def compiled(self) -> CompiledModel:
		"""The model compiled for the order's context."""
		return compile_model(self.catalogue, self.order.model, Context.of_order(self.order))

	@cached_property
	def book(self) -> PriceBook | None:
		"""The price book the order is priced by."""
		priced, _findings = price(self.catalogue, self.order, self.chosen)
		return None if priced is None else self.catalogue.price_books[priced.book]

	@cached_property
	def prices(self) -> Mapping[str, Decimal]:
		"""List increment of each option of the model, in yuan per vehicle."""
		return self.compiled.prices(self.book)

	@cached_property
	def picks(self) -> tuple[str, ...]:
		"""What was decided: chosen options that are not standard, in the order of families."""
		place = {code: index for index, code in enumerate(self.compiled.words.codes)}
		own = self.chosen.difference(self.model.standard)
		return tuple(sorted(own, key=lambda code: (place.get(code, len(place)), code)))

	@cached_property
	def held(self) -> tuple[str, ...] | None:
		"""The picks without those that stand in a conflict with each other; None when nothing valid is left at all."""
		held = tuple(code for code in self.picks if code in self.compiled.words.variables)
		while isinstance(conflict := explain(self.compiled, held), Conflict):
			if not conflict.options:
				return None
			held = tuple(code for code in held if code not in conflict.options)
		return held

	def states(self, basis: tuple[str, ...]) -> Mapping[str, str] | None:
		"""State of every option given these picks; None when they conflict."""
		if basis not in self._known:
			self._known[basis] = states(self.compiled, basis)
		return self._known[basis]

	@cached_property
	def _known(self) -> dict[tuple[str, ...], Mapping[str, str] | None]:
		return {}

	@property
	def lead_of_specials(self) -> int:
		"""Longest lead time among the order's special options, in days."""
		return max((special.lead_days for special in self.order.specials), default=0)

	def family_of(self, code: str) -> Family | None:
		"""The family of an option; None for an unknown one."""
		option = self.catalogue.options.get(code)
		return self.catalogue.families[option.family] if option else None

	def with_option(self, code: str) -> frozenset[str]:
		"""The configuration after choosing an option: it replaces the one of a single family, and toggles in a multi one."""
		family = self.family_of(code)
		if family is None or not family.single:
			return self.chosen ^ {code}
		return self.chosen.difference(self.catalogue.options_of(family.code)) | {code}

	def broken_rules(self, chosen: frozenset[str]) -> frozenset[str]:
		"""Rules of severity error that a configuration violates."""
		violated = rulebook(self.catalogue, self.model).violated(self.compiled.facts(chosen))
		return frozenset(rule.code for rule in violated if rule.severity == "error")

	@cached_property
	def rules(self) -> Mapping[str, Rule]:
		"""Configuration rules by code."""
		return {rule.code: rule for rule in self.catalogue.rules}

	def errors_of(self, chosen: frozenset[str]) -> frozenset[tuple[str, str]]:
		"""Configuration findings of severity error, by code and reference."""
		found = configuration_findings(self.compiled.facts(chosen))
		return frozenset((each.code, each.ref) for each in found if each.severity == "error")


def describe(question: Question) -> Data:
	"""What stays the same while options are chosen: steps, families, options with names, prices and lead times."""
	catalogue, model = question.catalogue, question.model
	steps: dict[str, list[Data]] = {}
	for code in model.families:
		family = catalogue.families[code]
		steps.setdefault(family.group, []).append(_family(question, family))
	return {
		"model": {"code": model.code, "zh": model.name_zh, "en": model.name_en},
		"steps": [
			{"code": group, **_both(STEPS.get(group, (group, group))), "families": families}
			for group, families in sorted(steps.items(), key=lambda step: _place(step[0]))
		],
		"standard": sorted(model.standard),
	}


def look(question: Question) -> Data:
	"""What changes with every choice: state of every option, findings, conflict, best repairs and running price."""
	conflict = configuration_conflict(question.compiled, question.chosen, first=question.picks)
	return {
		"configuration": sorted(question.chosen),
		"valid": conflict is None,
		"options": _states(question),
		"findings": [found.as_dict() for found in _findings(question)],
		"conflict": _conflict(question, conflict),
		"repairs": [] if conflict is None else repairs(question),
		"price": running_price(question, question.chosen),
	}


def why(question: Question, code: str) -> Data:
	"""The state of one option and the rules and choices it follows from.

	Raises:
		BadInput: the model does not offer the option.
	"""
	_check_offered(question, code)
	state, reason = _state(question, code)
	rules = question.rules
	return {
		"option": code,
		"state": state,
		"reason": _sentence(question, code, state, reason),
		"rules": [
			{
				"code": rule,
				"zh": rules[rule].message_zh,
				"en": rules[rule].message_en,
				"basis": rules[rule].basis,
			}
			for rule in (reason.rules if reason else ())
		],
		"options": list(reason.options) if reason else [],
	}


def repairs(question: Question, by: str = "changes", count: int = 3) -> list[Data]:
	"""The best repairs of the configuration; none when it is valid.

	Args:
		by: ``changes``, ``price`` or ``lead``.
		count: how many, at most MOST_REPAIRS.
	"""
	if by not in ORDERS:
		raise BadInput(f"the order {by!r} is unknown", expected="one of " + ", ".join(ORDERS), path=("by",))
	found = best_repairs(
		question.compiled,
		question.chosen,
		book=question.book,
		count=max(1, min(count, MOST_REPAIRS)),
		by=by,
		lead_of_specials=question.lead_of_specials,
	)
	return [_outcome(question, question.chosen, repair) for repair in found.best]


def switch(question: Question, code: str) -> Data | None:
	"""What choosing an option takes: the fewest further changes, own decisions being kept if that is possible at all.

	In a multi family the option is taken out where it is chosen already. None where no valid configuration has it.

	Raises:
		BadInput: the model does not offer the option.
	"""
	_check_offered(question, code)
	wanted = question.with_option(code)
	if not question.errors_of(wanted):
		return _changed(question, wanted)
	kept = (code,) if code in wanted else ()
	for decided in (question.picks, question.held or (), ()):
		still = tuple(pick for pick in decided if pick in wanted and pick != code)
		found = best_repairs(
			question.compiled,
			wanted,
			book=question.book,
			count=1,
			lead_of_specials=question.lead_of_specials,
			keep=(*kept, *still),
			without=() if kept else (code,),
		).best
		if found:
			return _changed(question, _applied(wanted, found[0]))
	return None


def complete(question: Question) -> Data | None:
	"""The cheapest valid configuration with everything that was decided; None where the decisions conflict."""
	found = cheapest_completion(question.compiled, question.picks, book=question.book)
	return None if found is None else _changed(question, frozenset(found.configuration))


def compare(question: Question, other: Collection[str]) -> Data:
	"""The difference to another configuration of the model, at the prices of this one."""
	before = frozenset(other)
	rows = []
	for code in [*question.model.families, *_families_elsewhere(question, before)]:
		old = _of_family(question, code, before)
		new = _of_family(question, code, question.chosen)
		if old != new:
			delta = _listed(question, new) - _listed(question, old)
			rows.append({"family": code, "from": old, "to": new, "price_delta": plain(delta)})
	return {
		"rows": rows,
		"price_delta": plain(_listed(question, question.chosen) - _listed(question, before)),
		"lead_delta": _lead(question, question.chosen) - _lead(question, before),
		"names": _names(question, [code for row in rows for code in (*row["from"], *row["to"])]),
	}


def running_price(question: Question, chosen: Iterable[str]) -> Data | None:
	"""Base, options and list total of a configuration and its difference to the standard one, yuan per vehicle."""
	book = question.book
	if book is None or question.model.code not in book.base:
		return None
	base = book.base[question.model.code].list
	options = _listed(question, chosen)
	return {
		"book": book.code,
		"base": plain(base),
		"options": plain(options),
		"total": plain(base + options),
		"over_standard": plain(options - _listed(question, question.model.standard)),
		"lead_days": _lead(question, chosen),
	}


def _family(question: Question, family: Family) -> Data:
	options = question.catalogue.options
	offered = question.catalogue.offered(family.code, question.model)
	return {
		"code": family.code,
		"zh": family.name_zh,
		"en": family.name_en,
		"single": family.single,
		"options": [_option(question, options[code]) for code in offered],
	}


def _option(question: Question, option: Option) -> Data:
	return {
		"code": option.code,
		"zh": option.name_zh,
		"en": option.name_en,
		"standard": option.code in question.model.standard,
		"price": plain(question.prices.get(option.code)),
		"lead_days": option.lead_days,
	}


def _states(question: Question) -> dict[str, Data]:
	before = question.broken_rules(question.chosen)
	found: dict[str, Data] = {}
	for code in question.compiled.words.codes:
		state, reason = _state(question, code)
		found[code] = {
			"state": state,
			"selected": code in question.chosen,
			"fits": code in question.chosen or question.broken_rules(question.with_option(code)) <= before,
			"reason": _brief(question, reason) if reason else UNAVAILABLE if state == EXCLUDED else None,
			"because": list(reason.options) if reason else [],
		}
	return found


def _state(question: Question, code: str) -> tuple[str, Reason | None]:
	"""State of an option, given everything that was decided elsewhere than in its own single family."""
	if code in question.picks:
		return "chosen", None
	basis = _basis(question, code)
	known = None if basis is None else question.states(basis)
	if basis is None or known is None:
		return EXCLUDED, None
	if known[code] == "free":
		return "free", None
	reason = explain(question.compiled, basis, code)
	return known[code], reason if isinstance(reason, Reason) else None


def _basis(question: Question, code: str) -> tuple[str, ...] | None:
	held, family = question.held, question.family_of(code)
	if held is None or family is None or not family.single:
		return held
	return tuple(pick for pick in held if question.catalogue.options[pick].family != family.code)


def _sentence(question: Question, code: str, state: str, reason: Reason | None) -> Sentence | None:
	if reason is not None:
		return reason_sentence(question.catalogue, code, state, reason)
	return UNAVAILABLE if state == EXCLUDED else None


def _brief(question: Question, reason: Reason) -> Sentence:
	"""The reason alone, for a place where the option itself stands already."""
	rules = question.rules
	zh = ";".join(f"{rules[code].message_zh}({code})" for code in reason.rules)
	en = "; ".join(f"{rules[code].message_en} ({code})" for code in reason.rules)
	if reason.options:
		names = _names(question, reason.options)
		zh = f"已选{'、'.join(each['zh'] for each in names.values())}" + (f":{zh}" if zh else "")
		en = f"{', '.join(each['en'] for each in names.values())} is chosen" + (f": {en}" if en else "")
	return {"zh": zh, "en": en}


def _findings(question: Question) -> list[Any]:
	return sorted(configuration_findings(question.compiled.facts(question.chosen)))


def _conflict(question: Question, conflict: Conflict | None) -> Data | None:
	if conflict is None:
		return None
	return {
		"parts": conflict.as_list(),
		"sentence": conflict_sentence(question.catalogue, conflict),
		"rules": [
			{"code": rule.code, "zh": rule.message_zh, "en": rule.message_en, "basis": rule.basis}
			for rule in question.catalogue.rules
			if rule.code in conflict.rules
		],
		"options": list(conflict.options),
		"without": list(conflict.without),
		"families": list(conflict.families),
		"names": _names(question, [*conflict.options, *conflict.without]),
	}


def _applied(chosen: frozenset[str], repair: Repair) -> frozenset[str]:
	gone = {change.old for change in repair.changes if change.old}
	return (chosen - gone).union(change.new for change in repair.changes if change.new)


def _outcome(question: Question, start: frozenset[str], repair: Repair) -> Data:
	after = _applied(start, repair)
	return {**repair.as_dict(), "configuration": sorted(after), "price": running_price(question, after)}


def _changed(question: Question, after: frozenset[str]) -> Data:
	"""A proposed configuration as changes against the present one."""
	delta = _listed(question, after) - _listed(question, question.chosen)
	return {
		"changes": _changes(question, after),
		"configuration": sorted(after),
		"price_delta": plain(delta),
		"lead_delta": _lead(question, after) - _lead(question, question.chosen),
		"price": running_price(question, after),
	}


def _changes(question: Question, after: frozenset[str]) -> list[Data]:
	"""Replacements in single families, removals and additions in multi ones, in the order of families."""
	gone, come = question.chosen - after, after - question.chosen
	changes = [_change(None, code, None) for code in sorted(gone) if question.family_of(code) is None]
	for code in [*question.model.families, *_families_elsewhere(question, gone)]:
		old, new = _of_family(question, code, gone), _of_family(question, code, come)
		if question.catalogue.families[code].single:
			changes += [_change(code, *pair) for pair in zip_longest(old, new)]
		else:
			changes += [
				*(_change(code, each, None) for each in old),
				*(_change(code, None, each) for each in new),
			]
	return changes


def _change(family: str | None, old: str | None, new: str | None) -> Data:
	return {"family": family, "from": old, "to": new}


def _listed(question: Question, codes: Iterable[str]) -> Decimal:
	return sum((question.prices.get(code, Decimal(0)) for code in codes), Decimal(0))


def _lead(question: Question, codes: Iterable[str]) -> int:
	options = question.catalogue.options
	return max([question.lead_of_specials, *(options[code].lead_days for code in codes if code in options)])


def _of_family(question: Question, family: str, codes: Iterable[str]) -> list[str]:
	return sorted(code for code in codes if (found := question.family_of(code)) and found.code == family)


def _families_elsewhere(question: Question, codes: Iterable[str]) -> list[str]:
	"""Families that another model has and this one has not."""
	families = (question.family_of(code) for code in sorted(codes))
	return list(dict.fromkeys(f.code for f in families if f and f.code not in question.model.families))


def _names(question: Question, codes: Iterable[str]) -> dict[str, Sentence]:
	options = question.catalogue.options
	return {
		code: {"zh": options[code].name_zh, "en": options[code].name_en} for code in codes if code in options
	}


def _check_offered(question: Question, code: str) -> None:
	if code not in question.compiled.words.variables:
		raise BadInput(
			f"option {code!r} is not offered on {question.model.code}",
			expected="the code of an option of the model",
			path=("option",),
		)


def _both(names: tuple[str, str]) -> Sentence:
	return {"zh": names[0], "en": names[1]}


def _place(group: str) -> tuple[int, str]:
	return (list(STEPS).index(group), "") if group in STEPS else (len(STEPS), group)
