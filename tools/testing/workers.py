"""Which of the parallel test processes this is, and which throw-away site is its own."""

from __future__ import annotations

import pytest


def worker_number(config: pytest.Config) -> int:
	"""From 1 on; 0 when there is only this process."""
	said = getattr(config, "workerinput", {}).get("workerid", "")
	return int(said.removeprefix("gw")) + 1 if said else 0


def site_of(config: pytest.Config) -> str:
	"""The throw-away site of this process."""
	return f"test{worker_number(config) or ''}.localhost"
