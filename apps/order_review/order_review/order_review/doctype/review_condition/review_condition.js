frappe.ui.form.on("Review Condition", {
	setup() {
		order_review.guarded_form.say_options("Review Condition", "status", "due_before", "role", "reference_doctype");
	},

	refresh(frm) {
		frm.disable_save();
		const [word, colour] = order_review.reviewed_form.condition_indicator(frm.doc);
		frm.page.set_indicator(word, colour);
		if (frm.doc.status !== "Open") return;
		frm.add_custom_button(__("Mark as Met"), () => settle(frm, "meet", "evidence", __("Evidence"), __("Mark as Met"))).addClass(
			"btn-primary"
		);
		if (frappe.user.has_role("Sales Operations Manager") && !frm.doc.is_certificate) {
			frm.add_custom_button(__("Waive"), () => settle(frm, "waive", "reason", __("Reason of Waiving"), __("Waive")));
		}
	},
});

// The server decides who may; a colleague of another department gets its answer.
function settle(frm, method, fieldname, label, title) {
	frappe.prompt(
		{ fieldname, fieldtype: "Small Text", label, reqd: 1 },
		(values) =>
			frappe
				.xcall(`order_review.api.conditions.${method}`, { name: frm.doc.name, ...values })
				.then(() => frm.reload_doc()),
		title,
		title
	);
}
