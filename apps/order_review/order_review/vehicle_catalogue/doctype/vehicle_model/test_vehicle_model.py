"""For Frappe's builder of test records: a link of ERPNext's to this DocType leads it no further. The tests are in tests/."""

test_ignore = (
	"Item",
	"Option Family",
	"Vehicle Option",
)
