frappe.ui.form.on("Communication Log", {
	refresh(frm) {
		if (frm.is_new()) return;
		const later = ["follow_up", "follow_up_on", "is_done", "attachment"];
		const own = frm.doc.owner === frappe.session.user;
		frm.meta.fields
			.filter((df) => !frappe.model.no_value_type.includes(df.fieldtype) && !df.read_only)
			.forEach((df) => frm.set_df_property(df.fieldname, "read_only", own && later.includes(df.fieldname) ? 0 : 1));
		const { reference_doctype, reference_name } = frm.doc;
		frm.add_custom_button(__("Open {0}", [reference_name], "Order Review"), () => frappe.set_route("Form", reference_doctype, reference_name));
	},
});
