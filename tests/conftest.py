"""Stages, throw-away sites and the browser come from tools/testing; see its two modules."""

pytest_plugins = ("tools.testing.stages", "tools.testing.fixtures")
