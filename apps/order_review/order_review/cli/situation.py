"""The options of a command that asks about a model in a context, and how they are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import click

from ..engine.bilingual import Text
from ..engine.catalogue import Catalogue
from ..engine.errors import BadInput
from ..engine.order import HIGHEST_QTY
from ..engine.reading import as_date
from ..engine.solver import CompiledModel, Context, compile_model
from ..engine.words import ORDER_TYPES, USES

_Function = TypeVar("_Function", bound=Callable[..., Any])

_OPTIONS = (
	click.option("--model", metavar="M", help="Vehicle model. 车型。"),
	click.option("--grade", metavar="G", help="Grade, such as G1. 等级。"),
	click.option("--use", metavar="U", help="Use, such as tourism. 用途。"),
	click.option("--order-type", metavar="T", help="Order type, such as Dealer. 订单类型。"),
	click.option("--qty", type=int, metavar="N", help="Quantity. 数量。"),
	click.option("--dest-stage", metavar="S", help="Emission stage of the destination. 目的国排放阶段。"),
	click.option("--date", "on", metavar="D", help="Order date, YYYY-MM-DD. 下单日期。"),
	click.option(
		"--pick", "picks", multiple=True, metavar="CODE", help="A picked option; repeat. 所选配置。"
	),
)


def situation_options(function: _Function) -> _Function:
	"""``--model`` to ``--pick``: what is asked about."""
	for option in reversed(_OPTIONS):
		function = option(function)
	return function


def feature_model_options(function: _Function) -> _Function:
	"""``--uvl``, ``--dimacs`` and ``--timeout``: a feature model in place of the catalogue."""
	path = click.Path(path_type=Path, dir_okay=False)
	for option in (
		click.option(
			"--timeout",
			type=click.FloatRange(min=0, min_open=True),
			metavar="SECONDS",
			help="Give up after so long. 超时秒数。",
		),
		click.option(
			"--dimacs",
			type=path,
			metavar="FILE",
			help="Ask a DIMACS CNF file instead. 读取 DIMACS CNF 文件。",
		),
		click.option(
			"--uvl", type=path, metavar="FILE", help="Ask a UVL feature model instead. 读取 UVL 特征模型。"
		),
	):
		function = option(function)
	return function


def day(text: str | None) -> dt.date:
	"""The day of ``--date``.

	Raises:
		BadInput: it is missing or no date.
	"""
	if text is None:
		raise missing("--date")
	try:
		return as_date(text)
	except BadInput as error:
		raise error.located(source="--date") from None


def missing(name: str) -> BadInput:
	"""A needed option was not given."""
	return BadInput(
		Text(f"{name} is missing", f"缺少 {name}"), expected=Text(f"{name} with a value", f"{name} 及其值")
	)


def read_context(
	catalogue: Catalogue,
	on: str | None,
	grade: str | None,
	use: str | None,
	order_type: str | None,
	qty: int | None,
	dest_stage: str | None,
) -> Context:
	"""The context; what is not given is unknown.

	Raises:
		BadInput: a value that is none of those known.
	"""
	_among("--grade", grade, catalogue.grade_order)
	_among("--use", use, USES)
	_among("--order-type", order_type, ORDER_TYPES)
	if qty is not None and not 1 <= qty <= HIGHEST_QTY:
		raise BadInput(f"qty is {qty}", source="--qty", expected=f"a whole number from 1 to {HIGHEST_QTY}")
	return Context(day(on), grade, use, order_type, qty, _stage(dest_stage))


def compiled(catalogue: Catalogue, model: str | None, context: Context) -> CompiledModel:
	"""The compiled model.

	Raises:
		BadInput: the model is missing, unknown or not active.
	"""
	if model is None:
		raise missing("--model")
	return compile_model(catalogue, model, context)


def _among(name: str, value: str | None, known: tuple[str, ...]) -> None:
	if value is not None and value not in known:
		message = Text(f"{value!r} is not known", f"未知的值 {value!r}")
		raise BadInput(message, source=name, expected="one of " + ", ".join(known))


def _stage(text: str | None) -> Decimal | None:
	if text is None:
		return None
	try:
		value = Decimal(text)
	except InvalidOperation:
		value = Decimal("NaN")
	if not value.is_finite():
		raise BadInput(f"{text!r} is not a number", source="--dest-stage", expected="a number such as 5")
	return value
