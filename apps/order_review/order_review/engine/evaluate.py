"""The plain evaluator: the judge every other answer is confirmed by. No solver, no cache.

Logic is three-valued: True, False, None (unknown). Numbers are exact fractions.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import language as ast
from .language import Value

if TYPE_CHECKING:
	from .catalogue import Catalogue, Model

_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
	"<": operator.lt,
	"<=": operator.le,
	">": operator.gt,
	">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
	"+": operator.add,
	"-": operator.sub,
	"*": operator.mul,
	"/": operator.truediv,
}


@dataclass(frozen=True)
class Facts:
	"""What a rule is judged against.

	Args:
		catalogue: the catalogue the codes belong to.
		model: the vehicle model.
		context: order fields by name (market, use, operating, grade, qty, dest_stage, order_type);
			a field that is absent or None is unknown.
		on: the order date; None where it is not known.
		chosen: codes of the chosen options.
	"""

	catalogue: Catalogue
	model: Model
	context: Mapping[str, Value | None]
	on: date | None
	chosen: frozenset[str]

	@cached_property
	def bits(self) -> int:
		"""The chosen options as a whole number (`Catalogue.as_bits`)."""
		return self.catalogue.as_bits(self.chosen)

	def of_family(self, family: str) -> list[str]:
		"""Chosen options of a family, in catalogue order."""
		return [code for code in self.catalogue.options_of(family) if code in self.chosen]


def evaluate(expr: ast.Condition, facts: Facts) -> bool | None:
	"""Truth of a condition: True, False or None for unknown."""
	if isinstance(expr, ast.And):
		return _all([evaluate(part, facts) for part in expr.parts])
	if isinstance(expr, ast.Or):
		inner = _all([_negate(evaluate(part, facts)) for part in expr.parts])
		return _negate(inner)
	if isinstance(expr, ast.Not):
		return _negate(evaluate(expr.part, facts))
	if isinstance(expr, ast.Compare):
		return _compare(
			expr.op, _value(expr.left, facts), _value(expr.right, facts), facts.catalogue.grade_order
		)
	return _fact(expr, facts)


def _fact(expr: ast.Condition, facts: Facts) -> bool | None:
	if isinstance(expr, ast.OptionRef):
		return expr.code in facts.chosen
	if isinstance(expr, ast.AnyOf):
		return bool(facts.of_family(expr.family))
	if isinstance(expr, ast.NoneOf):
		return not facts.of_family(expr.family)
	if isinstance(expr, ast.Covered):
		return _covered(expr, facts)
	if isinstance(expr, ast.InForce):
		return None if facts.on is None else facts.model.in_force(expr.kind, facts.on)
	if isinstance(expr, ast.GradeRated):
		grade = facts.context.get("grade")
		return None if grade is None else grade in facts.model.grades
	raise TypeError(f"not a condition: {expr!r}")


def _covered(expr: ast.Covered, facts: Facts) -> bool | None:
	chosen = facts.of_family(expr.family)
	coverage = facts.model.coverage(expr.kind).get(expr.family)
	if coverage is None or not chosen:
		return True
	if facts.on is None:
		return None
	return all((start := coverage.get(code)) is not None and start <= facts.on for code in chosen)


def _value(term: ast.Term, facts: Facts) -> Value | None:
	if isinstance(term, ast.Const):
		return term.value
	if isinstance(term, ast.Field):
		return facts.model.field(term.name) if term.scope == "model" else facts.context.get(term.name)
	if isinstance(term, ast.Attr):
		chosen = facts.of_family(term.family)
		return facts.catalogue.options[chosen[0]].attrs.get(term.name) if len(chosen) == 1 else None
	if isinstance(term, ast.Count):
		return Fraction(len(facts.of_family(term.family)))
	if isinstance(term, ast.Sum):
		options = facts.catalogue.options
		return sum(
			(options[c].attrs.get(term.name, Fraction(0)) for c in facts.chosen if c in options), Fraction(0)
		)
	return _arithmetic(term, facts)


def _arithmetic(term: ast.Arith, facts: Facts) -> Fraction | None:
	left, right = _value(term.left, facts), _value(term.right, facts)
	if not isinstance(left, Fraction) or not isinstance(right, Fraction):
		return None
	if term.op == "/" and right == 0:
		return None
	return _ARITHMETIC[term.op](left, right)


def _compare(op: str, left: Value | None, right: Value | None, grades: tuple[str, ...]) -> bool | None:
	if left is None or right is None or type(left) is not type(right):
		return None
	if op in ("==", "!="):
		return (left == right) is (op == "==")
	if isinstance(left, Fraction) and isinstance(right, Fraction):
		return _ORDERED[op](left, right)
	if left in grades and right in grades:
		return _ORDERED[op](grades.index(str(left)), grades.index(str(right)))
	return None


def _negate(truth: bool | None) -> bool | None:
	return None if truth is None else not truth


def _all(truths: list[bool | None]) -> bool | None:
	if False in truths:
		return False
	return None if None in truths else True
