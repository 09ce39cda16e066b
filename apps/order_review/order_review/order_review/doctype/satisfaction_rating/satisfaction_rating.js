// The outcome is a state of the intent order the rating is about, and is read in its words.
frappe.ui.form.on("Satisfaction Rating", {
	onload(frm) {
		frm.fields_dict.round_outcome.df.formatter = (value) => __(value || "", null, "Intent Order");
	},
});
