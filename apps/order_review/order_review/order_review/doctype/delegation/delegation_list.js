frappe.listview_settings["Delegation"] = {
	add_fields: ["is_active", "from_date", "to_date"],
	hide_name_column: true,
	get_indicator(doc) {
		const [word, colour] = order_review.delegation_indicator(doc);
		return [word, colour, `is_active,=,${doc.is_active}`];
	},
};
