"""Conflicts and reasons as sentences in both languages, made of rule messages and option names."""

from __future__ import annotations

from collections.abc import Sequence

from ..catalogue import Catalogue
from .answers import Conflict, Reason

Sentence = dict[str, str]
"""The same sentence under "zh" and "en"."""


def conflict_sentence(catalogue: Catalogue, conflict: Conflict) -> Sentence:
	"""Why the parts of a conflict cannot stand together."""
	if conflict.families:
		return _missing(catalogue, conflict.families[0])
	rules = _rules(catalogue, conflict.rules)
	chosen, without = _options(catalogue, conflict.options), _options(catalogue, conflict.without)
	if not (conflict.options or conflict.without):
		return {
			"zh": f"没有任何配置满足规则:{rules['zh']}",
			"en": f"No configuration satisfies these rules: {rules['en']}",
		}
	parts = {
		"zh": ",".join(
			[f"选择{chosen['zh']}"] * bool(conflict.options)
			+ [f"不选{without['zh']}"] * bool(conflict.without)
		),
		"en": " and ".join(
			[f"choosing {chosen['en']}"] * bool(conflict.options)
			+ [f"leaving out {without['en']}"] * bool(conflict.without)
		),
	}
	if not conflict.rules:
		return _without_rule(catalogue, conflict, chosen)
	return {
		"zh": f"{parts['zh']}违反规则:{rules['zh']}",
		"en": f"{parts['en'][0].upper()}{parts['en'][1:]} breaks: {rules['en']}",
	}


def reason_sentence(catalogue: Catalogue, option: str, state: str, reason: Reason) -> Sentence:
	"""Why an option is forced or excluded."""
	name = _options(catalogue, (option,))
	rules, picks = _rules(catalogue, reason.rules), _options(catalogue, reason.options)
	must = state == "forced"
	zh = f"{name['zh']}{'必须选择' if must else '不可选择'}"
	en = f"{name['en']} {'must be chosen' if must else 'cannot be chosen'}"
	if reason.options:
		zh, en = (
			f"{zh},因为已选{picks['zh']}",
			f"{en} because {picks['en']} {'is' if len(reason.options) == 1 else 'are'} chosen",
		)
	if reason.rules:
		zh, en = f"{zh};规则:{rules['zh']}", f"{en}; rules: {rules['en']}"
	return {"zh": zh, "en": en}


def _without_rule(catalogue: Catalogue, conflict: Conflict, chosen: Sentence) -> Sentence:
	if len(conflict.options) == 1:
		return {"zh": f"该车型不提供{chosen['zh']}", "en": f"{chosen['en']} is not offered on this model"}
	return {
		"zh": f"同一配置项只能选一个:{chosen['zh']}",
		"en": f"Only one option of a family can be chosen: {chosen['en']}",
	}


def _missing(catalogue: Catalogue, code: str) -> Sentence:
	family = catalogue.families[code]
	return {
		"zh": f"配置项{family.name_zh}({code})未选配置",
		"en": f"No option is chosen for {family.name_en} ({code})",
	}


def _rules(catalogue: Catalogue, codes: Sequence[str]) -> Sentence:
	rules = {rule.code: rule for rule in catalogue.rules if rule.code in codes}
	found = [rules[code] for code in codes if code in rules]
	return {
		"zh": ";".join(f"{rule.message_zh}({rule.code})" for rule in found),
		"en": "; ".join(f"{rule.message_en} ({rule.code})" for rule in found),
	}


def _options(catalogue: Catalogue, codes: Sequence[str]) -> Sentence:
	names = [(code, catalogue.options.get(code)) for code in codes]
	return {
		"zh": "、".join(f"{option.name_zh}({code})" if option else code for code, option in names),
		"en": ", ".join(f"{option.name_en} ({code})" if option else code for code, option in names),
	}
