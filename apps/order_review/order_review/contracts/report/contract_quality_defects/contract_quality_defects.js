frappe.query_reports["Contract Quality Defects"] = {
	filters: [
		{ fieldname: "from_month", label: __("From Month"), fieldtype: "Data", default: frappe.datetime.get_today().slice(0, 7) },
		{ fieldname: "to_month", label: __("To Month"), fieldtype: "Data", default: frappe.datetime.get_today().slice(0, 7) },
		{ fieldname: "market_department", label: __("Market Department"), fieldtype: "Link", options: "Department" },
		{ fieldname: "sales_person", label: __("Salesperson"), fieldtype: "Link", options: "Sales Person" },
	],
};
