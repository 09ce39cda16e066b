frappe.query_reports["Special Option Costs"] = {
	filters: [
		{ fieldname: "model", label: __("Vehicle Model"), fieldtype: "Link", options: "Vehicle Model" },
		{ fieldname: "from_date", label: __("Request Date From"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("Request Date To"), fieldtype: "Date" },
		{ fieldname: "with_real_cost", label: __("With Real Cost"), fieldtype: "Check" },
	],
};
