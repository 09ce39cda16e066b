frappe.query_reports["Review Time Split"] = {
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.get_today(), -3) },
		{ fieldname: "to_date", label: __("To Date", null, "Order Review"), fieldtype: "Date" },
		{ fieldname: "market_department", label: __("Market Department"), fieldtype: "Link", options: "Department" },
		{ fieldname: "owner_oa", label: __("Order Administrator"), fieldtype: "Link", options: "User" },
		{ fieldname: "is_open", label: __("Under Review Only"), fieldtype: "Check" },
	],

	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "status") return frappe.utils.escape_html(__(value || "", null, "Intent Order"));
		if (column.fieldname === "ball") {
			const names = { ours: __("Ours"), dealer: __("Salesperson and Dealer"), supplier: __("Supplier") };
			return names[value] || "–";
		}
		return default_formatter(value, row, column, data);
	},
};
