frappe.ui.form.on("Work Quality Record", {
	setup(frm) {
		frm.set_query("reference_doctype", () => ({
			filters: { name: ["in", ["Production Configuration", "Sales Contract", "Intent Order", "Review Task"]] },
		}));
	},

	onload(frm) {
		frappe.xcall("order_review.api.quality.get_work_types").then((types) => {
			order_review.choices.offer(frm, "work_quality_type", types);
		});
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		frm.meta.fields
			.filter((df) => !frappe.model.no_value_type.includes(df.fieldtype))
			.forEach((df) => frm.set_df_property(df.fieldname, "read_only", 1));
	},

	before_workflow_action(frm) {
		const action = frm.selected_workflow_action;
		frappe.dom.unfreeze();
		frappe.prompt(
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			({ reason }) => {
				const { doctype, doc } = frm;
				frappe
					.xcall("order_review.api.steps.take", { doctype, name: doc.name, modified: doc.modified, action, reason })
					.then(() => frm.reload_doc());
			},
			__(action, null, "Order Review"),
			__(action, null, "Order Review")
		);
		return new Promise(() => {}); // the dialog takes the step
	},
});
