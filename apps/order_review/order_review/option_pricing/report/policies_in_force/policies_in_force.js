frappe.query_reports["Policies in Force"] = {
	filters: [{ fieldname: "on", label: __("On"), fieldtype: "Date", default: frappe.datetime.get_today(), reqd: 1 }],

};
