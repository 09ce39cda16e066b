frappe.ui.form.on("Exception Report", {
	refresh(frm) {
		order_review.guarded_form.open_own_fields(frm);
		frm.toggle_display("result_section", !frm.is_new());
		frm.toggle_display(["status", "raised_by", "is_automatic"], !frm.is_new());
		if (frm.is_new()) return;
		const { reference_doctype, reference_name } = frm.doc;
		frm.add_custom_button(__("Open {0}", [reference_name], "Order Review"), () => frappe.set_route("Form", reference_doctype, reference_name));
	},

	before_workflow_action: (frm) => order_review.guarded_form.before_action(frm),
});
