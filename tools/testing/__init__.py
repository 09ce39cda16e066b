"""What the tests need besides pytest: stages with a record, throw-away sites, a browser."""
