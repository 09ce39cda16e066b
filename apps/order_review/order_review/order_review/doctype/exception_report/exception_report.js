frappe.ui.form.on("Exception Report", {
	refresh(frm) {
		open_own_fields(frm);
		frm.toggle_display("result_section", !frm.is_new());
		frm.toggle_display(["status", "raised_by", "is_automatic"], !frm.is_new());
		if (frm.is_new()) return;
		const { reference_doctype, reference_name } = frm.doc;
		frm.add_custom_button(__("Open {0}", [reference_name]), () => frappe.set_route("Form", reference_doctype, reference_name));
	},

	before_workflow_action(frm) {
		const reasoned = (frm.doc.__onload && frm.doc.__onload.reasoned_actions) || [];
		const action = frm.selected_workflow_action;
		if (!reasoned.includes(action)) return;
		frappe.dom.unfreeze();
		ask_reason(frm, action);
		return new Promise(() => {}); // the dialog takes the step, with its reason
	},
});

function ask_reason(frm, action) {
	const { doctype } = frm;
	const { name, modified } = frm.doc;
	frappe.prompt(
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		({ reason }) =>
			frappe
				.xcall("order_review.api.steps.take", { doctype, name, modified, action, reason })
				.then(() => frm.reload_doc()),
		__(action),
		__(action)
	);
}

// What the server will not let this user write is not offered for writing.
function open_own_fields(frm) {
	if (frm.is_new()) return;
	const writable = (frm.doc.__onload && frm.doc.__onload.writable) || [];
	frm.meta.fields
		.filter((df) => !frappe.model.no_value_type.includes(df.fieldtype) && !df.read_only)
		.forEach((df) => frm.set_df_property(df.fieldname, "read_only", writable.includes(df.fieldname) ? 0 : 1));
}
