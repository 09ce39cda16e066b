frappe.ui.form.on("Review Condition", {
	setup() {
		order_review.guarded_form.say_options("Review Condition", "status", "due_before", "role", "responsible_role", "reference_doctype");
	},

	refresh(frm) {
		frm.disable_save();
		const [word, colour] = order_review.reviewed_form.condition_indicator(frm.doc);
		frm.page.set_indicator(word, colour);
		const { responsible_name } = frm.doc.__onload || {};
		frm.get_field("responsible").df.formatter = (value) => frappe.utils.escape_html(responsible_name || value || "");
		frm.refresh_field("responsible");
		const { offers } = order_review.guarded_form;
		if (offers(frm, "meet")) {
			frm.add_custom_button(__("Mark as Met"), () => meet(frm)).addClass("btn-primary");
		}
		if (offers(frm, "waive")) {
			frm.add_custom_button(__("Waive"), () => waive(frm));
		}
	},
});

function settle(frm, method, values) {
	return frappe.xcall(`order_review.api.conditions.${method}`, { name: frm.doc.name, ...values }).then(() => frm.reload_doc());
}

function meet(frm) {
	const fields = [
		{ fieldname: "evidence", fieldtype: "Small Text", label: __("Evidence") },
		{ fieldname: "file_url", fieldtype: "Attach", label: __("Evidence as a File"), description: __("In words, as a file, or both") },
	];
	const title = __("Mark as Met");
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		primary_action_label: title,
		primary_action: (values) => settle(frm, "meet", values).then(() => dialog.hide()),
	});
	dialog.show();
}

function waive(frm) {
	const field = { fieldname: "reason", fieldtype: "Small Text", label: __("Reason of Waiving"), reqd: 1 };
	frappe.prompt(field, (values) => settle(frm, "waive", values), __("Waive"), __("Waive"));
}
