"""Running the command line inside the test process."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from order_review.cli import common, main
from order_review.engine import Catalogue
from tests.engine.samples import DATA

ORDERS = DATA / "orders.yaml"


@dataclass(frozen=True)
class Ran:
	"""What a run left: exit status and what it wrote."""

	status: int
	out: str
	err: str

	@property
	def json(self) -> Any:
		"""Its standard output as JSON."""
		return json.loads(self.out)


@cache
def _sample_catalogue() -> Catalogue:
	return _load(common.SAMPLE_CATALOGUE)


_load = common.load_catalogue


def _loaded(folder: Path) -> Catalogue:
	return _sample_catalogue() if folder == common.SAMPLE_CATALOGUE else _load(folder)


def run(*arguments: object) -> Ran:
	"""Run ``order-review`` with these arguments; the sample catalogue is loaded once for all runs."""
	out, err = io.StringIO(), io.StringIO()
	once = mock.patch.object(common, "load_catalogue", _loaded)
	with once, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
		status = main([str(argument) for argument in arguments])
	return Ran(status, out.getvalue(), err.getvalue())


def review(*arguments: object) -> Ran:
	"""Run ``order-review review`` in English and without looking for repairs."""
	return run("review", *arguments, "--lang", "en", "--no-explain")


def written(folder: Path, orders: Any, name: str = "orders.yaml") -> Path:
	"""A file with these orders: YAML, or JSON by its name."""
	path = folder / name
	if name.endswith(".json"):
		path.write_text(json.dumps(orders, ensure_ascii=False, default=str, indent=1), encoding="utf-8")
	else:
		path.write_text(yaml.safe_dump(orders, allow_unicode=True, sort_keys=False), encoding="utf-8")
	return path
