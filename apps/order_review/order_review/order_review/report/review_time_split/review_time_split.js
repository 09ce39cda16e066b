frappe.query_reports["Review Time Split"] = {
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.get_today(), -3) },
		{ fieldname: "to_date", label: __("To Date", null, "Order Review"), fieldtype: "Date" },
		{ fieldname: "market_department", label: __("Market Department"), fieldtype: "Autocomplete" },
		{ fieldname: "owner_oa", label: __("Order Administrator"), fieldtype: "Link", options: "User" },
		{ fieldname: "is_open", label: __("Under Review Only"), fieldtype: "Check" },
	],

	onload: (report) => order_review.fill_choices(report),
};
