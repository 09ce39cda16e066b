"""DIMACS CNF, as feature model tools write it: `c 17 NAME` comments name the variables.

Other comments may begin with a number as well (`c 2026 models, 3 plants`): one that names no variable of the file, or
more words where not every variable is named, is a comment and nothing else.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import count

from ..errors import BadInput
from ..solver.patience import Stop, Stopped
from ..solver.problem import Problem
from .model import FeatureModel

MOST_VARIABLES = 1_000_000
MOST_CLAUSES = 2_000_000
MOST_LITERALS = 20_000_000
"""Larger files are refused, so that memory stays bounded."""

_HEADER = re.compile(rb"p\s+cnf\s+(\d{1,18})\s+(\d{1,18})\s*$")
_NAME = re.compile(rb"c\s+(\d{1,18})\s+(\S.*?)\s*$")
_LINES_PER_LOOK = 20_000


def read_dimacs(lines: Iterable[bytes], name: str = "dimacs", stop: Stop | None = None) -> FeatureModel:
	"""Read a DIMACS CNF file line by line.

	Args:
		lines: the lines of the file.
		name: what to call the model.
		stop: asked now and then; a yes gives up.

	Raises:
		BadInput: with the line and what was expected, for a file that is no DIMACS CNF, is larger than the
			limits, or whose header does not say what it holds.
		Stopped: when it was given up.
	"""
	return _Reader(name, stop).read(lines)


class _Reader:
	def __init__(self, name: str, stop: Stop | None) -> None:
		self.name = name
		self.stop = stop
		self.line = 0
		self.variables = -1
		self.announced = 0
		self.named: dict[int, str] = {}
		self.clauses: list[tuple[int, ...]] = []
		self.open: list[int] = []
		self.literals = 0

	def read(self, lines: Iterable[bytes]) -> FeatureModel:
		for self.line, line in enumerate(lines, 1):
			if self.line == 1:
				line = line.removeprefix(codecs.BOM_UTF8)
			if self.stop is not None and self.line % _LINES_PER_LOOK == 0 and self.stop():
				raise Stopped
			first = line[:1]
			if first == b"c":
				self._comment(line)
			elif first == b"p":
				self._header(line)
			elif first == b"%":
				break
			else:
				self._literals(line)
		return self._model()

	def _fail(self, message: str, expected: str) -> BadInput:
		return BadInput(message, source=self.name, where=f"line {self.line}", expected=expected)

	def _comment(self, line: bytes) -> None:
		match = _NAME.match(line)
		if match is None:
			return
		number, text = int(match[1]), match[2].decode("utf-8", "replace")
		if number not in self.named or (_several(self.named[number]) and not _several(text)):
			self.named[number] = text

	def _header(self, line: bytes) -> None:
		match = _HEADER.match(line)
		if match is None or self.variables >= 0:
			found = line[:60].decode("utf-8", "replace").strip()
			raise self._fail(
				f"the header {found!r} is malformed or stands twice", "one line `p cnf VARIABLES CLAUSES`"
			)
		self.variables, self.announced = int(match[1]), int(match[2])
		if self.variables > MOST_VARIABLES or self.announced > MOST_CLAUSES:
			raise self._fail(
				f"the file has {self.variables:,} variables and {self.announced:,} clauses",
				f"at most {MOST_VARIABLES:,} variables and {MOST_CLAUSES:,} clauses",
			)

	def _literals(self, line: bytes) -> None:
		if self.variables < 0:
			if line.strip():
				raise self._fail(
					"a clause stands before the header", "a line `p cnf VARIABLES CLAUSES` first"
				)
			return
		try:
			numbers = [int(part) for part in line.split()]
		except ValueError:
			found = line[:60].decode("utf-8", "replace").strip()
			raise self._fail(f"{found!r} is no clause", "whole numbers ending in 0") from None
		for number in numbers:
			if number:
				self._literal(number)
			else:
				self._close()

	def _literal(self, number: int) -> None:
		if not -self.variables <= number <= self.variables:
			raise self._fail(
				f"variable {abs(number)} is used, but the header announces {self.variables}",
				"variables up to the number in the header",
			)
		self.open.append(number)
		self.literals += 1
		if self.literals > MOST_LITERALS:
			raise self._fail(f"the file has more than {MOST_LITERALS:,} literals", "a smaller file")

	def _close(self) -> None:
		self.clauses.append(tuple(self.open))
		self.open = []
		if len(self.clauses) > self.announced:
			raise self._fail(
				f"there are more clauses than the {self.announced} the header announces",
				"as many clauses as the header says",
			)

	def _model(self) -> FeatureModel:
		if self.variables < 0:
			raise self._fail("there is no header", "a line `p cnf VARIABLES CLAUSES`")
		if self.open:
			raise self._fail("the last clause does not end", "a 0 after the last literal")
		if len(self.clauses) != self.announced:
			raise self._fail(
				f"there are {len(self.clauses)} clauses, but the header announces {self.announced}",
				"as many clauses as the header says",
			)
		return FeatureModel(self.name, self._problem(), ((self.name, self._all_names()),))

	def _all_names(self) -> tuple[str, ...]:
		numbers = range(1, self.variables + 1)
		complete = all(number in self.named for number in numbers)
		names = {n: text for n, text in self.named.items() if complete or not _several(text)}
		return tuple(names.get(number, str(number)) for number in numbers)

	def _problem(self) -> Problem:
		names = self._all_names()
		index = {name: number for number, name in enumerate(names, 1)}
		if len(index) < len(names):
			twice = next(name for number, name in enumerate(names, 1) if index[name] != number)
			raise self._fail(f"the name {twice!r} stands for two variables", "each name once")
		clauses = tuple(self.clauses)
		rules = tuple(f"clause {number}" for number in range(1, len(clauses) + 1))
		return Problem(names, index, clauses, tuple(range(len(clauses))), (), rules)


def _several(text: str) -> bool:
	"""Whether a comment has several words, as a name seldom has."""
	return len(text.split()) > 1


def write_dimacs(problem: Problem) -> Iterator[str]:
	"""The problem as lines of a DIMACS CNF file; helper variables are called `_helper_N`."""
	top, clauses, _ = problem.expanded()
	helpers = count(1)
	for number in range(1, top + 1):
		name = problem.name(number) if number <= problem.size else None
		yield f"c {number} {name if name is not None else f'_helper_{next(helpers)}'}\n"
	yield f"p cnf {top} {len(clauses)}\n"
	for clause in clauses:
		yield " ".join(map(str, (*clause, 0))) + "\n"
