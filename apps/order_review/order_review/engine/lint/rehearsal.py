"""A changed catalogue rehearsed against the one in force: what dies, what becomes forced, which orders newly fail."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..catalogue import Catalogue
from ..configuration import chosen_options, configuration_findings
from ..evaluate import Facts
from ..order import Order
from .report import ERROR, Lint, LintFinding


@dataclass(frozen=True)
class OrderChange:
	"""An order whose configuration findings of severity error change. Findings are (code, reference)."""

	order: str
	new: tuple[tuple[str, str], ...]
	gone: tuple[tuple[str, str], ...]
	was_valid: bool
	is_valid: bool

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"order": self.order,
			"new": [{"code": code, "ref": ref} for code, ref in self.new],
			"gone": [{"code": code, "ref": ref} for code, ref in self.gone],
			"was_valid": self.was_valid,
			"is_valid": self.is_valid,
		}


@dataclass(frozen=True)
class Rehearsal:
	"""What a change does. `new` and `gone` are lint findings; `orders` are those whose findings change."""

	new: tuple[LintFinding, ...]
	gone: tuple[LintFinding, ...]
	orders: tuple[OrderChange, ...]

	@property
	def newly_failing(self) -> tuple[str, ...]:
		"""Orders that were valid and no longer are."""
		return tuple(each.order for each in self.orders if each.was_valid and not each.is_valid)

	@property
	def may_be_released(self) -> bool:
		"""False when the change brings an error: a model without a configuration, an invalid standard, a gap."""
		return not any(each.severity == ERROR for each in self.new)

	def dead(self) -> tuple[tuple[str, str], ...]:
		"""(Model, option) that nobody can order any more."""
		return tuple((each.model or "", each.ref) for each in self.new if each.kind == "dead_option")

	def forced(self) -> tuple[tuple[str, str], ...]:
		"""(Model, option) that every order now has to take."""
		return tuple((each.model or "", each.ref) for each in self.new if each.kind == "forced_option")

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"may_be_released": self.may_be_released,
			"dead": [{"model": model, "option": option} for model, option in self.dead()],
			"forced": [{"model": model, "option": option} for model, option in self.forced()],
			"newly_failing": list(self.newly_failing),
			"orders": [each.as_dict() for each in self.orders],
			"new": [each.as_dict() for each in self.new],
			"gone": [each.as_dict() for each in self.gone],
		}


def with_rule(data: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
	"""Catalogue data in which the rule of the same code is replaced, or the rule is added as the last."""
	changed = dict(data)
	rules = copy.copy(list(changed["rules"]["rules"]))
	places = [place for place, each in enumerate(rules) if each.get("code") == rule.get("code")]
	if places:
		rules[places[0]] = dict(rule)
	else:
		rules.append(dict(rule))
	changed["rules"] = {**changed["rules"], "rules": rules}
	return changed


def rehearse(
	before: tuple[Catalogue, Lint], after: tuple[Catalogue, Lint], orders: Iterable[Order] = ()
) -> Rehearsal:
	"""Compare two catalogues, each with its lint of the same day, and the orders given under both.

	Orders keep their own dates. An order whose model is gone counts as failing.
	"""
	old = {each.key: each for each in before[1].findings}
	new = {each.key: each for each in after[1].findings}
	return Rehearsal(
		new=tuple(each for key, each in new.items() if key not in old),
		gone=tuple(each for key, each in old.items() if key not in new),
		orders=tuple(change for order in orders if (change := _order_change(order, before[0], after[0]))),
	)


def _order_change(order: Order, before: Catalogue, after: Catalogue) -> OrderChange | None:
	chosen = chosen_options(before, order)
	old, new = _faults(before, order, chosen), _faults(after, order, chosen)
	if old == new:
		return None
	return OrderChange(order.id, tuple(sorted(new - old)), tuple(sorted(old - new)), not old, not new)


def _faults(catalogue: Catalogue, order: Order, chosen: frozenset[str]) -> set[tuple[str, str]]:
	model = catalogue.models.get(order.model)
	if model is None or not model.active:
		return {("MODEL_NOT_ACTIVE", order.model)}
	facts = Facts(catalogue, model, order.context, order.order_date, chosen)
	return {(each.code, each.ref) for each in configuration_findings(facts) if each.severity == ERROR}
