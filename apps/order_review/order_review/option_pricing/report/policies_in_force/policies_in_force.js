frappe.query_reports["Policies in Force"] = {
	filters: [{ fieldname: "on", label: __("On"), fieldtype: "Date", default: frappe.datetime.get_today(), reqd: 1 }],

	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "policy_type") return __(value || "", null, "Business Policy");
		return default_formatter(value, row, column, data);
	},
};
