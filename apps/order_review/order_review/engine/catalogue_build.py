"""Catalogue data to a catalogue: strict, every fault named once and by its cause.

A record that cannot be read is left out, and what refers to it is not reported on top. A code that does not exist
is one fault, however often it is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from . import language
from .bilingual import Text
from .catalogue import (
	PARTS,
	AssemblyLine,
	Catalogue,
	Certificate,
	Coverage,
	Family,
	Model,
	Option,
	Policy,
	PriceBook,
	PriceLine,
	PricingTerms,
	Problem,
	Rule,
	Rung,
	Slot,
	TranslationRule,
	catalogue_hash,
)
from .catalogue_keys import CATALOGUE_KEYS, did_you_mean, unknown_keys
from .errors import BadInput
from .language import Condition, Value
from .reading import Path, Record, shown
from .rule_names import Names
from .words import (
	APPROVER_ROLES,
	BOOK_STATUSES,
	BUS_CLASSES,
	CERTIFICATE_STATUSES,
	CONFIDENCES,
	CURRENCIES,
	CUSTOMER_CLASSES,
	EFFECT_EXTRAS,
	EFFECTS,
	JUDGES,
	MARKETS,
	MODEL_TYPES,
	ORDER_TYPES,
	PAYMENT_MODES,
	POLICY_STATUSES,
	POLICY_TYPES,
	RECORD_STATUSES,
	RULE_TYPES,
	SEVERITIES,
	SHARES_OF,
	SLOT_KINDS,
	STACKED,
	TRANSLATION_KINDS,
	USES,
)

FAMILY, OPTION, MODEL, ALIAS, SLOT = (
	Text("option family", "配置项"),
	Text("option", "配置"),
	Text("model", "车型"),
	Text("model alias", "车型简称"),
	Text("production slot", "生产位置"),
)
_ROOTS_FIRST = (
	"record",
	"unknown_key",
	"currencies_differ",
	"unknown_code",
	"floor_above_list",
	"standard_differs",
)
_WITH_CURRENCY = ("models", "prices", "policies")
_ALIKE = 0.85
"""Share of like characters from which a code that does not exist is taken for that of a record left out."""


@dataclass
class _Missing:
	"""A code that does not exist: where it is named first, and how often."""

	what: Text
	code: str
	path: Path
	ref: str
	known: tuple[str, ...]
	times: int = 1

	def problem(self) -> Problem:
		"""One problem for all the places."""
		more = (
			Text(f" (named in {self.times} places)", f"(共 {self.times} 处)")
			if self.times > 1
			else Text("", "")
		)
		message = Text(
			f"{self.what} {shown(self.code)} does not exist{more}",
			f"{self.what.zh} {shown(self.code)} 不存在{more.zh}",
		)
		close = did_you_mean(self.code, self.known)
		expected = Text(f"the code of a known {self.what}", f"已有的{self.what.zh}代码")
		if close:
			expected = Text(f"{expected}, such as {close}", f"{expected.zh},如 {close}")
		return Problem("unknown_code", self.ref, BadInput(message, expected=expected, path=self.path))


class Builder:
	"""Reads the parts in the order in which they refer to each other."""

	def __init__(self, data: Mapping[str, Any]) -> None:
		for part in PARTS:
			if part not in data:
				raise BadInput(f"{part} is missing", expected="the parts " + ", ".join(PARTS), path=(part,))
		self.data = data
		self.parts = {part: Record(data[part], (part,)) for part in PARTS}
		self.problems: list[Problem] = []
		self.missing: dict[tuple[str, str], _Missing] = {}
		self.left_out: dict[str, list[Mapping[str, Any]]] = {}
		self.unread: set[str] = set()
		"""Kinds of records whose whole list may stand under a misspelt key."""
		self.names = Names({}, (), (), ())
		self.models: dict[str, Model] = {}
		self.families: dict[str, Family] = {}
		self.options: dict[str, Option] = {}

	def build(self) -> tuple[Catalogue, list[Problem]]:
		"""The catalogue of all that can be read, and the problems: causes first, each once."""
		models = self.parts["models"]
		self._check_keys()
		self.families = self._keyed("families", "families", self._family)
		self.options = self._keyed("options", "options", self._option)
		self.models = self._keyed("models", "models", self._model)
		self._check_aliases()
		self._check_standard()
		self.names = self._take_stock()
		terms = self._noted(self._terms, PricingTerms(Decimal(0), 0, (), Decimal(100)))
		self.levels = tuple(rung.level for rung in terms.ladder)
		rules = self._keyed("rules", "rules", self._rule)
		slots = self._keyed("translations", "slots", self._slot)
		self._check_currencies()
		catalogue = Catalogue(
			hash=self._hash(),
			grade_order=models.texts("grade_order"),
			models=MappingProxyType(self.models),
			families=MappingProxyType(self.families),
			options=MappingProxyType(self.options),
			rules=tuple(rules.values()),
			price_books=MappingProxyType(self._keyed("prices", "price_books", self._book)),
			policies=MappingProxyType(self._keyed("policies", "policies", self._policy)),
			terms=terms,
			slots=tuple(slots.values()),
			translation_rules=tuple(
				self._keyed("translations", "rules", lambda r: self._translation(r, slots)).values()
			),
		)
		return catalogue, self._sorted()

	def _sorted(self) -> list[Problem]:
		misspelt = {each.error.path[:-1] for each in self.problems if each.kind == "unknown_key"}
		found = [
			each for each in self.problems if not (each.error.path[:-1] in misspelt and self._lacks(each))
		]
		found += [each.problem() for each in self.missing.values() if not self._follows(each)]
		return sorted(found, key=lambda problem: _ROOTS_FIRST.index(problem.kind))

	def _lacks(self, problem: Problem) -> bool:
		"""Whether a problem is that of a value which may stand under a misspelt key beside it."""
		value: Any = self.data
		for key in problem.error.path:
			try:
				value = value[key]
			except (KeyError, IndexError, TypeError):
				return problem.kind != "unknown_key"
		return problem.kind == "floor_above_list" or (value is None and problem.kind != "unknown_key")

	def _follows(self, missing: _Missing) -> bool:
		"""Whether a code is missing because the record that has it, or was to have it, was left out."""
		if missing.what in self.unread:
			return True
		for raw in self.left_out.get(str(missing.what), ()):
			code = str(raw.get("alias" if missing.what == ALIAS else "code") or "")
			of_family = missing.what == OPTION and missing.code.split("-")[0] == raw.get("family")
			alone = (
				sum(
					m.what == OPTION and m.code.split("-")[0] == raw.get("family")
					for m in self.missing.values()
				)
				== 1
			)
			if _alike(code, missing.code) or (of_family and alone):
				return True
		return False

	def _check_keys(self) -> None:
		for (part, key), kinds in _KINDS.items():
			if key not in self.data[part] and not self.data[part].keys() <= CATALOGUE_KEYS[part].keys():
				self.unread.update(kinds)
		for part in PARTS:
			for error in unknown_keys(self.data[part], CATALOGUE_KEYS[part], (part,)):
				self._note("unknown_key", self._ref(error.path), error)

	def _ref(self, path: Path) -> str:
		"""The code of the record a path leads into; the file's part outside of records."""
		value: Any = self.data
		for key in path[:3]:
			try:
				value = value[key]
			except (KeyError, IndexError, TypeError):
				break
		code = value.get("code") if isinstance(value, Mapping) else None
		return str(code or path[0])

	def _check_currencies(self) -> None:
		"""Files in different currencies would be added up all the same."""
		given = {part: self.parts[part].data.get("currency") for part in _WITH_CURRENCY}
		named = {part: currency for part, currency in given.items() if currency is not None}
		unknown = [part for part, currency in named.items() if currency not in CURRENCIES]
		for part in unknown:
			message = Text(f"currency is {shown(named[part])}", f"币种为 {shown(named[part])}")
			expected = Text("an ISO code such as CNY", "ISO 代码,如 CNY")
			self._note("record", part, BadInput(message, expected=expected, path=(part, "currency")))
		counted = Counter(named.values())
		if unknown or len(counted) < 2:
			return
		usual = counted.most_common(1)[0][0]
		odd = next(part for part, currency in named.items() if currency != usual)
		listed = ", ".join(f"{part}.yaml {currency}" for part, currency in named.items())
		error = BadInput(
			Text(f"the currencies differ: {listed}", f"币种不一致:{listed}"),
			expected=Text("one currency in all files", "各文件使用同一币种"),
			path=(odd, "currency"),
		)
		self._note("currencies_differ", "currency", error)

	def _take_stock(self) -> Names:
		left_out = self.left_out.get(OPTION, ())
		return Names(
			self.families,
			self.options.values(),
			self.models.values(),
			self.parts["models"].texts("grade_order"),
			incomplete={str(raw.get("family")) for raw in left_out},
			models_complete=not self.left_out.get(MODEL),
		)

	def _hash(self) -> str:
		try:
			return catalogue_hash(self.data)
		except (ValueError, OverflowError) as error:
			raise BadInput("a number is not finite", expected="ordinary numbers") from error

	def _note(self, kind: str, ref: str, error: BadInput) -> None:
		self.problems.append(Problem(kind, ref, error))

	def _keyed(self, part: str, key: str, read: Callable[[Record], Any]) -> dict[str, Any]:
		"""Records of one list by code; a faulty or repeated one is noted and left out."""
		result: dict[str, Any] = {}
		for index, item in enumerate(self.parts[part].items_of(key)):
			ref = str(item.get("code", index + 1)) if isinstance(item, Mapping) else str(index + 1)
			try:
				record = read(Record(item, (part, key, index)))
				if record.code in result:
					raise BadInput(
						Text(f"code {record.code} stands twice", f"代码 {record.code} 出现两次"),
						expected=Text("each code once", "每个代码只出现一次"),
						path=(part, key, index, "code"),
					)
				result[record.code] = record
			except BadInput as error:
				self._note("record", ref, error)
				if isinstance(item, Mapping):
					for what in _KINDS.get((part, key), ()):
						self.left_out.setdefault(what, []).append(item)
		return result

	@contextmanager
	def _each(self, ref: str) -> Iterator[None]:
		"""Around one row of a record: a faulty one is noted and left out, the others count."""
		try:
			yield
		except BadInput as error:
			self._note("record", ref, error)

	def _noted(self, read: Callable[[], PricingTerms], otherwise: PricingTerms) -> PricingTerms:
		try:
			return read()
		except BadInput as error:
			self._note("record", "terms", error)
			return otherwise

	def _known(
		self, codes: Iterable[str], among: Mapping[str, Any], what: Text, path: Path, ref: str
	) -> None:
		"""Keep each code that does not exist, once."""
		for code in codes:
			if code in among:
				continue
			found = self.missing.get((what, code))
			if found is None:
				self.missing[(what, code)] = _Missing(what, code, path, ref, tuple(among))
			else:
				found.times += 1

	def _family(self, r: Record) -> Family:
		return Family(
			code=r.text("code"),
			name_zh=r.text("name_zh"),
			name_en=r.text("name_en"),
			group=r.text("group", ""),
			single=r.choice("select", ("single", "multi")) == "single",
			freeze=self._among_pairs(r, "freeze", "freeze_points"),
			shop=self._among_pairs(r, "shop", "shops"),
			sort=r.integer("sort", 0),
			ccc=r.flag("ccc"),
			announcement=r.flag("announcement"),
		)

	def _among_pairs(self, r: Record, key: str, pairs: str) -> str:
		"""A code of the pairs that families.yaml begins with; any where it has none."""
		known = tuple(self.parts["families"].record(pairs))
		return r.word(key, known) if known else r.text(key, "")

	def _option(self, r: Record) -> Option:
		option = Option(
			code=r.text("code"),
			family=r.text("family"),
			name_zh=r.text("name_zh"),
			name_en=r.text("name_en"),
			avail=MappingProxyType(
				{alias: r.record("avail").choice(alias, ("S", "O")) for alias in r.record("avail")}
			),
			attrs=MappingProxyType(r.fractions("attrs")),
			lead_days=r.integer("lead_days", 0, highest=3650),
			livery_files=r.flag("livery_files"),
			active=r.word("status", RECORD_STATUSES, "active") == "active",
		)
		if not language.OPTION_CODE.fullmatch(option.code):
			raise r.fail(
				"code",
				Text(
					f"option code {shown(option.code)} is malformed",
					f"配置代码 {shown(option.code)} 格式不对",
				),
				Text("three capitals, a hyphen, capitals or digits", "三个大写字母、连字符、大写字母或数字"),
			)
		self._known([option.family], self.families, FAMILY, (*r.path, "family"), option.code)
		return option

	def _model(self, r: Record) -> Model:
		certification = r.record("certification")
		grades = self.parts["models"].texts("grade_order") or (r.text("default_grade", "NA"),)
		_listed(r, "grades", grades)
		for key, words in (("type", MODEL_TYPES), ("market", MARKETS), ("bus_class", BUS_CLASSES)):
			r.word(key, words)
		model = Model(
			code=r.text("code"),
			alias=r.text("alias"),
			name_zh=r.text("name_zh"),
			name_en=r.text("name_en"),
			grades=r.texts("grades"),
			families=r.texts("families"),
			standard=r.texts("standard"),
			lead_days=r.integer("lead_days", highest=3650),
			min_deposit_pct=r.decimal("min_deposit_pct", 0),
			default_grade=r.word("default_grade", grades, "NA"),
			default_use=r.word("default_use", USES),
			active=r.word("status", RECORD_STATUSES, "active") == "active",
			fields=MappingProxyType(_scalars(r)),
			certificates=MappingProxyType(_certificates(certification)),
			coverages=MappingProxyType({k: _coverage(certification, name) for k, name in _COVERAGES.items()}),
		)
		self._check_model(model, r)
		return model

	def _check_model(self, model: Model, r: Record) -> None:
		ref = model.code
		self._known(model.families, self.families, FAMILY, (*r.path, "families"), ref)
		self._known(model.standard, self.options, OPTION, (*r.path, "standard"), ref)
		for kind, name in _COVERAGES.items():
			path = (*r.path, "certification", name)
			for family, covered in model.coverage(kind).items():
				self._known([family], self.families, FAMILY, path, ref)
				self._known(covered, self.options, OPTION, (*path, family), ref)

	def _check_aliases(self) -> None:
		aliases = {model.alias: model for model in self.models.values()}
		for part, key in (("options", "avail"), ("families", "models")):
			for index, item in enumerate(self.parts[part].items_of(part)):
				named = item.get(key) if isinstance(item, Mapping) else None
				if isinstance(named, (Mapping, list)):
					codes = [alias for alias in named if isinstance(alias, str)]
					self._known(codes, aliases, ALIAS, (part, part, index, key), str(item.get("code")))

	def _check_standard(self) -> None:
		"""What an option says of a model (S: standard) and what the model's standard says must agree."""
		standard = {model.alias: frozenset(model.standard) for model in self.models.values()}
		for index, item in enumerate(self.parts["options"].items_of("options")):
			option = self.options.get(str(item.get("code"))) if isinstance(item, Mapping) else None
			for alias, avail in option.avail.items() if option is not None else ():
				if (
					option is not None
					and alias in standard
					and (avail == "S") != (option.code in standard[alias])
				):
					path = ("options", "options", index, "avail", alias)
					self._note(
						"standard_differs", option.code, _standard_differs(option.code, alias, avail, path)
					)
		for index, item in enumerate(self.parts["models"].items_of("models")):
			model = self.models.get(str(item.get("code"))) if isinstance(item, Mapping) else None
			for place, code in enumerate(model.standard) if model is not None else ():
				found = self.options.get(code)
				if model is not None and found is not None and model.alias not in found.avail:
					path_ = ("models", "models", index, "standard", place)
					self._note(
						"standard_differs", model.code, _standard_differs(code, model.alias, "–", path_)
					)

	def _condition(self, r: Record, key: str, ref: str) -> Condition | None:
		if not r.has(key):
			return None
		try:
			condition = language.parse(r.text(key))
		except BadInput as error:
			raise BadInput(
				error.message, where=error.where, expected=error.expected, path=(*r.path, key)
			) from None
		path = (*r.path, key)
		self._known(language.options_in(condition), self.options, OPTION, path, ref)
		self._known(language.families_in(condition), self.families, FAMILY, path, ref)
		for message, expected in self.names.faults(condition):
			self._note("unknown_code", ref, BadInput(message, expected=expected, path=path))
		return condition

	def _rule(self, r: Record) -> Rule:
		code = r.text("code")
		scope, if_ = self._condition(r, "scope", code), self._condition(r, "if", code)
		r.required("then", "a condition of the rule language")
		then = self._condition(r, "then", code)
		assert then is not None
		r.word("confidence", CONFIDENCES)
		return Rule(
			code=code,
			type=r.choice("type", RULE_TYPES),
			scope=scope,
			if_=if_,
			then=then,
			severity=r.choice("severity", SEVERITIES),
			message_zh=r.text("msg_zh"),
			message_en=r.text("msg_en"),
			basis=r.text("basis", ""),
			guard=r.flag("guard"),
			solver=r.word("engine", JUDGES) != "evaluate",
			active=r.word("status", RECORD_STATUSES, "active") == "active",
		)

	def _line(self, r: Record, code: str, ref: str) -> PriceLine:
		line = PriceLine(r.decimal("list"), r.optional_decimal("floor"), r.optional_decimal("cost"))
		if line.floor is not None and line.floor > line.list:
			message = Text(
				f"the floor {line.floor} of {ref} is above the list price {line.list}",
				f"{ref} 的底价 {line.floor} 高于目录价 {line.list}",
			)
			expected = Text("a floor of at most the list price", "底价不高于目录价")
			self._note(
				"floor_above_list", code, BadInput(message, expected=expected, path=(*r.path, "floor"))
			)
		return line

	def _book(self, r: Record) -> PriceBook:
		code = r.text("code")
		base: dict[str, PriceLine] = {}
		for row in r.records("base"):
			with self._each(code):
				self._base_line(row, code, base)
		options: dict[tuple[str, str], PriceLine] = {}
		for row in r.records("options"):
			with self._each(code):
				self._option_line(row, code, options)
		book = PriceBook(
			code=code,
			name_zh=r.text("name_zh", code),
			valid_from=r.date("valid_from"),
			valid_to=r.date("valid_to"),
			status=r.word("status", BOOK_STATUSES, "released"),
			base=MappingProxyType(base),
			options=MappingProxyType(options),
		)
		_check_span(book.valid_from, book.valid_to, r)
		return book

	def _base_line(self, row: Record, book: str, lines: dict[str, PriceLine]) -> None:
		model = row.text("model")
		self._known([model], self.models, MODEL, (*row.path, "model"), book)
		self._once(model, lines, row, "model")
		lines[model] = self._line(row, book, model)

	def _option_line(self, row: Record, book: str, lines: dict[tuple[str, str], PriceLine]) -> None:
		key = (row.text("option"), row.text("model"))
		self._known(key[:1], self.options, OPTION, (*row.path, "option"), book)
		self._known(key[1:], self.models, MODEL, (*row.path, "model"), book)
		self._once(key, lines, row, "option")
		lines[key] = self._line(row, book, key[0])

	def _once(self, key: object, seen: Mapping[Any, Any], r: Record, field_name: str) -> None:
		if key in seen:
			named = key if isinstance(key, str) else " ".join(key) if isinstance(key, tuple) else key
			raise r.fail(
				field_name,
				Text(f"a price line for {named} stands twice", f"{named} 的价格行出现两次"),
				Text("one line each", "每项一行"),
			)

	def _policy(self, r: Record) -> Policy:
		effect = r.record("effect")
		kind = effect.choice("kind", tuple(EFFECTS))
		_check_effect(effect, kind)
		requires = r.record("requires")
		requires.word("payment_mode", PAYMENT_MODES)
		requires.word("customer_class", CUSTOMER_CLASSES)
		_listed(r, "order_types", ORDER_TYPES)
		policy = Policy(
			code=r.text("code"),
			name_zh=r.text("name_zh"),
			name_en=r.text("name_en"),
			type=r.choice("type", POLICY_TYPES),
			group=r.text("group", r.get("code")),
			valid_from=r.date("valid_from"),
			valid_to=r.date("valid_to"),
			status=r.word("status", POLICY_STATUSES, "released"),
			mandatory=r.flag("mandatory"),
			models=frozenset(r.texts("models")),
			order_types=frozenset(r.texts("order_types")),
			requires=MappingProxyType({key: requires.text(key) for key in requires}),
			kind=kind,
			of_base=effect.word("of", SHARES_OF, "configured") == "base",
			pct=_percent(effect, "pct"),
			amount=effect.decimal("amount", 0),
			option=effect.text("option") if effect.has("option") else None,
			max_amount=effect.optional_decimal("max_amount"),
			tiers=_tiers(effect),
			fixed_level=(r.word("fixed_level", self.levels) if self.levels else r.text("fixed_level", ""))
			or None,
		)
		_check_span(policy.valid_from, policy.valid_to, r)
		self._known(sorted(policy.models), self.models, MODEL, (*r.path, "models"), policy.code)
		if policy.option:
			self._known([policy.option], self.options, OPTION, (*effect.path, "option"), policy.code)
		return policy

	def _terms(self) -> PricingTerms:
		r = self.parts["policies"]
		stacking = r.record("stacking")
		_listed(stacking, "order", STACKED)
		return PricingTerms(
			cap_pct=_percent(stacking, "cap_pct", 100),
			price_protection_days=r.integer("price_protection_days", 0, highest=3650),
			ladder=tuple(_ladder(r)),
			above_warning_pct=r.decimal("above_warning_pct", 100),
			rounding=Decimal(self.parts["prices"].integer("rounding", 100, lowest=1)) / 100,
		)

	def _slot(self, r: Record) -> Slot:
		return Slot(r.text("code"), r.text("name_zh"), r.word("kind", SLOT_KINDS, "family"))

	def _translation(self, r: Record, slots: Mapping[str, Slot]) -> TranslationRule:
		code = r.text("code")
		self._known([r.text("slot")], slots, SLOT, (*r.path, "slot"), code)
		r.required("when", "a condition of the rule language")
		when = self._condition(r, "when", code)
		assert when is not None
		models = r.texts("models")
		self._known(models, self.models, MODEL, (*r.path, "models"), code)
		r.word("kind", TRANSLATION_KINDS)
		lines: dict[str, tuple[AssemblyLine, ...]] = {}
		for row in r.records("lines"):
			model = row.text("model")
			self._known([model], self.models, MODEL, (*row.path, "model"), code)
			line = AssemblyLine(
				row.text("assembly"),
				row.text("name_zh", ""),
				row.integer("qty", 1, lowest=1, highest=9999),
				self._among_pairs(row, "shop", "shops"),
			)
			lines[model] = (*lines.get(model, ()), line)
		return TranslationRule(
			code, r.text("slot"), frozenset(models), when, MappingProxyType(lines), r.flag("noop")
		)


_KINDS: Mapping[tuple[str, str], tuple[Text, ...]] = {
	("families", "families"): (FAMILY,),
	("options", "options"): (OPTION,),
	("models", "models"): (MODEL, ALIAS),
	("translations", "slots"): (SLOT,),
}
"""What refers to the records of a list, so that it is silent where one was left out."""
_COVERAGES = {"ccc": "ccc_covered", "ann": "announcement_covered"}


def _scalars(r: Record) -> dict[str, Value]:
	fields: dict[str, Value] = {}
	for key, value in r.items():
		if isinstance(value, (bool, str)):
			fields[key] = value
		elif isinstance(value, (int, float)):
			fields[key] = Fraction(str(value))
	return fields


def _certificates(r: Record) -> dict[str, Certificate]:
	found: dict[str, Certificate] = {}
	for kind, key, number in (("ccc", "ccc", "certificate"), ("ann", "announcement", "model")):
		if r.has(key):
			c = r.record(key)
			found[kind] = Certificate(
				c.text(number, ""),
				c.date("valid_from"),
				c.optional_date("valid_to"),
				c.word("status", CERTIFICATE_STATUSES, "valid") == "valid",
			)
	return found


def _coverage(r: Record, key: str) -> Coverage:
	families = r.record(key)
	return {
		family: {option: families.record(family).optional_date(option) for option in families.record(family)}
		for family in families
	}


def _percent(r: Record, key: str, default: int = 0) -> Decimal:
	value = r.decimal(key, default)
	if not 0 <= value <= 100:
		raise r.fail(key, f"{key} is {value} %", Text("a percentage from 0 to 100", "0 至 100 的百分比"))
	return value


def _tiers(effect: Record) -> tuple[tuple[int, Decimal], ...]:
	tiers = tuple(
		(tier.integer("min_qty", lowest=1), _percent(tier, "pct")) for tier in effect.records("tiers")
	)
	if tiers != tuple(sorted(tiers, key=lambda tier: tier[0])):
		raise effect.fail(
			"tiers",
			Text("the quantities do not rise", "数量未递增"),
			Text("tiers in rising order of min_qty", "按 min_qty 递增的阶梯"),
		)
	return tiers


def _check_span(start: date, end: date, r: Record) -> None:
	if end < start:
		raise r.fail(
			"valid_to",
			Text(f"valid_to {end} is before valid_from {start}", f"valid_to {end} 早于 valid_from {start}"),
			Text("a day on or after valid_from", "不早于 valid_from 的日期"),
		)


def _alike(one: str, other: str) -> bool:
	first, second = ("".join(filter(str.isalnum, code)).casefold() for code in (one, other))
	return bool(first) and (first == second or SequenceMatcher(None, first, second).ratio() >= _ALIKE)


def _listed(r: Record, key: str, words: tuple[str, ...]) -> None:
	"""Refuse a list with a word outside of those known."""
	for index, word in enumerate(r.texts(key)):
		if word not in words:
			raise BadInput(
				f"{shown(word)} stands in {key}",
				expected="one of " + ", ".join(words),
				path=(*r.path, key, index),
			)


def _check_effect(effect: Record, kind: str) -> None:
	"""Each kind of effect has its own figures; those of another kind would change nothing."""
	for key in EFFECTS[kind]:
		if not effect.has(key):
			raise effect.fail(
				key,
				f"{key} is missing",
				Text(f"{key} for an effect of kind {kind}", f"{kind} 类政策需要 {key}"),
			)
	allowed = {"kind", *EFFECTS[kind], *EFFECT_EXTRAS.get(kind, ())}
	for key in effect:
		if key in _EFFECT_KEYS - allowed and effect.has(key):
			message = Text(
				f"{key} has no effect in a policy of kind {kind}", f"{kind} 类政策中 {key} 不起作用"
			)
			raise effect.fail(key, message, Text("nothing here, or another kind", "删除此项,或改用其他类型"))


_EFFECT_KEYS = {"of", "pct", "amount", "option", "max_amount", "tiers"}


def _ladder(r: Record) -> Iterator[Rung]:
	"""The rungs: levels once each, roles that exist, bounds that fall, the last without one."""
	seen: set[str] = set()
	bound: Decimal | None = None
	for row in r.records("approval_ladder"):
		rung = Rung(row.text("level"), row.optional_decimal("min_pct"), row.word("role", APPROVER_ROLES))
		if rung.level in seen:
			raise row.fail(
				"level",
				Text(f"level {rung.level} stands twice", f"级别 {rung.level} 出现两次"),
				Text("each level once", "每级一次"),
			)
		if bound is not None and rung.min_pct is not None and rung.min_pct >= bound:
			raise row.fail(
				"min_pct",
				Text(
					f"min_pct {rung.min_pct} does not fall below {bound}",
					f"min_pct {rung.min_pct} 未低于 {bound}",
				),
				Text("bounds that fall from level to level", "逐级递减的下限"),
			)
		seen.add(rung.level)
		bound = rung.min_pct
		yield rung


def _standard_differs(option: str, alias: str, avail: str, path: Path) -> BadInput:
	said = {
		"S": Text(
			f"{option} says it is standard (S) on {alias}, but is not in that model's standard",
			f"{option} 标为 {alias} 的标配(S),但不在该车型的 standard 中",
		),
		"O": Text(
			f"{option} says it is optional (O) on {alias}, but is in that model's standard",
			f"{option} 标为 {alias} 的选装(O),但在该车型的 standard 中",
		),
	}
	otherwise = Text(
		f"{option} is in the standard of {alias}, but not available on it",
		f"{option} 在 {alias} 的 standard 中,但该车型不提供",
	)
	expected = Text("avail and standard that say the same", "avail 与 standard 一致")
	return BadInput(said.get(avail, otherwise), expected=expected, path=path)
