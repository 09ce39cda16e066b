frappe.ui.form.on("Customer Requirement Record", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.confirmed_on) return;
		frm.set_intro(__("The customer has confirmed this; what changed is recorded in a new one."), "green");
		frm.disable_save();
		frm.meta.fields
			.filter((df) => !frappe.model.no_value_type.includes(df.fieldtype))
			.forEach((df) => frm.set_df_property(df.fieldname, "read_only", 1));
	},
});
