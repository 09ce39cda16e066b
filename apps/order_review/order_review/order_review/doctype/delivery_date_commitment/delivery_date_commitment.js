frappe.ui.form.on("Delivery Date Commitment", {
	setup(frm) {
		frm.set_query("reference_doctype", () => ({ filters: { name: ["in", ["Intent Order", "Sales Contract"]] } }));
		for (const name of ["status"]) {
			const df = frappe.meta.docfield_map["Delivery Date Commitment"][name];
			df.formatter = (value) => __(value || "", null, "Delivery Date Commitment");
		}
		frappe.meta.docfield_map["Delivery Date Proposal"].answer.formatter = (value) =>
			__(value || "", null, "Delivery Date Proposal");
	},

	refresh(frm) {
		order_review.guarded_form.open_own_fields(frm);
		if (!frm.is_new()) show_lots(frm);
		show_weeks(frm);
		add_buttons(frm);
	},

	committed_date: (frm) => show_weeks(frm),

	before_workflow_action: (frm) => order_review.guarded_form.before_action(frm),
});

// Lots are shown where somebody writes them, or has.
function show_lots(frm) {
	const writable = (frm.doc.__onload && frm.doc.__onload.writable) || [];
	frm.toggle_display("lots_section", writable.includes("lots") || (frm.doc.lots || []).length > 0);
}

// What is free now; what was free at the time of the proposal stays in its table.
function show_weeks(frm) {
	const wrapper = frm.fields_dict.weeks_html.$wrapper;
	if (frm.is_new() || frm.doc.status === "Withdrawn") return wrapper.empty();
	frappe.xcall("order_review.api.delivery_commitment.weeks", { name: frm.doc.name }).then((rows) => {
		if (!rows.length) {
			wrapper.html(`<p class="text-muted">${__("No weekly capacity is stated for this model in Order Review Settings.")}</p>`);
			return;
		}
		const heads = [__("Week"), __("Begins On"), __("Capacity", null, "Order Review"), __("Taken by Others"), __("This Order"), __("Free")];
		wrapper.html(
			`<table class="table table-sm or-table" style="max-width: 46em"><thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead>
			<tbody>${rows.map(week_row).join("")}</tbody></table>`
		);
	});
}

function week_row(row) {
	const over = row.own > 0 && row.free < 0;
	const free = over ? `<b class="text-danger">${row.free} · ${__("not enough")}</b>` : row.free;
	const cells = [row.capacity, row.taken, row.own || "–", free].map((cell) => `<td class="text-right">${cell}</td>`).join("");
	return `<tr${row.own ? ' class="or-own-week" style="font-weight: 600"' : ""}><td>${row.own ? "● " : ""}${row.week}</td>
		<td>${frappe.datetime.str_to_user(row.begins_on)}</td>${cells}</tr>`;
}

function add_buttons(frm) {
	if (frm.is_new()) return;
	const { reference_doctype, reference_name, name } = frm.doc;
	frm.add_custom_button(__("Open {0}", [reference_name], "Order Review"), () => frappe.set_route("Form", reference_doctype, reference_name));
	[["zh", "中文"], ["en", "English"]].forEach(([lang, label]) =>
		frm.add_custom_button(
			label,
			() => window.open(`/api/method/order_review.api.delivery_commitment.sheet_pdf?${new URLSearchParams({ name, lang })}`),
			__("Delivery Commitment")
		)
	);
}
