frappe.listview_settings["Production Milestone"] = {
	hide_name_column: true,
	add_fields: ["planned_on", "reached_on"],
	get_indicator(doc) {
		if (doc.reached_on) return [__("Reached"), "green", "reached_on,is,set"];
		const today = frappe.datetime.get_today();
		if (doc.planned_on < today) return [__("Overdue", null, "Order Review"), "red", `reached_on,is,not set|planned_on,<,${today}`];
		return [__("Planned", null, "Order Review"), "blue", `reached_on,is,not set|planned_on,>=,${today}`];
	},
};
