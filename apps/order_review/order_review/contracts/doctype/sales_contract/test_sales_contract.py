"""For Frappe's builder of test records: a link of ERPNext's to this DocType leads it no further. The tests are in tests/."""

test_ignore = (
	"Company",
	"Currency",
	"Customer",
	"Department",
	"Incoterm",
	"Intent Order",
	"Option Family",
	"Price Book",
	"Production Configuration",
	"Sales Order",
	"Sales Partner",
	"Sales Person",
	"Special Option Request",
	"User",
	"Vehicle Model",
	"Vehicle Option",
)
