"""What the engine tests share: the sample catalogue, the sample orders, orders made by varying them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from order_review.adapters import catalogue_folder
from order_review.engine import Catalogue, Order, Review, review
from tests.engine.samples import DATA, merged


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
	"""Catalogues that commands keep are kept for these tests alone."""
	with pytest.MonkeyPatch.context() as patch:
		patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
		yield


@pytest.fixture(scope="session")
def catalogue_data() -> dict[str, Any]:
	"""The sample catalogue as plain data; copy it before changing it."""
	return catalogue_folder.read(DATA)[0]


@pytest.fixture(scope="session")
def catalogue(catalogue_data: dict[str, Any]) -> Catalogue:
	"""The sample catalogue."""
	return Catalogue.from_data(catalogue_data)


@pytest.fixture(scope="session")
def orders() -> dict[str, dict[str, Any]]:
	"""The sample orders by their id."""
	return {order["id"]: order for order in catalogue_folder.load_yaml(DATA / "orders.yaml")["orders"]}


@pytest.fixture
def reviewed(catalogue: Catalogue, orders: dict[str, dict[str, Any]]) -> Callable[..., Review]:
	"""Review a sample order after changing some of its values."""

	def run(sample: str, on: Catalogue = catalogue, **changes: Any) -> Review:
		return review(on, Order.from_data(merged(orders[sample], changes), on), explain=False)

	return run
