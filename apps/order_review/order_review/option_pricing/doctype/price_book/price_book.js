const EVENT = "order_review_prices";
const FIGURES = { list: __("List Price"), floor: __("Floor Price"), cost: __("Cost") };
const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

frappe.ui.form.on("Price Book", {
	refresh(frm) {
		show_state(frm);
		show_lines(frm);
		if (frm.is_new()) return;
		add_steps(frm);
		add_tools(frm);
	},

	before_load() {
		frappe.realtime.off(EVENT);
	},
});

function show_state(frm) {
	const waiting = frm.doc.approval_status === "Requested";
	const locked = waiting || frm.doc.status !== "draft";
	if (locked && !frm.is_new()) frm.disable_form();
	if (waiting) frm.set_intro(__("Waits for approval; it stands still until then."), "blue");
	else if (frm.doc.approval_status === "Rejected" && frm.doc.status === "draft") frm.set_intro(__("Rejected; see the history."), "red");
	else if (frm.doc.superseded_by) frm.set_intro(__("Superseded by {0}.", [frm.doc.superseded_by]), "orange");
}

function show_lines(frm) {
	frm.fields_dict.lines_html.$wrapper.empty();
	if (frm.is_new()) return;
	frappe.xcall("order_review.api.prices.get_summary", { book: frm.doc.name }).then((summary) => draw_lines(frm, summary));
}

function draw_lines(frm, summary) {
	const rows = summary.models
		.map(([model, lines]) => `<tr><td>${esc(model)}</td><td class="text-right">${esc(lines)}</td>
			<td><a class="or-lines text-primary" data-model="${esc(model)}">${__("Open Lines")}</a></td></tr>`)
		.join("");
	const wrapper = frm.fields_dict.lines_html.$wrapper;
	wrapper.html(`<p>${__("{0} price lines.", [esc(summary.lines)])}</p>
		<table class="table table-bordered table-condensed" style="max-width: 480px">
		<thead><tr><th>${__("Vehicle Model")}</th><th class="text-right">${__("Lines")}</th><th></th></tr></thead>
		<tbody>${rows}</tbody></table>`);
	wrapper.find(".or-lines").on("click", (event) => {
		frappe.set_route("List", "Price Book Option", "Report", {
			price_book: frm.doc.name,
			vehicle_model: $(event.currentTarget).data("model"),
		});
	});
}

function add_steps(frm) {
	const may = (frm.doc.__onload || {}).may || [];
	const group = __("Approval");
	if (may.includes("request")) frm.add_custom_button(__("Request Approval"), () => take(frm, "request"), group);
	if (may.includes("approve")) frm.add_custom_button(__("Approve and Release"), () => confirm_release(frm), group);
	if (may.includes("reject")) frm.add_custom_button(__("Reject", null, "Order Review"), () => with_reason(frm, "reject"), group);
	if (may.includes("withdraw")) frm.add_custom_button(__("Withdraw Request"), () => with_reason(frm, "withdraw"), group);
	if (may.includes("new_version")) frm.add_custom_button(__("New Version"), () => copy(frm, true), group);
}

function add_tools(frm) {
	const group = __("Price Lines");
	frm.add_custom_button(__("Download Sheet"), () => download(frm), group);
	if (frm.doc.status === "draft" && frm.doc.approval_status !== "Requested" && frm.perm[0] && frm.perm[0].write) {
		frm.add_custom_button(__("Import Edited Sheet"), () => upload(frm), group);
	}
	frm.add_custom_button(__("Check Completeness"), () => show_faults(frm), group);
	if (frappe.model.can_create("Price Book")) {
		frm.add_custom_button(__("Copy to Next Half-Year"), () => copy(frm, false), group);
	}
	if (frappe.model.can_read("Price Rehearsal")) {
		frm.add_custom_button(__("Rehearse on Orders"), () => order_review.rehearse(frm), group);
		frm.add_custom_button(__("Rehearsals"), () => frappe.set_route("List", "Price Rehearsal", { reference_name: frm.doc.name }), group);
	}
}

function take(frm, step, reason) {
	return frappe
		.xcall("order_review.api.prices.take_step", { doctype: frm.doctype, name: frm.doc.name, step, reason })
		.then(() => frm.reload_doc());
}

function with_reason(frm, step) {
	frappe.prompt({ fieldname: "reason", label: __("Reason"), fieldtype: "Small Text", reqd: 1 }, ({ reason }) => take(frm, step, reason));
}

function confirm_release(frm) {
	frappe.confirm(__("A released book never changes. Release {0}?", [frm.doc.name]), () => take(frm, "approve"));
}

function download(frm) {
	window.open(`/api/method/order_review.api.prices.download_sheet?book=${encodeURIComponent(frm.doc.name)}`);
}

function show_faults(frm) {
	frappe.xcall("order_review.api.prices.get_faults", { book: frm.doc.name }).then((faults) => {
		const list = faults.length
			? `<ul>${faults.slice(0, 200).map((fault) => `<li>${esc(fault)}</li>`).join("")}</ul>`
			: `<p>${__("Complete: every offered option of every active model has its prices, and no other book overlaps.")}</p>`;
		frappe.msgprint({ title: __("{0} faults", [faults.length]), message: list, wide: true, indicator: faults.length ? "red" : "green" });
	});
}

function upload(frm) {
	new frappe.ui.FileUploader({
		allow_multiple: false,
		folder: "Home",
		make_attachments_public: false,
		restrictions: { allowed_file_types: [".xlsx"], max_file_size: 25 * 1024 * 1024 },
		on_success: (file) => preview(frm, file.name, 1),
	});
}

function preview(frm, file, remove_missing) {
	frappe
		.xcall("order_review.api.prices.preview_sheet", { book: frm.doc.name, file, remove_missing })
		.then((found) => show_preview(frm, file, remove_missing, found));
}

function show_preview(frm, file, remove_missing, found) {
	const dialog = new frappe.ui.Dialog({
		title: __("What the Sheet Changes"),
		size: "extra-large",
		fields: [
			{ fieldname: "remove_missing", label: __("Lines that are not in the sheet are removed"), fieldtype: "Check", default: remove_missing },
			...(found.jumps ? [jumps_field(found.jumps)] : []),
			{ fieldname: "changes", fieldtype: "HTML" },
		],
		primary_action_label: __("Apply All"),
		primary_action: (values) => {
			dialog.hide();
			apply(frm, file, values.remove_missing, values.jumps_seen || 0);
		},
	});
	dialog.fields_dict.changes.$wrapper.html(changes_html(found));
	dialog.fields_dict.remove_missing.df.onchange = () => {
		const wanted = dialog.get_value("remove_missing");
		if (wanted === remove_missing) return;
		dialog.hide();
		preview(frm, file, wanted);
	};
	dialog.show();
}

function jumps_field(number) {
	return {
		fieldname: "jumps_seen",
		fieldtype: "Check",
		reqd: 1,
		label: __("The {0} large changes at the top are right", [number]),
		description: __("Prices that change by half or more are mostly slips of the pen"),
	};
}

function changes_html(found) {
	const { added, changed, removed, unchanged } = found.counts;
	const head = found.figures
		.map((figure) => `<th class="text-right">${FIGURES[figure]}: ${__("old")}</th><th class="text-right">${__("new", null, "Order Review")}</th><th class="text-right">%</th>`)
		.join("");
	const kinds = { added: ["green", __("added", null, "Order Review")], changed: ["blue", __("changed")], removed: ["red", __("removed", null, "Order Review")] };
	const number = (value) => (value == null ? "–" : esc(Number(value).toLocaleString("en-US")));
	const rows = found.rows
		.map((row) => {
			const cells = found.figures.map((figure) => row[figure].map((value) => `<td class="text-right">${number(value)}</td>`).join("")).join("");
			const [colour, label] = kinds[row.kind];
			const jump = row.jump ? ` <span class="indicator-pill orange">${__("large change")}</span>` : "";
			return `<tr><td><span class="indicator-pill ${colour}">${label}</span>${jump}</td><td>${esc(row.option || __("Base"))}</td><td>${esc(row.model)}</td>${cells}</tr>`;
		})
		.join("");
	const more = found.more ? `<p class="text-muted">${__("… and {0} more.", [found.more])}</p>` : "";
	return `<p><b>${__("{0} added, {1} changed, {2} removed, {3} as they are.", [added, changed, removed, unchanged])}</b></p>
		<div style="overflow-x: auto; max-height: 55vh"><table class="table table-bordered table-condensed">
		<thead><tr><th></th><th>${__("Option", null, "Order Review")}</th><th>${__("Vehicle Model")}</th>${head}</tr></thead><tbody>${rows}</tbody></table></div>${more}`;
}

function apply(frm, file, remove_missing, jumps_seen) {
	const title = __("Importing Prices");
	frappe.realtime.off(EVENT);
	frappe.realtime.on(EVENT, (message) => {
		if (message.name !== frm.doc.name) return;
		if (message.percent != null) frappe.show_progress(title, message.percent, 100);
		if (message.failed) frappe.msgprint({ title: __("Sheet Not Imported"), message: message.failed, indicator: "red" });
		if (message.failed || message.finished) {
			frappe.hide_progress();
			frappe.realtime.off(EVENT);
			frm.reload_doc();
		}
	});
	frappe.show_progress(title, 0, 100);
	frappe.xcall("order_review.api.prices.start_import", { book: frm.doc.name, file, remove_missing, jumps_seen });
}

function copy(frm, supersedes) {
	const begin = supersedes ? null : frappe.datetime.add_days(frm.doc.valid_to, 1);
	const percent = (fieldname, label) => ({ fieldname, label, fieldtype: "Float", default: 0 });
	const fields = [
		{ fieldname: "code", label: __("Code"), fieldtype: "Data", reqd: 1, default: supersedes ? `${frm.doc.name}-V${(frm.doc.version_no || 1) + 1}` : "" },
		{ fieldname: "name_zh", label: __("Chinese Name"), fieldtype: "Data", reqd: 1, default: supersedes ? frm.doc.name_zh : "" },
		{ fieldname: "name_en", label: __("English Name"), fieldtype: "Data", default: supersedes ? frm.doc.name_en : "" },
		{ fieldtype: "Column Break" },
		{ fieldname: "valid_from", label: __("Valid From"), fieldtype: "Date", reqd: 1, default: begin },
		{ fieldname: "valid_to", label: __("Valid To"), fieldtype: "Date", reqd: 1, default: supersedes ? frm.doc.valid_to : half_year_end(begin) },
		{ fieldtype: "Section Break", label: __("Change by Percent"), description: __("Rounded to the step of list prices") },
		percent("list_pct", __("List Price")),
		{ fieldtype: "Column Break" },
		percent("floor_pct", __("Floor Price")),
		{ fieldtype: "Column Break" },
		percent("cost_pct", __("Cost")),
	];
	frappe.prompt(fields, (values) => {
		frappe
			.xcall("order_review.api.prices.copy_book", { source: frm.doc.name, supersedes: supersedes ? 1 : 0, ...values })
			.then((name) => frappe.set_route("Form", "Price Book", name));
	}, supersedes ? __("New Version of {0}", [frm.doc.name]) : __("Copy to Next Half-Year"), __("Copy"));
}

function half_year_end(begin) {
	return begin ? frappe.datetime.add_days(frappe.datetime.add_months(begin, 6), -1) : null;
}
