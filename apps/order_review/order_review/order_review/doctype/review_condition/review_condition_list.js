frappe.listview_settings["Review Condition"] = {
	add_fields: ["status", "due_date", "due_before", "is_certificate"],
	hide_name_column: true,
	formatters: {
		due_before: (value) => __(value || "", null, "Review Condition"),
	},
	get_indicator(doc) {
		const [word, colour] = order_review.reviewed_form.condition_indicator(doc);
		return [word, colour, `status,=,${doc.status}`];
	},
};
