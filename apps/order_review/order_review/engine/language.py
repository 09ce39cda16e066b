"""The rule language: text of ``scope``, ``if``, ``then`` and ``when`` to a syntax tree.

Grammar (loosest first)::

	or      := and { "|" and }
	and     := not { "&" not }
	not     := "!" not | compare
	compare := sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
	sum     := product { ("+" | "-") product }
	product := atom { ("*" | "/") atom }
	atom    := number | OPTION-CODE | word | model.x | order.x | function | "(" or ")"

A bare word in a comparison is a constant (``diesel``, ``G1``, ``true``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from .errors import RuleSyntaxError

LONGEST_TEXT = 4_000
DEEPEST_NESTING = 60

Value = Fraction | str | bool


@dataclass(frozen=True)
class Const:
	"""A number, word or truth value written in the rule."""

	value: Value


@dataclass(frozen=True)
class Field:
	"""A field of the model (``scope`` "model") or of the order context ("order")."""

	scope: str
	name: str


@dataclass(frozen=True)
class Attr:
	"""An attribute of the one option chosen in a family."""

	family: str
	name: str


@dataclass(frozen=True)
class Count:
	"""How many options of a family are chosen."""

	family: str


@dataclass(frozen=True)
class Sum:
	"""An attribute added over all chosen options; a missing one counts 0."""

	name: str


@dataclass(frozen=True)
class Arith:
	"""``left op right`` with op one of + - * /."""

	op: str
	left: Term
	right: Term


@dataclass(frozen=True)
class OptionRef:
	"""True when the option is chosen."""

	code: str


@dataclass(frozen=True)
class AnyOf:
	"""True when some option of the family is chosen."""

	family: str


@dataclass(frozen=True)
class NoneOf:
	"""True when no option of the family is chosen."""

	family: str


@dataclass(frozen=True)
class Covered:
	"""Each chosen option of the family is covered by the certificate (``ccc``) or announcement (``ann``)."""

	kind: str
	family: str


@dataclass(frozen=True)
class InForce:
	"""The certificate (``ccc``) or announcement (``ann``) of the model is in force on the order date."""

	kind: str


@dataclass(frozen=True)
class GradeRated:
	"""The order's grade is among the grades published for the model."""


@dataclass(frozen=True)
class Not:
	"""Negation."""

	part: Condition


@dataclass(frozen=True)
class And:
	"""Conjunction of two or more parts."""

	parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Or:
	"""Disjunction of two or more parts."""

	parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Compare:
	"""``left op right`` with op one of == != < <= > >=."""

	op: str
	left: Term
	right: Term


Term = Const | Field | Attr | Count | Sum | Arith
Condition = OptionRef | AnyOf | NoneOf | Covered | InForce | GradeRated | Not | And | Or | Compare
Expr = Term | Condition

TERMS = (Const, Field, Attr, Count, Sum, Arith)

OPTION_CODE = re.compile(r"[A-Z]{3}-[A-Z0-9]+")

_TOKEN = re.compile(
	r"\s*(?:(?P<option>[A-Z]{3}-[A-Z0-9]+)"
	r"|(?P<number>\d+(?:\.\d+)?)"
	r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
	r"|(?P<sign>==|!=|<=|>=|[<>&|!()+\-*/.]))"
)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_OF_FAMILY: dict[str, type[AnyOf] | type[NoneOf] | type[Count]] = {
	"any": AnyOf,
	"none": NoneOf,
	"count": Count,
}
_WITHOUT_ARGUMENT: dict[str, InForce | GradeRated] = {
	"ccc_valid": InForce("ccc"),
	"ann_valid": InForce("ann"),
	"grade_rated": GradeRated(),
}


@dataclass(frozen=True)
class _Token:
	kind: str
	text: str
	column: int


def _tokens(text: str) -> list[_Token]:
	found: list[_Token] = []
	position = 0
	end = len(text.rstrip())
	while position < end:
		match = _TOKEN.match(text, position)
		if match is None or match.lastgroup is None:
			column = position + len(text[position:]) - len(text[position:].lstrip()) + 1
			raise _error(
				text,
				column,
				f"{text[column - 1]!r} is not part of the rule language",
				"a name, number or sign",
			)
		found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1))
		position = match.end()
	found.append(_Token("end", "", end + 1))
	return found


def _error(text: str, column: int, message: str, expected: str) -> RuleSyntaxError:
	shown = text if len(text) <= 120 else text[:117] + "..."
	return RuleSyntaxError(f"{message} in {shown!r}", where=f"column {column}", expected=expected)


class _Parser:
	"""Recursive descent over the tokens of one expression."""

	def __init__(self, text: str) -> None:
		self.text = text
		self.tokens = _tokens(text)
		self.at = 0
		self.depth = 0

	@property
	def token(self) -> _Token:
		return self.tokens[self.at]

	def fail(self, expected: str, token: _Token | None = None) -> RuleSyntaxError:
		token = token or self.token
		found = "the rule ends" if token.kind == "end" else f"{token.text!r} stands"
		return _error(self.text, token.column, f"{found} at column {token.column}", expected)

	def take(self, sign: str) -> bool:
		if self.token.kind == "sign" and self.token.text == sign:
			self.at += 1
			return True
		return False

	def demand(self, sign: str) -> None:
		if not self.take(sign):
			raise self.fail(f"{sign!r}")

	def word(self, what: str) -> str:
		if self.token.kind != "word":
			raise self.fail(what)
		self.at += 1
		return self.tokens[self.at - 1].text

	def whole(self) -> Condition:
		start = self.token
		result = self.condition(self.either(), start)
		if self.token.kind != "end":
			raise self.fail("'&', '|' or the end of the rule")
		return result

	def either(self) -> Expr:
		return self._chain("|", self.both, Or)

	def both(self) -> Expr:
		return self._chain("&", self.negation, And)

	def _chain(self, sign: str, part: Callable[[], Expr], node: type[And] | type[Or]) -> Expr:
		start = self.token
		first = part()
		if not (self.token.kind == "sign" and self.token.text == sign):
			return first
		parts = [self.condition(first, start)]
		while self.take(sign):
			start = self.token
			parts.append(self.condition(part(), start))
		return node(tuple(parts))

	def negation(self) -> Expr:
		if not self.take("!"):
			return self.comparison()
		self.deeper()
		start = self.token
		part = self.condition(self.negation(), start)
		self.depth -= 1
		return Not(part)

	def comparison(self) -> Expr:
		start = self.token
		left = self.additive()
		if self.token.kind == "sign" and self.token.text in _COMPARISONS:
			op = self.token.text
			self.at += 1
			after = self.token
			return Compare(op, self.term(left, start), self.term(self.additive(), after))
		return left

	def additive(self) -> Expr:
		return self._arithmetic("+-", self.multiplicative)

	def multiplicative(self) -> Expr:
		return self._arithmetic("*/", self.atom)

	def _arithmetic(self, signs: str, part: Callable[[], Expr]) -> Expr:
		start = self.token
		left = part()
		while self.token.kind == "sign" and self.token.text in signs:
			op = self.token.text
			self.at += 1
			after = self.token
			left = Arith(op, self.term(left, start), self.term(part(), after))
		return left

	def atom(self) -> Expr:
		token = self.token
		if self.take("("):
			self.deeper()
			inner = self.either()
			self.demand(")")
			self.depth -= 1
			return inner
		if self.take("-"):
			return Arith("-", Const(Fraction(0)), self.term(self.atom(), token))
		if token.kind == "number":
			self.at += 1
			return Const(Fraction(token.text))
		if token.kind == "option":
			self.at += 1
			return OptionRef(token.text)
		if token.kind == "word":
			self.at += 1
			return self.named(token)
		raise self.fail("an option code, a number, a name or '('")

	def named(self, token: _Token) -> Expr:
		name = token.text
		if name in ("model", "order") and self.take("."):
			return Field(name, self.word("a field name"))
		if not (self.token.kind == "sign" and self.token.text == "("):
			return Const({"true": True, "false": False}.get(name, name))
		self.at += 1
		return self.call(name, token)

	def call(self, name: str, token: _Token) -> Expr:
		if name in _WITHOUT_ARGUMENT:
			self.demand(")")
			return _WITHOUT_ARGUMENT[name]
		if name in _OF_FAMILY:
			result: Expr = _OF_FAMILY[name](self.word("a family code"))
		elif name in ("ccc_ok", "ann_ok"):
			result = Covered(name[:3], self.word("a family code"))
		elif name == "sum":
			result = Sum(self.word("an attribute name"))
		elif name == "attr":
			family = self.word("a family code")
			self.demand(".")
			result = Attr(family, self.word("an attribute name"))
		else:
			known = "any, none, count, attr, sum, ccc_ok, ann_ok, ccc_valid, ann_valid or grade_rated"
			raise self.fail(known, token)
		self.demand(")")
		return result

	def deeper(self) -> None:
		self.depth += 1
		if self.depth > DEEPEST_NESTING:
			raise self.fail(f"at most {DEEPEST_NESTING} levels of brackets")

	def condition(self, expr: Expr, start: _Token) -> Condition:
		if isinstance(expr, TERMS):
			raise self.fail("something that is true or false, such as an option code or a comparison", start)
		return expr

	def term(self, expr: Expr, start: _Token) -> Term:
		if not isinstance(expr, TERMS):
			raise self.fail("a value, such as a number, attr(FAM.x) or order.qty", start)
		return expr


@lru_cache(maxsize=20_000)
def parse(text: str) -> Condition:
	"""Read one condition of the rule language.

	Raises:
		RuleSyntaxError: with the column and what was expected there.
	"""
	if len(text) > LONGEST_TEXT:
		raise RuleSyntaxError(f"the rule has {len(text)} characters", expected=f"at most {LONGEST_TEXT}")
	return _Parser(text).whole()


def walk(expr: Expr) -> Iterator[Expr]:
	"""The node and everything below it, from left to right."""
	yield expr
	if isinstance(expr, (And, Or)):
		for part in expr.parts:
			yield from walk(part)
	elif isinstance(expr, Not):
		yield from walk(expr.part)
	elif isinstance(expr, (Compare, Arith)):
		yield from walk(expr.left)
		yield from walk(expr.right)


def options_in(expr: Expr) -> tuple[str, ...]:
	"""Option codes the expression names, in order of first mention."""
	return tuple(dict.fromkeys(node.code for node in walk(expr) if isinstance(node, OptionRef)))


def families_in(expr: Expr) -> tuple[str, ...]:
	"""Families the expression asks for by name (not through option codes), in order of first mention."""
	named = (AnyOf, NoneOf, Count, Attr, Covered)
	return tuple(dict.fromkeys(node.family for node in walk(expr) if isinstance(node, named)))
