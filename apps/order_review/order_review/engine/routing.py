"""Conditions of the routing of opinions: ``has_special or qty >= 30``. Read once, judged without running any code.

A condition is ``always``, a flag, a comparison of a field with a value, or such terms joined by ``and``, ``or``,
``not`` and parentheses.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

FLAG, NUMBER, TEXT = "flag", "number", "text"
"""Kinds of fields."""

_ORDER: Mapping[str, str] = {
	"has_special": FLAG,
	"custom_livery": FLAG,
	"qty": NUMBER,
	"order_type": TEXT,
	"model": TEXT,
	"grade": TEXT,
	"use": TEXT,
	"market_department": TEXT,
}
_TERMS: Mapping[str, str] = {"deposit_pct": NUMBER, "payment_mode": TEXT, "currency": TEXT}
_PROGRESS: Mapping[str, str] = {f"after_F{point}": FLAG for point in range(1, 7)}

FIELDS: Mapping[str, Mapping[str, str]] = {
	"intent": {
		**_ORDER,
		**_TERMS,
		"nonstandard_warranty": FLAG,
		"service_terms": FLAG,
		"new_customer": FLAG,
	},
	"contract": {
		**_ORDER,
		**_TERMS,
		"service_terms": FLAG,
		"service_terms_changed": FLAG,
		"config_differs_from_intent": FLAG,
		"delivery_differs_from_intent": FLAG,
		"price_differs_from_intent": FLAG,
		"qty_differs_from_intent": FLAG,
		"terms_differ_from_intent": FLAG,
	},
	"order_entry": {**_ORDER, "manual_lines": NUMBER, "version": NUMBER},
	"change": {
		**_ORDER,
		**_PROGRESS,
		"config_change": FLAG,
		"delivery_change": FLAG,
		"qty_change": FLAG,
		"price_change": FLAG,
		"terms_change": FLAG,
		"fee": FLAG,
		"change_class": TEXT,
		"cause": TEXT,
	},
	"cancel": {**_ORDER, **_PROGRESS, "cause": TEXT, "stage": TEXT},
}
"""Process → what its conditions may ask, and the kind of each."""

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
	"==": operator.eq,
	"!=": operator.ne,
	">=": operator.ge,
	"<=": operator.le,
	">": operator.gt,
	"<": operator.lt,
}
_TOKEN = re.compile(r"\s*(==|!=|>=|<=|>|<|\(|\)|'[^']*'|\"[^\"]*\"|[^\s()=!<>'\"]+)")
_DEEPEST = 50


class RoutingFault(ValueError):
	"""A condition that cannot be understood.

	Attributes:
		kind: ``unknown``, ``expected``, ``not_a_number``, ``no_order`` or ``end``.
		found: the word it stumbled over.
	"""

	def __init__(self, kind: str, found: str) -> None:
		super().__init__(f"{kind}: {found}")
		self.kind = kind
		self.found = found


@dataclass(frozen=True)
class Condition:
	"""A condition that was read; ``holds`` judges it."""

	text: str
	judge: Callable[[Mapping[str, Any]], bool]

	def holds(self, facts: Mapping[str, Any]) -> bool:
		"""Whether it is true of the facts; a fact that is absent counts as empty."""
		return self.judge(facts)


def read(text: str, fields: Mapping[str, str] = FIELDS["intent"]) -> Condition:
	"""Read a condition.

	Args:
		text: the condition.
		fields: field → kind.

	Raises:
		RoutingFault: it cannot be understood, or names a field that is not there.
	"""
	reader = _Reader(_tokens(text), fields)
	judge = reader.either(0)
	if reader.rest:
		raise RoutingFault("expected", reader.rest[0])
	return Condition(text.strip(), judge)


def _tokens(text: str) -> list[str]:
	tokens, at = [], 0
	text = text.rstrip()
	while at < len(text):
		found = _TOKEN.match(text, at)
		if found is None:
			raise RoutingFault("expected", text[at:].strip())
		tokens.append(found.group(1))
		at = found.end()
	return tokens


class _Reader:
	"""Reads terms from the front of ``rest``."""

	def __init__(self, tokens: list[str], fields: Mapping[str, str]) -> None:
		self.rest = tokens
		self.fields = fields

	def either(self, depth: int) -> Callable[[Mapping[str, Any]], bool]:
		terms = [self.both(depth)]
		while self.rest and self.rest[0] == "or":
			self.rest.pop(0)
			terms.append(self.both(depth))
		return lambda facts: any(term(facts) for term in terms)

	def both(self, depth: int) -> Callable[[Mapping[str, Any]], bool]:
		terms = [self.term(depth)]
		while self.rest and self.rest[0] == "and":
			self.rest.pop(0)
			terms.append(self.term(depth))
		return lambda facts: all(term(facts) for term in terms)

	def term(self, depth: int) -> Callable[[Mapping[str, Any]], bool]:
		if depth > _DEEPEST:
			raise RoutingFault("expected", "(")
		word = self.take()
		if word == "not":
			inner = self.term(depth + 1)
			return lambda facts: not inner(facts)
		if word == "(":
			inner = self.either(depth + 1)
			if self.take() != ")":
				raise RoutingFault("expected", word)
			return inner
		if word == "always":
			return lambda facts: True
		return self.comparison(word)

	def comparison(self, field: str) -> Callable[[Mapping[str, Any]], bool]:
		kind = self.fields.get(field)
		if kind is None:
			raise RoutingFault("unknown", field)
		if kind == FLAG:
			return lambda facts: bool(facts.get(field))
		sign = self.take()
		if sign not in _OPERATORS:
			raise RoutingFault("expected", sign)
		compare, value = _OPERATORS[sign], self.take().strip("'\"")
		if kind == NUMBER:
			number = _number(value)
			return lambda facts: compare(float(facts.get(field) or 0), number)
		if sign not in ("==", "!="):
			raise RoutingFault("no_order", field)
		return lambda facts: compare(str(facts.get(field) or ""), value)

	def take(self) -> str:
		if not self.rest:
			raise RoutingFault("end", "")
		return self.rest.pop(0)


def _number(text: str) -> float:
	try:
		return float(text)
	except ValueError:
		raise RoutingFault("not_a_number", text) from None
