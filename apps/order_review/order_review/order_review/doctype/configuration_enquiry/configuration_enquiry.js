frappe.ui.form.on("Configuration Enquiry", {
	setup(frm) {
		frm.find_similar = frappe.utils.debounce(() => show_similar(frm), 350);
	},

	onload_post_render(frm) {
		const field = frm.fields_dict.question;
		if (field && field.$input) field.$input.on("input", () => frm.find_similar());
	},

	refresh(frm) {
		order_review.guarded_form.open_own_fields(frm);
		show_similar(frm);
		const writable = (frm.doc.__onload && frm.doc.__onload.writable) || [];
		frm.toggle_display("answer_section", !frm.is_new() && (Boolean(frm.doc.answer) || writable.includes("answer")));
	},

	family: (frm) => frm.find_similar(),
	model: (frm) => frm.find_similar(),

	before_workflow_action: (frm) => order_review.guarded_form.before_action(frm),
});

// Somebody may have asked it before: the answers that are published, while the question is written.
function show_similar(frm) {
	const wrapper = frm.fields_dict.similar_html.$wrapper;
	const input = frm.fields_dict.question.$input;
	const question = (input && input.val()) || frm.doc.question || "";
	const is_open = frm.is_new() || frm.doc.status === "Open";
	frm.toggle_display("similar_section", is_open);
	if (!is_open || question.length < 2) return wrapper.html(`<p class="text-muted">${__("Write the question; answers to similar ones appear here.")}</p>`);
	frappe
		.xcall("order_review.api.small_records.similar_enquiries", {
			question,
			family: frm.doc.family || "",
			model: frm.doc.model || "",
			without: frm.is_new() ? "" : frm.doc.name,
		})
		.then((rows) => {
			wrapper.html(rows.length ? rows.map(answer_block).join("") : `<p class="text-muted">${__("Nothing like it has been answered yet.")}</p>`);
			wrapper.find("button").on("click", (event) => use_answer(frm, event.currentTarget.dataset.name));
		});
}

function answer_block(row) {
	const text = frappe.utils.escape_html;
	const about = [row.family, row.model].filter(Boolean).map(text).join(" · ");
	return `<div class="or-note" style="margin-bottom: 8px"><b>${text(row.question)}</b> <small class="text-muted">${about}</small>
		<p style="white-space: pre-line">${text(row.answer || "")}</p>
		<button class="btn btn-xs btn-default" data-name="${text(row.name)}">${__("This Answers My Question")}</button>
		<small class="text-muted">${__("used again {0} times", [row.reuse_count || 0])}</small></div>`;
}

function use_answer(frm, name) {
	frappe.xcall("order_review.api.small_records.reuse_enquiry", { name }).then(() => {
		frappe.show_alert({ message: __("Good. The question need not be asked again."), indicator: "green" });
		if (frm.is_new()) frm.doc.__unsaved = 0;
		frappe.set_route("Form", "Configuration Enquiry", name);
	});
}
