"""What a lint finds: findings with a severity, a sentence in both languages and the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

ERROR = "error"
WARNING = "warning"

SENTENCES: dict[str, tuple[str, str, str]] = {
	"bad_record": (ERROR, "{ref}的数据有误:{what_zh}", "The record {ref} is faulty: {what_en}"),
	"unknown_key": (ERROR, "{ref}:{what_zh}", "{ref}: {what_en}"),
	"rule_does_not_parse": (
		ERROR,
		"{ref}的表达式无法解析:{what_zh}",
		"The expression of {ref} does not parse: {what_en}",
	),
	"currencies_differ": (ERROR, "{what_zh}", "{what_en}"),
	"unknown_code": (ERROR, "{ref}:{what_zh}", "{ref}: {what_en}"),
	"floor_above_list": (ERROR, "{ref}:{what_zh}", "{ref}: {what_en}"),
	"standard_differs": (ERROR, "{ref}:{what_zh}", "{ref}: {what_en}"),
	"rule_too_large": (ERROR, "规则{ref}无法编译:{what}", "Rule {ref} cannot be compiled: {what}"),
	"model_without_configuration": (
		ERROR,
		"车型{ref}没有任何有效配置,相互矛盾的规则:{rules}",
		"Model {ref} has no valid configuration; these rules cannot hold together: {rules}",
	),
	"context_without_configuration": (
		ERROR,
		"车型{ref}在等级{grade}、用途{use}下没有有效配置,相互矛盾的规则:{rules}",
		"Model {ref} has no valid configuration for grade {grade} and use {use}; these rules cannot hold together: {rules}",
	),
	"standard_invalid": (
		ERROR,
		"车型{ref}的标准配置无效:{rules} {options}",
		"The standard configuration of {ref} is not valid: {rules} {options}",
	),
	"contradiction": (
		ERROR,
		"规则{rules}相互矛盾:车型{model}永远无法选择{ref}",
		"Rules {rules} contradict each other: {ref} can never be chosen on {model}",
	),
	"price_book_missing": (ERROR, "{date}没有有效的价格表", "No price book is in force on {date}"),
	"price_missing": (
		ERROR,
		"价格表{book}没有{ref}在车型{model}上的价格",
		"Price book {book} has no price of {ref} on {model}",
	),
	"books_overlap": (
		ERROR,
		"价格表{ref}与{other}的有效期重叠({first}至{last})",
		"Price books {ref} and {other} are both valid from {first} to {last}",
	),
	"translation_gap": (
		ERROR,
		"车型{model}的位置{ref}没有适用的翻译规则(见示例配置)",
		"No translation rule fills slot {ref} of {model} (see the example configuration)",
	),
	"translation_double": (
		ERROR,
		"车型{model}的位置{ref}有多条翻译规则同时适用:{rules}(见示例配置)",
		"Several translation rules fill slot {ref} of {model}: {rules} (see the example configuration)",
	),
	"dead_option": (
		WARNING,
		"{ref}不在车型{model}的任何有效配置中,相关规则:{rules}",
		"{ref} is in no valid configuration of {model}; rules: {rules}",
	),
	"blocked_option": (
		WARNING,
		"{ref}在车型{model}上仅因认证未覆盖而不可选,相关规则:{rules}",
		"{ref} is blocked on {model} by certification alone; rules: {rules}",
	),
	"forced_option": (
		WARNING,
		"{ref}在车型{model}的每个有效配置中,相关规则:{rules}",
		"{ref} is in every valid configuration of {model}; rules: {rules}",
	),
	"redundant_rule": (
		WARNING,
		"规则{ref}多余:其他规则已保证其成立",
		"Rule {ref} is redundant: the other rules already guarantee it",
	),
	"rule_never_applies": (
		WARNING,
		"规则{ref}多余:现有配置不可能违反它",
		"Rule {ref} is redundant: nothing offered today can violate it",
	),
}
"""Severity, Chinese and English sentence of each kind of finding."""

_KIND_SHOWN = {"blocked_option": "dead_option", "rule_never_applies": "redundant_rule"}


@dataclass(frozen=True)
class LintFinding:
	"""One finding. `ref` is the code it is about; `rules`, `options` and `example` are the evidence."""

	kind: str
	ref: str
	severity: str
	message_zh: str
	message_en: str
	model: str | None = None
	grade: str | None = None
	use: str | None = None
	rules: tuple[str, ...] = ()
	options: tuple[str, ...] = ()
	example: tuple[str, ...] = ()
	certification_alone: bool = False
	number: int = 0
	"""Counts faults of records, of which one record may have several of a kind."""
	path: tuple[str | int, ...] = ()
	"""Where in the catalogue data the fault of a record stands."""

	@property
	def key(self) -> tuple[str, str, str, str, str, int]:
		"""What tells one finding from another."""
		return (self.kind, self.model or "", self.ref, self.grade or "", self.use or "", self.number)

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		found: dict[str, Any] = {
			"kind": self.kind,
			"severity": self.severity,
			"ref": self.ref,
			"model": self.model,
			"message": {"zh": self.message_zh, "en": self.message_en},
			"rules": list(self.rules),
			"options": list(self.options),
		}
		if self.grade is not None or self.use is not None:
			found |= {"grade": self.grade, "use": self.use}
		if self.example:
			found["example"] = list(self.example)
		if self.kind == "dead_option":
			found["certification_alone"] = self.certification_alone
		return found


def found(kind: str, ref: str, *, words: dict[str, object] | None = None, **evidence: Any) -> LintFinding:
	"""A finding of a kind with its sentences filled in."""
	severity, zh, en = SENTENCES[kind]
	rules = evidence.get("rules", ())
	values: dict[str, object] = {"ref": ref, "model": evidence.get("model")}
	values |= {"grade": evidence.get("grade"), "use": evidence.get("use")}
	values |= {
		"rules": ", ".join(rules) or "–",
		"options": ", ".join(evidence.get("options", ())),
		**(words or {}),
	}
	return LintFinding(
		kind=_KIND_SHOWN.get(kind, kind),
		ref=ref,
		severity=severity,
		message_zh=zh.format(**values).strip(),
		message_en=en.format(**values).strip(),
		certification_alone=kind == "blocked_option",
		**evidence,
	)


@dataclass(frozen=True)
class Lint:
	"""The result of a lint: findings in a stated order (errors first, then kind, model, code)."""

	on: date
	catalogue: str
	findings: tuple[LintFinding, ...]
	checked: dict[str, int] = field(default_factory=dict)
	"""What was looked at: models, contexts, rules, options, slots."""
	waiting: bool = False
	"""Whether configurations, prices and translations were not looked at, because records must be mended first."""

	@property
	def errors(self) -> tuple[LintFinding, ...]:
		"""Findings of severity error."""
		return tuple(each for each in self.findings if each.severity == ERROR)

	def of_kind(self, kind: str) -> list[LintFinding]:
		"""Findings of one kind."""
		return [each for each in self.findings if each.kind == kind]

	def as_dict(self) -> dict[str, Any]:
		"""Plain data for JSON."""
		return {
			"date": self.on.isoformat(),
			"catalog": {"hash": self.catalogue},
			"checked": dict(self.checked),
			"complete": not self.waiting,
			"errors": len(self.errors),
			"warnings": len(self.findings) - len(self.errors),
			"findings": [each.as_dict() for each in self.findings],
		}


def in_order(findings: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
	"""Errors first, then by kind in the order of SENTENCES, model and code; repeats left out."""
	kinds = {kind: place for place, kind in enumerate(SENTENCES)}
	unique = {each.key: each for each in findings}
	return tuple(sorted(unique.values(), key=lambda f: (f.severity != ERROR, kinds[f.kind], f.key[1:])))
