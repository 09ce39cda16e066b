"""The steps behind `make`. Only the standard library: they run before anything is installed."""
