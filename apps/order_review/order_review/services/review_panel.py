"""A review as the form shows it: every word in the reader's language, nothing the reader may not see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from order_review import glossary
from order_review.engine.catalogue import Catalogue
from order_review.engine.findings import NOT_BLOCKING
from order_review.glossary import say

Data = dict[str, Any]
_SEVERITIES = ("error", "warning")


def panel(
	review: Mapping[str, Any],
	catalogue: Catalogue,
	model: str,
	lang: str,
	policies: Iterable[Mapping[str, Any]] = (),
) -> Data:
	"""What the review panel of the form shows.

	Args:
		review: the part of the review that the reader may see.
		catalogue: for names of options, families and slots.
		model: code of the order's vehicle model, to tell standard from chosen options.
		lang: zh or en.
		policies: every business policy seen from the order, for "why not that discount".
	"""
	words = _Words(catalogue, lang)
	standard = catalogue.models[model].standard if model in catalogue.models else ()
	return {
		"verdict": review["verdict"],
		"verdict_label": say(glossary.VERDICTS, review["verdict"], lang),
		"departments": _departments(review["findings"], words),
		"figures": _figures(review["price"], words),
		"approval": _approval(review["price"], words),
		"policies": _policies(policies, words),
		"earliest_delivery": review["earliest_delivery"],
		"conflict": [words.part(part) for part in review["conflict"]],
		"repairs": [_repair(repair, words) for repair in review["repairs"]],
		"special_choices": [words.option(code) for code in review["configuration"] if code not in standard],
		"option_count": len(review["configuration"]),
		"production": _production(review.get("production"), words),
	}


class _Words:
	"""Names in one language; a code the catalogue no longer knows speaks for itself."""

	def __init__(self, catalogue: Catalogue, lang: str) -> None:
		self.catalogue = catalogue
		self.lang = lang
		self.rules = {rule.code: rule for rule in catalogue.rules}
		self.slots = {slot.code: slot.name_zh for slot in catalogue.slots}

	def name(self, record: Any) -> str:
		"""Name of a catalogue record."""
		return (record.name_zh if self.lang == "zh" else record.name_en) or record.name_zh

	def option(self, code: str) -> Data:
		"""Code, name and family of an option."""
		found = self.catalogue.options.get(code)
		return {
			"code": code,
			"name": self.name(found) if found else "",
			"family": self.family(found.family) if found else "",
		}

	def family(self, code: str) -> str:
		"""Name of a family."""
		found = self.catalogue.families.get(code)
		return self.name(found) if found else code

	def part(self, part: Mapping[str, str]) -> Data:
		"""A part of a conflict: a rule with its message, or an option."""
		if "rule" in part:
			rule = self.rules.get(part["rule"])
			text = (rule.message_zh if self.lang == "zh" else rule.message_en) if rule else ""
			return {"kind": "rule", "code": part["rule"], "name": text}
		kind = next(iter(part))
		return {
			"kind": kind,
			**(
				self.option(part[kind])
				if kind == "option"
				else {"code": part[kind], "name": self.family(part[kind])}
			),
		}


def _departments(findings: Iterable[Mapping[str, Any]], words: _Words) -> list[Data]:
	"""Findings by department, errors first."""
	groups: dict[str, list[Data]] = {}
	for found in sorted(findings, key=lambda found: _SEVERITIES.index(found["severity"])):
		groups.setdefault(found["department"], []).append(_finding(found, words))
	return [
		{"department": code, "name": say(glossary.DEPARTMENTS, code, words.lang), "findings": rows}
		for code, rows in sorted(groups.items(), key=lambda group: _SEVERITIES.index(group[1][0]["severity"]))
	]


def _finding(found: Mapping[str, Any], words: _Words) -> Data:
	return {
		"code": found["code"],
		"title": say(glossary.FINDINGS, found["code"], words.lang),
		"ref": found["ref"],
		"severity": found["severity"],
		"severity_label": say(glossary.SEVERITIES, found["severity"], words.lang),
		"message": found["message"][words.lang],
		"options": [words.option(code) for code in found["options"]],
		"blocks": found["severity"] == "error" and found["code"] not in NOT_BLOCKING,
	}


def _figures(price: Mapping[str, Any] | None, words: _Words) -> list[Data]:
	if price is None:
		return []
	steps: dict[str, list[Data]] = {}
	for step in price["trace"]:
		steps.setdefault(step["figure"], []).append(_step(step, words))
	return [
		{
			"figure": name,
			"letter": glossary.FIGURE_LETTERS.get(name, ""),
			"label": say(glossary.FIGURES, name, words.lang),
			"amount": price[name],
			"steps": steps.get(name, []),
		}
		for name in glossary.FIGURES
		if name in price and name != "approval_level"
	] + [
		{
			"figure": "cost",
			"letter": "",
			"label": say(glossary.FIELDS, "cost", words.lang),
			"amount": step["amount"],
			"steps": [step],
		}
		for step in steps.get("cost", [])
	]


def _step(step: Mapping[str, Any], words: _Words) -> Data:
	"""One line of a trace: what it is about, its amount, and the terms in order."""
	ref = step["ref"]
	catalogue = words.catalogue
	if ref in catalogue.options:
		name = words.option(ref)["name"]
	elif ref in catalogue.policies:
		name = words.name(catalogue.policies[ref])
	elif step["source"] == "service":
		name = say(glossary.SERVICES, ref, words.lang)
	else:
		name = words.name(catalogue.models[ref]) if ref in catalogue.models else ""
	detail = ", ".join(f"{key} {value}" for key, value in step["detail"].items())
	return {"ref": ref, "name": name, "amount": step["amount"], "detail": detail}


def _approval(price: Mapping[str, Any] | None, words: _Words) -> Data | None:
	"""The level that may approve the price, for those who may see it."""
	level = (price or {}).get("approval_level")
	return {"level": level, "name": say(glossary.LEVELS, level, words.lang)} if level else None


_STATES = ("counts", "not_claimed", "shadowed", "expired", "not_applicable")
"""Policies that matter most come first."""


def _policies(policies: Iterable[Mapping[str, Any]], words: _Words) -> list[Data]:
	"""Policies with their state and reason: what counts, what could, what cannot."""
	return [
		{
			"code": seen["policy"],
			"name": words.name(words.catalogue.policies[seen["policy"]]),
			"state": seen["state"],
			"state_label": say(glossary.POLICY_STATES, seen["state"], words.lang),
			"amount": seen["amount"],
			"why": seen["why"][words.lang],
		}
		for seen in sorted(policies, key=lambda seen: _STATES.index(seen["state"]))
	]


def _repair(repair: Mapping[str, Any], words: _Words) -> Data:
	changes = [
		{
			"family": words.family(change["family"]),
			"from": words.option(change["from"]) if change["from"] else None,
			"to": words.option(change["to"]) if change["to"] else None,
		}
		for change in repair["changes"]
	]
	return {"changes": changes, "price_delta": repair["price_delta"], "lead_delta": repair["lead_delta"]}


def _production(production: Mapping[str, Any] | None, words: _Words) -> Data | None:
	if production is None:
		return None
	lines = [
		{**line, "slot_name": words.slots.get(line["slot"], line["slot"])} for line in production["lines"]
	]
	return {"lines": lines, "gaps": production["gaps"], "doubles": production["doubles"]}
