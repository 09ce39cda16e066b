"""Stages, throw-away sites and the browser come from tools/testing; see its modules. Here: how widely properties are tried, and
that a test keeps its name: workers that run side by side must find the same names."""

import os

from hypothesis import HealthCheck, settings

from tools.testing_names import PROPERTIES_VARIABLE

pytest_plugins = ("tools.testing.stages", "tools.testing.fixtures")

settings.register_profile(
	"usual", max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.register_profile("wide", settings.get_profile("usual"), max_examples=3000, derandomize=False)
settings.load_profile(os.environ.get(PROPERTIES_VARIABLE, "usual"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
	"""A file given to a test names it by its argument: its bytes hold the time it was made at, so no two workers would agree."""
	return argname if isinstance(val, bytes) and len(val) > 40 else None
