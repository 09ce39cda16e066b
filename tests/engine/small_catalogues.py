"""Random catalogues small enough to enumerate: a few families, rules of every kind the language has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from order_review.engine import Catalogue
from order_review.engine.solver import CompiledModel, Context, compile_model
from order_review.engine.solver.checker import Checker

ON = date(2026, 11, 23)
FAMILIES = ("AAA", "BBB", "CCC", "DDD", "EEE")
MULTI = "EEE"
COMPARED = ("<", "<=", ">", ">=", "==", "!=")


@dataclass(frozen=True)
class Small:
	"""A catalogue with one model, compiled, and its judge."""

	catalogue: Catalogue
	compiled: CompiledModel
	checker: Checker

	@property
	def options(self) -> list[str]:
		"""Codes the model offers."""
		return list(self.compiled.words.codes)

	def all_valid(self, picks: frozenset[str] = frozenset()) -> list[frozenset[str]]:
		"""Every valid configuration with the picks, by enumeration and plain evaluation."""
		return [c for c in self.checker.configurations() if picks <= c and self.checker.is_valid(c)]


def small(data: dict[str, Any], context: Context) -> Small:
	"""Build and compile catalogue data with one model."""
	catalogue = Catalogue.from_data(data)
	model = next(iter(catalogue.models.values()))
	compiled = compile_model(catalogue, model.code, context)
	return Small(catalogue, compiled, Checker(catalogue, model, context.fields(), context.on))


def catalogue_data(
	options: list[dict[str, Any]],
	rules: list[dict[str, Any]],
	prices: dict[str, int] | None = None,
	model: dict[str, Any] | None = None,
) -> dict[str, Any]:
	"""Catalogue data around the given options (of FAMILIES) and rules; a standard of first options."""
	families = [family for family in FAMILIES if any(option["family"] == family for option in options)]
	standard = [next(o["code"] for o in options if o["family"] == f) for f in families if f != MULTI]
	listed = (model or {}).get("standard", standard)
	options = [{**o, "avail": {"M": "S" if o["code"] in listed else "O"}} for o in options]
	lines = [{"option": code, "model": "M1", "list": price} for code, price in (prices or {}).items()]
	return {
		"models": {
			"grade_order": ["NA", "G1", "G2"],
			"models": [
				{
					**{"code": "M1", "alias": "M", "name_zh": "车型", "name_en": "Model", "lead_days": 10},
					**{"grades": ["G1", "NA"], "families": families, "standard": standard, "length_mm": 9},
					**(model or {}),
				}
			],
		},
		"families": {
			"families": [
				{"code": f, "name_zh": f, "name_en": f, "select": "multi" if f == MULTI else "single"}
				for f in FAMILIES
			]
		},
		"options": {"options": options},
		"rules": {"rules": rules},
		"prices": {
			"price_books": [
				{
					**{"code": "PB", "valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31)},
					**{"base": [{"model": "M1", "list": 1000}], "options": lines},
				}
			]
		},
		"policies": {"policies": [], "approval_ladder": [], "stacking": {"cap_pct": 6}},
		"translations": {"slots": [], "rules": []},
	}


def option(family: str, number: int, **more: Any) -> dict[str, Any]:
	"""An option the model offers; what is standard is said by ``catalogue_data``."""
	code = f"{family}-{number}"
	return {"code": code, "family": family, "name_zh": code, "name_en": code, "avail": {"M": "O"}, **more}


def rule(code: str, then: str, **more: Any) -> dict[str, Any]:
	"""A rule of severity error."""
	return {
		**{"code": code, "type": "requires", "then": then, "severity": "error"},
		**{"msg_zh": f"规则{code}", "msg_en": f"rule {code}", **more},
	}


@st.composite
def _options(draw: st.DrawFn) -> list[dict[str, Any]]:
	chosen = []
	for family in draw(st.sets(st.sampled_from(FAMILIES), min_size=2)):
		for number in range(draw(st.integers(1, 3))):
			attrs = draw(st.dictionaries(st.sampled_from(("x", "y")), st.integers(-2, 5)))
			chosen.append(option(family, number, attrs=attrs, lead_days=draw(st.sampled_from((0, 0, 5, 9)))))
	return sorted(chosen, key=lambda o: o["code"])


def _terms(options: list[dict[str, Any]]) -> st.SearchStrategy[str]:
	"""Numbers of every source; only attributes that are there, and of single families alone, may be named."""
	families = st.sampled_from(FAMILIES)
	attributes = sorted(
		{f"attr({o['family']}.{name})" for o in options if o["family"] != MULTI for name in o["attrs"]}
		| {f"sum({name})" for o in options for name in o["attrs"]}
	)
	leaf = st.one_of(
		st.integers(0, 9).map(str),
		st.builds("count({})".format, families),
		st.sampled_from((*attributes, "order.qty", "model.length_mm", "order.dest_stage")),
	)
	return st.one_of(leaf, st.builds("{} {} {}".format, leaf, st.sampled_from("+-*/"), leaf))


def _conditions(options: list[dict[str, Any]]) -> st.SearchStrategy[str]:
	codes = [option["code"] for option in options]
	families = st.sampled_from(FAMILIES)
	option_codes = st.sampled_from([*codes, "AAA-9"])
	leaf = st.one_of(
		option_codes,
		option_codes,
		option_codes.map("!{}".format),
		st.builds("{} {} {}".format, _terms(options), st.sampled_from(COMPARED), _terms(options)),
		families.map("any({})".format),
		families.map("none({})".format),
		families.map("ccc_ok({})".format),
		st.sampled_from(("order.grade >= G1", "order.market == export", "ccc_valid()", "grade_rated()")),
	)
	return st.recursive(
		leaf,
		lambda inner: st.one_of(
			st.builds("({} & {})".format, inner, inner),
			st.builds("({} | {})".format, inner, inner),
			inner.map("!({})".format),
		),
		max_leaves=4,
	)


@st.composite
def _rules(draw: st.DrawFn, options: list[dict[str, Any]]) -> list[dict[str, Any]]:
	conditions = _conditions(options)
	rules = []
	for number in range(draw(st.integers(1, 6))):
		more: dict[str, Any] = {}
		if draw(st.booleans()):
			more["if"] = draw(conditions)
		if draw(st.integers(0, 4)) == 0:
			more["scope"] = draw(conditions)
		if draw(st.integers(0, 5)) == 0:
			more["engine"] = "evaluate"
		if draw(st.integers(0, 7)) == 0:
			more["severity"] = "warning"
		rules.append(rule(f"R-{number}", draw(conditions), **more))
	return rules


@st.composite
def contexts(draw: st.DrawFn) -> Context:
	"""Contexts with known and unknown values."""
	return Context(
		ON,
		grade=draw(st.sampled_from((None, "G1", "G2"))),
		use=draw(st.sampled_from((None, "export", "city"))),
		qty=draw(st.sampled_from((None, 3))),
	)


@st.composite
def catalogues(draw: st.DrawFn) -> Small:
	"""A random small catalogue, compiled in a random context."""
	options = draw(_options())
	codes = [o["code"] for o in options]
	prices = {code: draw(st.sampled_from((-30, 0, 0, 10, 20, 45))) for code in codes}
	covered = {"AAA": dict.fromkeys(codes[:1], date(2024, 1, 1))}
	certification = {
		"ccc": {"certificate": "C", "valid_from": date(2024, 1, 1), "status": "valid"},
		"ccc_covered": covered if codes[0].startswith("AAA") else {},
	}
	rules = draw(_rules(options))
	rules = [r for r in rules if "AAA-9" not in str(r)] if "AAA-9" not in codes else rules
	data = catalogue_data(options, rules, prices, {"certification": certification})
	return small(data, draw(contexts()))
