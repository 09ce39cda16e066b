// What forms of guarded documents have in common: locked fields, and steps that need a reason.
frappe.provide("order_review.guarded_form");

// Whether the server lets this user do something with the document beside the steps of its workflow.
order_review.guarded_form.offers = function (frm, name) {
	return !frm.is_new() && !frm.is_dirty() && ((frm.doc.__onload && frm.doc.__onload.offers) || []).includes(name);
};

// What the server will not let this user write is not offered for writing.
order_review.guarded_form.open_own_fields = function (frm) {
	if (frm.is_new()) return;
	const writable = (frm.doc.__onload && frm.doc.__onload.writable) || [];
	frm.meta.fields
		.filter((df) => !df.read_only && holds_values(df))
		.forEach((df) => lock(frm, df, !writable.includes(df.fieldname)));
};

function holds_values({ fieldtype }) {
	return frappe.model.table_fields.includes(fieldtype) || !frappe.model.no_value_type.includes(fieldtype);
}

function lock(frm, df, locked) {
	frm.set_df_property(df.fieldname, "read_only", locked ? 1 : 0);
	const { grid } = frm.fields_dict[df.fieldname] || {};
	if (!grid) return;
	Object.assign(grid, { cannot_add_rows: locked, cannot_delete_rows: locked });
	grid.refresh();
}

// Holds an action that needs a reason until the reason is given; for the form's before_workflow_action.
order_review.guarded_form.before_action = function (frm) {
	const reasoned = (frm.doc.__onload && frm.doc.__onload.reasoned_actions) || [];
	const action = frm.selected_workflow_action;
	if (!reasoned.includes(action)) return;
	frappe.dom.unfreeze();
	ask_reason(frm, action);
	return new Promise(() => {}); // the dialog takes the step, with its reason
};

// Words of Select fields in the language of the DocType, which may differ from the same word elsewhere.
order_review.guarded_form.say_options = function (doctype, ...names) {
	const copies = Object.values(frappe.meta.docfield_copy[doctype] || {}); // of the document that is opened first
	const say = (value) => __(value || "", null, doctype);
	for (const fields of [frappe.meta.docfield_map[doctype] || {}, ...copies]) {
		names.filter((name) => fields[name]).forEach((name) => (fields[name].formatter = say));
	}
};

function ask_reason(frm, action) {
	const { doctype } = frm;
	const { name, modified } = frm.doc;
	frappe.prompt(
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		({ reason }) =>
			frappe
				.xcall("order_review.api.steps.take", { doctype, name, modified, action, reason })
				.then(() => frm.reload_doc()),
		__(action, null, "Order Review"),
		__(action, null, "Order Review")
	);
}
