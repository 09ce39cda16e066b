frappe.query_reports["Price Book Coverage"] = {
	filters: [
		{ fieldname: "price_book", label: __("Price Book"), fieldtype: "Link", options: "Price Book" },
		{ fieldname: "model", label: __("Vehicle Model"), fieldtype: "Link", options: "Vehicle Model" },
		{ fieldname: "from_date", label: __("Days From"), fieldtype: "Date", default: frappe.datetime.year_start() },
		{ fieldname: "to_date", label: __("Days To"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.year_end(), 6) },
		{ fieldname: "only_gaps", label: __("Only Incomplete"), fieldtype: "Check" },
	],

	formatter(value, row, column, data, default_formatter) {
		const text = default_formatter(value, row, column, data);
		return data && column.fieldname === "coverage_pct" && value < 100 ? `<b class="text-danger">${text}</b>` : text;
	},
};
