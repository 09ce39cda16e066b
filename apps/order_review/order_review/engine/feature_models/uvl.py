"""UVL, the Universal Variability Language: a tree of features and constraints between them.

Read are the Boolean level with group cardinalities. Attributes are read over; typed features, feature
cardinalities, imports and arithmetic are refused with the line they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..errors import BadInput
from ..solver.formula import Clauses, Formula, every, negated, some
from ..solver.patience import Stop, Stopped
from ..solver.problem import ProblemBuilder
from .cardinality import between
from .model import FeatureModel

MOST_LINES = 2_000_000
DEEPEST_NESTING = 200
"""Brackets in a constraint."""

_SECTIONS = ("namespace", "include", "imports", "features", "constraints")
_GROUPS = ("mandatory", "optional", "or", "alternative")
_CARDINALITY = re.compile(r"(?:cardinality\s*)?\[\s*(?:(\d+)\s*\.\.\s*)?(\d+|\*)\s*\]$")
_TYPED = re.compile(r"(Integer|Real|String)\s+(?=[\"\w])")
_BOOLEAN = re.compile(r"Boolean\s+(?=[\"\w])")
_NAME = re.compile(
	r"\"(?P<quoted>[^\"\n]+)\"|(?P<plain>[^\s\"'(){}\[\]!&|=<>,+*/-][^\s\"'(){}\[\]!&|=<>,+*/]*)"
)
_ARITHMETIC = re.compile(r"==|!=|[-+*/]|<(?!=>)|(?<!=)>|\b(?:sum|avg|len|floor|ceil)\s*\(|'")
_TOKEN = re.compile(r"\s*(?:(<=>|=>|[!&|()])|\"([^\"\n]+)\"|([^\s\"'(){}\[\]!&|=<>]+))")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LINES_PER_LOOK = 5_000


@dataclass
class _Open:
	"""A feature or group whose children are being read."""

	indent: int
	feature: int = 0
	kind: str = ""
	low: int = 0
	high: int | None = None
	members: list[int] = field(default_factory=list)
	line: int = 0


def read_uvl(lines: Iterable[str], name: str = "uvl", stop: Stop | None = None) -> FeatureModel:
	"""Read a UVL feature model line by line.

	Raises:
		BadInput: with the line and what was expected, for text that is no UVL or uses a level not supported.
		Stopped: when `stop` said so.
	"""
	return _Reader(name, stop).read(lines)


class _Reader:
	def __init__(self, name: str, stop: Stop | None) -> None:
		self.name = name
		self.stop = stop
		self.line = 0
		self.builder = ProblemBuilder()
		self.section = ""
		self.stack: list[_Open] = []
		self.root = 0
		self.families: list[tuple[str, tuple[int, ...]]] = []
		self.constraints: list[tuple[int, str]] = []
		self.comment = 0
		"""Line in which a comment over several lines begins; 0 outside of one."""

	def read(self, lines: Iterable[str]) -> FeatureModel:
		for self.line, raw in enumerate(lines, 1):
			self._look()
			text = self._without_comment(raw).rstrip()
			if text.strip():
				self._one_line(text)
		if self.comment:
			self.line = self.comment
			raise self._fail("the comment /* does not end", "*/ behind it")
		if not self.root:
			raise self._fail("there are no features", "a section `features` with a root feature")
		self._close_down_to(-1)
		for line, text in self.constraints:
			self.line = line
			self._constraint(text)
		names = self.builder.names
		families = tuple(
			(label, tuple(str(names[v - 1]) for v in members)) for label, members in self.families
		)
		return FeatureModel(self.name, self.builder.build(), families, names[self.root - 1])

	def _look(self) -> None:
		if self.line > MOST_LINES:
			raise self._fail(f"the file has more than {MOST_LINES:,} lines", "a smaller file")
		if self.stop is not None and self.line % _LINES_PER_LOOK == 0 and self.stop():
			raise Stopped

	def _without_comment(self, text: str) -> str:
		"""The line without `// …` and `/* … */` outside quotes; blanks stand for a comment, so that indents stay."""
		if not self.comment and "//" not in text and "/*" not in text:
			return text
		kept: list[str] = []
		place, quote = 0, ""
		while place < len(text):
			if self.comment:
				end = text.find("*/", place)
				self.comment = 0 if end >= 0 else self.comment
				after = end + 2 if end >= 0 else len(text)
				kept.append(" " * (after - place))
				place = after
				continue
			if not quote and text.startswith("//", place):
				break
			if not quote and text.startswith("/*", place):
				self.comment = self.line
				continue
			quote = _quote(quote, text[place])
			kept.append(text[place])
			place += 1
		return "".join(kept)

	def _fail(self, message: str, expected: str) -> BadInput:
		return BadInput(message, source=self.name, where=f"line {self.line}", expected=expected)

	def _one_line(self, text: str) -> None:
		indent = len(text) - len(text.lstrip())
		body = text.strip()
		if indent == 0 and body.split()[0] in _SECTIONS:
			self._begin(body)
		elif self.section == "features":
			self._tree(indent, body)
		elif self.section == "constraints":
			self.constraints.append((self.line, body))
		elif self.section == "imports":
			raise self._fail("imported models are not supported", "a feature model in one file")
		elif self.section != "include":
			raise self._fail(f"{_shown(body)} stands outside a section", "a line `features`")

	def _begin(self, body: str) -> None:
		section, _, rest = body.partition(" ")
		if rest and section != "namespace":
			raise self._fail(f"{_shown(body)} is no section", "the name of the section alone on its line")
		self.section = section

	# the tree

	def _tree(self, indent: int, body: str) -> None:
		self._close_down_to(indent)
		group = self._group(body)
		if group is not None:
			if not self.stack or not self.stack[-1].feature:
				raise self._fail(
					f"the group {_shown(body)} has no feature above it", "a feature with a smaller indent"
				)
			group.indent = indent
			self.stack.append(group)
			return
		variable = self._feature(body)
		if self.stack:
			if self.stack[-1].feature:
				raise self._fail(
					f"feature {_shown(body)} stands in no group", "a line such as `mandatory` above it"
				)
			self.stack[-1].members.append(variable)
		elif self.root:
			raise self._fail("there is a second root feature", "one root feature")
		else:
			self.root = variable
			self.builder.clause(
				(variable,), self.builder.rule(f"{self.builder.names[variable - 1]} is the root")
			)
		self.stack.append(_Open(indent, feature=variable))

	def _close_down_to(self, indent: int) -> None:
		while self.stack and self.stack[-1].indent >= indent:
			closed = self.stack.pop()
			if not closed.feature:
				self._relate(closed)

	def _group(self, body: str) -> _Open | None:
		if body in _GROUPS:
			return _Open(0, kind=body, line=self.line)
		match = _CARDINALITY.match(body)
		if match is None:
			return None
		high = None if match[2] == "*" else int(match[2])
		low = int(match[1]) if match[1] is not None else (high or 0)
		if high is not None and high < low:
			raise self._fail(f"the cardinality {body} is empty", "a lower bound not above the upper one")
		return _Open(0, kind="cardinality", low=low, high=high, line=self.line)

	def _feature(self, body: str) -> int:
		if _TYPED.match(body):
			raise self._fail(f"typed features are not supported: {_shown(body)}", "Boolean features")
		body = _BOOLEAN.sub("", body, count=1) if _BOOLEAN.match(body) else body
		match = _NAME.match(body)
		if match is None:
			raise self._fail(f"{_shown(body)} is no feature", "the name of a feature or of a group")
		self._rest_of_feature(body[match.end() :].strip())
		name = match["quoted"] or match["plain"]
		if name in self.builder.index:
			raise self._fail(f"feature {_shown(name)} stands twice", "each feature once")
		return self.builder.option(name)

	def _rest_of_feature(self, rest: str) -> None:
		if rest.startswith(("cardinality", "[")):
			raise self._fail("feature cardinalities are not supported", "features that are chosen or not")
		if not rest:
			return
		if not rest.startswith("{"):
			raise self._fail(f"{_shown(rest)} stands behind the feature", "nothing, or attributes in braces")
		keys = _attributes(rest)
		if keys is None:
			raise self._fail("the attributes do not end", "a closing brace on the same line")
		if "constraint" in keys or "constraints" in keys:
			raise self._fail(
				"constraints in attributes are not supported", "constraints in their own section"
			)

	def _relate(self, group: _Open) -> None:
		"""Write a closed group: its parent is the feature now on top."""
		parent = self.stack[-1].feature
		label = str(self.builder.names[parent - 1])
		names = [self.builder.names[member - 1] for member in group.members]
		if not group.members:
			self.line = group.line
			raise self._fail("the group has no features", "at least one feature below it")
		if group.kind in ("mandatory", "optional"):
			for member, name in zip(group.members, names, strict=True):
				self._child(parent, member, f"{name} under {label}: {group.kind}", group.kind == "mandatory")
		else:
			self._alternatives(parent, group, f"{group.kind} under {label}")
		self.families.append((f"{label}: {_heading(group)}", tuple(group.members)))

	def _child(self, parent: int, member: int, label: str, mandatory: bool) -> None:
		rule = self.builder.rule(label)
		self.builder.clause((-member, parent), rule)
		if mandatory:
			self.builder.clause((-parent, member), rule)

	def _alternatives(self, parent: int, group: _Open, label: str) -> None:
		rule = self.builder.rule(f"{label} (line {group.line})")
		high = len(group.members) if group.high is None else group.high
		at_least = group.kind != "cardinality" or group.low == 1
		at_most = group.kind == "alternative" or (group.kind == "cardinality" and high == 1)
		if group.kind == "cardinality" and (group.low > 1 or 1 < high < len(group.members) or high == 0):
			between(self.builder, parent, group.members, group.low, high, rule)
			return
		self.builder.group(
			group.members, parent=parent, at_least_one=at_least, at_most_one=at_most, rule=rule
		)

	# constraints

	def _constraint(self, text: str) -> None:
		formula = _Constraint(self, text).formula()
		shown = text if len(text) <= 160 else text[:157] + "..."
		rule = self.builder.rule(f"line {self.line}: {shown}")
		for clause in Clauses(self.builder.helper).of(formula):
			self.builder.clause(clause, rule)


class _Constraint:
	"""Recursive descent over one constraint; `!` binds tightest, then & | => <=>."""

	def __init__(self, reader: _Reader, text: str) -> None:
		self.reader = reader
		self.text = text
		self.tokens = list(self._split())
		self.at = 0
		self.depth = 0

	def _split(self) -> Iterator[tuple[str, bool]]:
		"""(text, is a feature) of each token."""
		place, end = 0, len(self.text)
		while place < end:
			match = _TOKEN.match(self.text, place)
			if match is None:
				raise self._unexpected(self.text[place:])
			yield (match[1], False) if match[1] else (match[2] or match[3], True)
			place = match.end()

	def _unexpected(self, found: str) -> BadInput:
		if _ARITHMETIC.search(re.sub(r"\"[^\"]*\"|<=>|=>", " ", self.text)):
			return self.reader._fail(
				f"arithmetic and string constraints are not supported: {_shown(self.text)}",
				"features with ! & | => <=> and brackets",
			)
		return self.reader._fail(
			f"{_shown(found) if found else 'the end'} cannot stand here in {_shown(self.text)}",
			"a feature, ! & | => <=> or a bracket",
		)

	def formula(self) -> Formula:
		result = self._equivalence()
		if self.at < len(self.tokens):
			raise self._unexpected(self.tokens[self.at][0])
		return result

	def _take(self, sign: str) -> bool:
		if self.at < len(self.tokens) and self.tokens[self.at] == (sign, False):
			self.at += 1
			return True
		return False

	def _equivalence(self) -> Formula:
		left = self._implication()
		while self._take("<=>"):
			right = self._implication()
			left = every([some([negated(left), right]), some([left, negated(right)])])
		return left

	def _implication(self) -> Formula:
		left = self._either()
		while self._take("=>"):  # A => B => C is (A => B) => C, as in the language's own grammar
			left = some([negated(left), self._either()])
		return left

	def _either(self) -> Formula:
		parts = [self._both()]
		while self._take("|"):
			parts.append(self._both())
		return some(parts)

	def _both(self) -> Formula:
		parts = [self._negation()]
		while self._take("&"):
			parts.append(self._negation())
		return every(parts)

	def _negation(self) -> Formula:
		negations = 0
		while self._take("!"):
			negations += 1
		inner = self._atom()
		return negated(inner) if negations % 2 else inner

	def _atom(self) -> Formula:
		if self._take("("):
			self.depth += 1
			if self.depth > DEEPEST_NESTING:
				raise self.reader._fail(
					"the brackets are nested too deeply", f"at most {DEEPEST_NESTING} levels"
				)
			inner = self._equivalence()
			if not self._take(")"):
				raise self._unexpected(self.tokens[self.at][0] if self.at < len(self.tokens) else "")
			self.depth -= 1
			return inner
		if self.at >= len(self.tokens) or not self.tokens[self.at][1]:
			raise self._unexpected(self.tokens[self.at][0] if self.at < len(self.tokens) else "")
		name = self.tokens[self.at][0]
		self.at += 1
		variable = self.reader.builder.index.get(name)
		if variable is not None:
			return variable
		if name in ("true", "false"):
			return name == "true"
		if _ARITHMETIC.search(re.sub(r"\"[^\"]*\"|<=>|=>", " ", self.text)) or "." in name:
			raise self._unexpected(name)
		raise self.reader._fail(f"feature {_shown(name)} does not exist", "a feature of the tree")


def _quote(quote: str, character: str) -> str:
	"""The quote that is open after a character."""
	if quote:
		return "" if character == quote else quote
	return character if character in "\"'" else ""


def _attributes(text: str) -> list[str] | None:
	"""Names of the attributes in braces; None where the braces do not close at the end. Quoted text is read over."""
	bare = _QUOTED.sub(" ", text)
	depth = 0
	for place, character in enumerate(bare):
		depth += (character in "{[") - (character in "}]")
		if not depth and place < len(bare) - 1:
			return None
	return None if depth else re.split(r"[\s{}\[\],]+", bare)


def _heading(group: _Open) -> str:
	if group.kind != "cardinality":
		return group.kind
	return f"[{group.low}..{'*' if group.high is None else group.high}]"


def _shown(text: str) -> str:
	return repr(text if len(text) <= 60 else text[:57] + "...")
