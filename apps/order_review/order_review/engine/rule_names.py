"""What a condition may name: attributes, fields and values that are there, each compared with its own kind.

A comparison with something that does not exist is unknown for ever, and a rule that is never true checks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from . import language as ast
from .bilingual import Text
from .catalogue import Family, Model, Option
from .catalogue_keys import did_you_mean
from .reading import shown
from .words import MARKETS, ORDER_TYPES, USES

NUMBER, FLAG, WORD = "number", "flag", "word"
_KINDS = {
	NUMBER: Text("a number", "数字"),
	FLAG: Text("true or false", "真假值"),
	WORD: Text("a word", "文字"),
}
_EQUALITY = ("==", "!=")

Fault = tuple[Text, Text]
"""What was found, and what is expected."""


@dataclass(frozen=True)
class Kind:
	"""What a term stands for: a number, a truth value or a word; ``words`` are those it can be, where that is known."""

	name: str
	words: tuple[str, ...] = ()


class Names:
	"""The names a catalogue offers to its rules."""

	def __init__(
		self,
		families: Mapping[str, Family],
		options: Iterable[Option],
		models: Iterable[Model],
		grades: tuple[str, ...],
		*,
		incomplete: Iterable[str] = (),
		models_complete: bool = True,
	) -> None:
		"""Take stock.

		Args:
			incomplete: families of options that were left out, whose attributes are not known for sure.
			models_complete: False when a model was left out.
		"""
		self.families = families
		self.grades = grades
		self.incomplete = frozenset(incomplete)
		self.models_complete = models_complete
		self.attributes: dict[str, set[str]] = {}
		for option in options:
			self.attributes.setdefault(option.family, set()).update(option.attrs)
		self.model_fields = _model_fields(models)
		self.order_fields = {
			"market": Kind(WORD, MARKETS),
			"use": Kind(WORD, USES),
			"operating": Kind(FLAG),
			"grade": Kind(WORD, grades),
			"qty": Kind(NUMBER),
			"dest_stage": Kind(NUMBER),
			"order_type": Kind(WORD, ORDER_TYPES),
		}

	def faults(self, condition: ast.Condition) -> Iterator[Fault]:
		"""Everything in a condition that names nothing, or compares what cannot be compared."""
		for node in ast.walk(condition):
			if isinstance(node, ast.Attr):
				yield from self._attr(node)
			elif isinstance(node, ast.Sum):
				yield from self._sum(node)
			elif isinstance(node, ast.Field):
				yield from self._field(node)
			elif isinstance(node, ast.Arith):
				yield from self._arithmetic(node)
			elif isinstance(node, ast.Compare):
				yield from self._comparison(node)

	def _attr(self, node: ast.Attr) -> Iterator[Fault]:
		family = self.families.get(node.family)
		if family is None or node.family in self.incomplete:
			return
		if not family.single:
			yield (
				Text(
					f"attr({node.family}.{node.name}) asks for the one option of {node.family}, which may have several",
					f"attr({node.family}.{node.name}) 只能用于单选项,{node.family} 可多选",
				),
				Text(
					f"an option code, count({node.family}) or sum({node.name})",
					f"配置代码、count({node.family}) 或 sum({node.name})",
				),
			)
		elif node.name not in self.attributes.get(node.family, ()):
			yield _missing(
				Text(
					f"no option of {node.family} has the attribute {shown(node.name)}",
					f"{node.family} 的配置都没有属性 {shown(node.name)}",
				),
				node.name,
				self.attributes.get(node.family, ()),
			)

	def _sum(self, node: ast.Sum) -> Iterator[Fault]:
		known = set().union(*self.attributes.values())
		if node.name not in known and not self.incomplete:
			yield _missing(
				Text(
					f"no option has the attribute {shown(node.name)}", f"没有配置具有属性 {shown(node.name)}"
				),
				node.name,
				known,
			)

	def _field(self, node: ast.Field) -> Iterator[Fault]:
		known: Mapping[str, Kind] = self.model_fields if node.scope == "model" else self.order_fields
		if node.name in known or (node.scope == "model" and not self.models_complete):
			return
		what = Text("a model", "车型") if node.scope == "model" else Text("an order", "订单")
		yield _missing(
			Text(f"{what} has no field {shown(node.name)}", f"{what.zh}没有字段 {shown(node.name)}"),
			node.name,
			known,
		)

	def _arithmetic(self, node: ast.Arith) -> Iterator[Fault]:
		for term in (node.left, node.right):
			kind = self.kind(term)
			if kind is not None and kind.name != NUMBER:
				yield (
					Text(
						f"{written(term)} is reckoned with, but is {_KINDS[kind.name]}",
						f"{written(term)} 是{_KINDS[kind.name].zh},不能参与计算",
					),
					_KINDS[NUMBER],
				)

	def _comparison(self, node: ast.Compare) -> Iterator[Fault]:
		for term, other in ((node.left, node.right), (node.right, node.left)):
			if isinstance(term, ast.Const) and isinstance(term.value, str):
				yield from self._word(term.value, other, node.op)
				return
		left, right = self.kind(node.left), self.kind(node.right)
		if left is None or right is None:
			return
		if left.name != right.name:
			yield self._unlike(node, left, right)
		elif left.name == FLAG and node.op not in _EQUALITY:
			yield _unordered(node.op, _KINDS[FLAG])

	def _word(self, word: str, other: ast.Term, op: str) -> Iterator[Fault]:
		if isinstance(other, ast.Const):
			yield (
				Text(f"{shown(word)} is compared with another constant", f"{shown(word)} 与另一个常量比较"),
				Text("a field such as order.use on one side", "一侧为字段,如 order.use"),
			)
			return
		kind = self.kind(other)
		if kind is None:
			return
		if kind.name != WORD:
			yield (
				Text(
					f"{written(other)} is {_KINDS[kind.name]} and never equals {shown(word)}",
					f"{written(other)} 是{_KINDS[kind.name].zh},不会等于 {shown(word)}",
				),
				_KINDS[kind.name],
			)
		elif kind.words and word not in kind.words:
			yield _missing(
				Text(f"{written(other)} is never {shown(word)}", f"{written(other)} 不会是 {shown(word)}"),
				word,
				kind.words,
			)
		elif op not in _EQUALITY and word not in self.grades:
			yield _unordered(op, Text(f"the word {shown(word)}", f"文字 {shown(word)}"))

	def _unlike(self, node: ast.Compare, left: Kind, right: Kind) -> Fault:
		return (
			Text(
				f"{written(node.left)} is {_KINDS[left.name]}, {written(node.right)} is {_KINDS[right.name]}: they are never compared",
				f"{written(node.left)} 是{_KINDS[left.name].zh},{written(node.right)} 是{_KINDS[right.name].zh},无法比较",
			),
			Text("two values of one kind", "同类的两个值"),
		)

	def kind(self, term: ast.Term) -> Kind | None:
		"""What a term stands for; None where that is not known."""
		if isinstance(term, ast.Field):
			fields = self.model_fields if term.scope == "model" else self.order_fields
			return fields.get(term.name) if term.scope == "order" or self.models_complete else None
		if isinstance(term, ast.Const):
			return Kind(_kind_of(term.value))
		return Kind(NUMBER)


def _model_fields(models: Iterable[Model]) -> dict[str, Kind]:
	"""Fields of all models. One that is of different kinds is judged by nothing but its name."""
	values: dict[str, set[ast.Value]] = {}
	for model in models:
		for name, value in model.fields.items():
			values.setdefault(name, set()).add(value)
	kinds: dict[str, Kind] = {}
	for name, found in values.items():
		of = {_kind_of(value) for value in found}
		if len(of) == 1:
			kinds[name] = Kind(of.pop(), tuple(sorted(v for v in found if isinstance(v, str))))
	return kinds


def _kind_of(value: ast.Value) -> str:
	if isinstance(value, bool):
		return FLAG
	return NUMBER if isinstance(value, Fraction) else WORD


def _missing(message: Text, name: str, known: Iterable[str]) -> Fault:
	close = did_you_mean(name, tuple(known))
	names = close or ", ".join(sorted(known)) or "–"
	return message, Text(names if close else f"one of {names}", names if close else f"以下之一:{names}")


def _unordered(op: str, what: Text) -> Fault:
	return (
		Text(f"{what} has no order, so {op} never holds", f"{what.zh}没有大小之分,{op} 永远不成立"),
		Text("== or !=; only numbers and grades are greater or less", "== 或 !=;只有数字和等级有大小之分"),
	)


def written(term: ast.Term) -> str:
	"""A term as the rule writes it."""
	if isinstance(term, ast.Const):
		return str(term.value)
	if isinstance(term, ast.Field):
		return f"{term.scope}.{term.name}"
	if isinstance(term, ast.Attr):
		return f"attr({term.family}.{term.name})"
	if isinstance(term, ast.Count):
		return f"count({term.family})"
	if isinstance(term, ast.Sum):
		return f"sum({term.name})"
	return f"({written(term.left)} {term.op} {written(term.right)})"
