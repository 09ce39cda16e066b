frappe.query_reports["Work Quality"] = {
	filters: [
		{ fieldname: "from_month", label: __("From Month"), fieldtype: "Data", default: frappe.datetime.get_today().slice(0, 7) },
		{ fieldname: "to_month", label: __("To Month"), fieldtype: "Data", default: frappe.datetime.get_today().slice(0, 7) },
	],
};
