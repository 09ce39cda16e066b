"""From an order to its configuration, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from . import language as ast
from .catalogue import Catalogue, Model, Rule
from .evaluate import Facts
from .findings import Finding, finding
from .order import Order
from .rulebook import LARGEST_MEMORY, rulebook

RULE_FINDINGS = {"grade": "GRADE_NOT_MET", "ccc": "CCC_MISSING"}


def chosen_options(catalogue: Catalogue, order: Order) -> frozenset[str]:
	"""The model's standard options, with picks replacing (single) or joining (multi) and drops removed."""
	replaced = {
		option.family
		for code in order.picks
		if (option := catalogue.options.get(code)) and catalogue.families[option.family].single
	}
	standard = catalogue.models[order.model].standard
	kept = (code for code in standard if catalogue.options[code].family not in replaced)
	return frozenset(kept).union(order.picks).difference(order.drops)


def configuration_findings(facts: Facts) -> list[Finding]:
	"""All findings about a complete configuration, in no particular order."""
	catalogue, model, chosen = facts.catalogue, facts.model, facts.chosen
	return [
		*_not_offered(catalogue, model, chosen),
		*_family_faults(catalogue, model, chosen),
		*(_rule_finding(rule, facts) for rule in rulebook(catalogue, model).violated(facts)),
	]


def _not_offered(catalogue: Catalogue, model: Model, chosen: frozenset[str]) -> list[Finding]:
	return [
		finding(
			"CFG_NOT_OFFERED",
			code,
			{"option": code, "model": model.code},
			codes=[code],
			families=[catalogue.options[code].family] if code in catalogue.options else [],
		)
		for code in chosen.difference(catalogue.offers(model))
	]


def _family_faults(catalogue: Catalogue, model: Model, chosen: Iterable[str]) -> list[Finding]:
	by_family: dict[str, list[str]] = {family: [] for family in model.families}
	options = catalogue.options
	for code in chosen:
		option = options.get(code)
		if option is not None and option.family in by_family:
			by_family[option.family].append(code)
	faults = []
	for family, codes in by_family.items():
		if len(codes) != 1 and catalogue.families[family].single:
			codes.sort()
			kind = "CFG_DOUBLE" if codes else "CFG_MISSING"
			values = {"family": family, "options": ", ".join(codes)}
			faults.append(finding(kind, family, values, codes=codes, families=[family]))
	return faults


def _rule_finding(rule: Rule, facts: Facts) -> Finding:
	"""The finding about a violated rule; it depends on the chosen options of the families it speaks of alone."""
	key = ("rule finding", facts.model.code, rule.code)
	kept: tuple[int, dict[int, Finding]] | None = facts.catalogue.derived.get(key)
	if kept is None:
		kept = facts.catalogue.derived[key] = (_spoken_of(rule, facts.catalogue), {})
	mask, findings = kept
	bits = facts.bits & mask
	found = findings.get(bits)
	if found is None:
		code = "CFG_ADVICE" if rule.severity == "warning" else RULE_FINDINGS.get(rule.type, "CFG_RULE")
		options, families = taking_part(rule, facts)
		found = Finding(code, rule.code, rule.message_zh, rule.message_en, options, families)
		if len(findings) >= LARGEST_MEMORY:
			findings.clear()
		findings[bits] = found
	return found


def _spoken_of(rule: Rule, catalogue: Catalogue) -> int:
	"""All options of the families a rule speaks of, as bits."""
	families: set[str] = set()
	for node in (node for part in rule.conditions for node in ast.walk(part)):
		if isinstance(node, ast.OptionRef) and node.code in catalogue.options:
			families.add(catalogue.options[node.code].family)
		elif isinstance(node, (ast.AnyOf, ast.NoneOf, ast.Count, ast.Attr, ast.Covered)):
			families.add(node.family)
		elif isinstance(node, ast.Sum):
			families.update(o.family for o in catalogue.options.values() if node.name in o.attrs)
	return catalogue.as_bits(code for family in families for code in catalogue.options_of(family))


def taking_part(rule: Rule, facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
	"""Chosen options and offered families that a rule speaks of, in family order."""
	catalogue = facts.catalogue
	named: set[str] = set()
	summed: set[str] = set()
	for node in (node for part in rule.conditions for node in ast.walk(part)):
		if isinstance(node, ast.OptionRef) and node.code in catalogue.options:
			named.add(catalogue.options[node.code].family)
		elif isinstance(node, (ast.AnyOf, ast.NoneOf, ast.Count, ast.Attr, ast.Covered)):
			named.add(node.family)
		elif isinstance(node, ast.Sum):
			summed.update(
				code for code in facts.chosen if (o := catalogue.options.get(code)) and o.attrs.get(node.name)
			)
	named.update(catalogue.options[code].family for code in summed)
	families = tuple(family for family in facts.model.families if family in named)
	options = tuple(
		code for family in families for code in facts.of_family(family) if _counts(code, family, summed, rule)
	)
	return options, families


def _counts(code: str, family: str, summed: set[str], rule: Rule) -> bool:
	"""Of a family that is only summed over, options that add nothing do not take part."""
	if not summed or code in summed:
		return True
	return any(family in ast.families_in(part) for part in rule.conditions)


def earliest_delivery(catalogue: Catalogue, order: Order, chosen: Iterable[str]) -> date:
	"""Order date + model lead days + longest extra lead + two calendar days for each further ten vehicles."""
	leads = [catalogue.options[code].lead_days for code in chosen if code in catalogue.options]
	leads += [special.lead_days for special in order.specials]
	days = catalogue.models[order.model].lead_days + max(leads, default=0) + 2 * ((order.qty - 1) // 10)
	return order.order_date + timedelta(days=days)
