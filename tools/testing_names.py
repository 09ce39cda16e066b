"""Names that `make test` and the pytest plugin share; apart, since the plugin imports pytest."""

STAGES = ("lint", "engine", "contracts", "prints", "site", "browser")
ON_BENCH = ("site", "browser")
# "ready", "missing: <reason>" (skip) or "broken: <reason>" (fail).
BENCH_VARIABLE = "ORDER_REVIEW_BENCH"
RECORD_VARIABLE = "ORDER_REVIEW_RECORD"
PROPERTIES_VARIABLE = "ORDER_REVIEW_PROPERTIES"
"""How widely random properties are tried: "usual" or "wide"."""
