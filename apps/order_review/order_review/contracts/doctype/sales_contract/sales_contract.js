frappe.ui.form.on("Sales Contract", {
	setup(frm) {
		format_fields();
		frm.set_query("vehicle_option", "options", (doc, cdt, cdn) => option_query(doc, locals[cdt][cdn].line_no, locals[cdt][cdn].family));
		frm.set_query("price_book", "lines", () => ({ filters: { status: ["!=", "draft"] } }));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		order_review.verdict.show(frm);
		order_review.guarded_form.open_own_fields(frm);
		lock_tables(frm);
		show_configuration(frm);
		show_differences(frm);
		show_missing(frm);
		show_signing(frm);
		show_rounds(frm);
		order_review.reviewed_form.show_opinions(frm, frm.fields_dict.opinions_html.$wrapper);
		order_review.reviewed_form.show_conditions(frm, frm.fields_dict.conditions_html.$wrapper);
		offer_steps(frm);
	},

	before_workflow_action(frm) {
		return order_review.review_steps.before_action(frm);
	},
});

frappe.ui.form.on("Sales Contract Option", {
	vehicle_option(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (!row.vehicle_option) return;
		frappe.db
			.get_value("Vehicle Option", row.vehicle_option, ["family", "name_zh", "name_en"])
			.then(({ message }) => {
				Object.assign(row, message, { claimed_price: 0, is_claimed: 0 });
				frm.refresh_field("options");
			});
	},
});

const in_chinese = () => frappe.boot.lang.startsWith("zh");
const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
const named = (frm, code) => ((frm.doc.__onload && frm.doc.__onload.names) || {})[code] || code;
const is_writable = (frm, name) => ((frm.doc.__onload && frm.doc.__onload.writable) || []).includes(name);

function option_query(doc, line_no, family) {
	const line = (doc.lines || []).find((row) => row.line_no === line_no) || {};
	return { query: "order_review.api.configuration.search_options", filters: { model: line.model, family: family || null } };
}

function format_fields() {
	const rows = frappe.meta.docfield_map["Sales Contract Option"];
	rows.vehicle_option.formatter = (value, df, options, doc) => {
		if (!value) return "";
		const text = escape(`${value} ${(doc && doc[in_chinese() ? "name_zh" : "name_en"]) || ""}`);
		return !doc || doc.is_standard ? text : `<span class="or-chosen">● ${text}</span>`;
	};
	frappe.meta.docfield_map["Sales Contract"].print_language.formatter = (value) => ({ zh: "中文", en: "English" })[value] || "";
	frappe.meta.docfield_map["Sales Contract Claim"].entry.formatter = (value) => (value ? escape(named(window.cur_frm, value)) : "");
}

// Lines come with the intent orders; rows of the other tables may be added while the salesperson writes.
function lock_tables(frm) {
	for (const name of ["payments", "options", "specials", "claims", "lines"]) {
		frm.set_df_property(name, "read_only", is_writable(frm, name) ? 0 : 1);
	}
	const lines = frm.fields_dict.lines.grid;
	lines.cannot_add_rows = true;
	lines.cannot_delete_rows = frm.doc.lines.length < 2 || !is_writable(frm, "lines");
	frm.refresh_field("lines");
}

// Each line's configuration at a glance: what is not standard first, all of it on demand.
function show_configuration(frm) {
	const blocks = (frm.doc.lines || []).map((line) => {
		const rows = frm.doc.options.filter((row) => row.line_no === line.line_no);
		const chosen = rows.filter((row) => !row.is_standard);
		const name = in_chinese() ? "name_zh" : "name_en";
		const cells = chosen.map(
			(row) => `<tr><td>${escape(named(frm, row.family))}</td><td><b>● ${escape(row.vehicle_option)}</b></td><td>${escape(row[name])}</td><td>${escape(row.remark)}</td></tr>`
		);
		const heads = [__("Option Family"), __("Vehicle Option"), __("Name"), __("Remark")].map((head) => `<th>${head}</th>`).join("");
		return `<h5>${__("Line {0}: {1} × {2}", [line.line_no, escape(line.model), line.qty])}
				<small class="text-muted">${__("{0} options, {1} of them not standard", [rows.length, chosen.length])}</small></h5>
			<table class="table table-sm"><thead><tr>${heads}</tr></thead><tbody>${cells.join("")}</tbody></table>`;
	});
	frm.fields_dict.configuration_html.$wrapper.html(blocks.join(""));
	if (is_writable(frm, "options")) {
		frm.add_custom_button(__("Change Option"), () => change_option(frm));
	}
}

// A single family takes one option, so the new one stands in the place of the old.
function change_option(frm) {
	const numbers = frm.doc.lines.map((row) => ({ value: row.line_no, label: `${row.line_no} · ${row.model} × ${row.qty}` }));
	const dialog = new frappe.ui.Dialog({
		title: __("Change Option"),
		fields: [
			{ fieldname: "line_no", fieldtype: "Select", label: __("Line", null, "Order Review"), options: numbers, default: numbers[0].value, reqd: 1 },
			{
				fieldname: "vehicle_option",
				fieldtype: "Link",
				options: "Vehicle Option",
				label: __("Vehicle Option"),
				reqd: 1,
				get_query: () => option_query(frm.doc, Number(dialog.get_value("line_no")), null),
			},
			{ fieldname: "remark", fieldtype: "Data", label: __("Remark") },
		],
		primary_action_label: __("Change Option"),
		primary_action: (values) =>
			put_option(frm, Number(values.line_no), values.vehicle_option, values.remark).then(() => dialog.hide()),
	});
	dialog.show();
}

function put_option(frm, line_no, option, remark) {
	return frappe.db.get_value("Vehicle Option", option, ["family", "name_zh", "name_en"]).then(({ message }) =>
		frappe.db.get_value("Option Family", message.family, "select_mode").then(({ message: family }) => {
			const same = frm.doc.options.filter((row) => row.line_no === line_no && row.family === message.family);
			const row = family.select_mode === "multi" || !same.length ? frm.add_child("options", { line_no }) : same[0];
			Object.assign(row, message, { vehicle_option: option, remark: remark || row.remark, claimed_price: 0, is_claimed: 0 });
			frm.refresh_field("options");
			frm.dirty();
		})
	);
}

function show_differences(frm) {
	const wrapper = frm.fields_dict.differences_html.$wrapper;
	const note = frm.is_dirty() ? `<p class="text-warning">${__("There are changes that are not saved; the review is of the saved contract.")}</p>` : "";
	const findings = (frm.doc.findings || []).map((row) => {
		const cover = order_review.verdict.covered_by(frm.doc, row.code);
		const colour = row.severity === "error" && !cover ? "red" : "orange";
		return `<tr><td>${row.line_no || ""}</td><td><span class="indicator-pill ${colour}">${escape(named(frm, row.code))}</span> <small class="text-muted">${escape(row.code)}</small></td>
			<td>${escape(in_chinese() ? row.message_zh : row.message_en)}${cover ? `<br>✓ ${escape(cover)}` : ""}</td><td>${escape(named(frm, row.department))}</td></tr>`;
	});
	const heads = [__("Line", null, "Order Review"), __("Finding"), __("Message"), __("Department")].map((head) => `<th>${head}</th>`).join("");
	const table = findings.length
		? `<table class="table table-sm"><thead><tr>${heads}</tr></thead><tbody>${findings.join("")}</tbody></table>`
		: `<p class="text-muted">${__("No findings.")}</p>`;
	frappe.xcall("order_review.api.contracts.differences", { name: frm.doc.name }).then((html) => {
		wrapper.html(`${note}<h5>${__("Findings")}</h5>${table}<h5>${__("Differences From the Intent Orders")}</h5>${html}`);
	});
}

function show_missing(frm) {
	const wrapper = frm.fields_dict.missing_html.$wrapper.empty();
	if (!["Approved for Signing", "Seal Pending", "Signed"].includes(frm.doc.status)) return;
	frappe.xcall("order_review.api.contracts.missing", { name: frm.doc.name }).then((rows) => {
		const words = {
			signature: __("Signature", null, "Order Review"),
			deposit: __("Deposit", null, "Order Review"),
			condition: __("Condition"),
			certification: __("Certification", null, "Order Review"),
		};
		const lines = rows.map((row) => `<tr><td><span class="indicator-pill orange">${words[row.kind]}</span></td><td>${escape(row.text)}</td></tr>`);
		wrapper.html(
			`<div class="form-message yellow"><b>${__("Missing to Become Effective")}</b>
				<table class="table table-sm" style="margin-bottom: 0"><tbody>${lines.join("")}</tbody></table></div>`
		);
	});
}

function show_signing(frm) {
	const wrapper = frm.fields_dict.signing_html.$wrapper.empty();
	const prints = frm.doc.prints || [];
	if (!prints.length) {
		wrapper.html(`<p class="text-muted">${__("The contract has not been approved for signing yet.")}</p>`);
		return;
	}
	const version = prints[prints.length - 1];
	const checksum = version.annex_checksum.slice(0, 16).toUpperCase().match(/.{4}/g).join(" ");
	wrapper.html(
		`<div class="form-message blue">${__("Version {0} is signed: {1} pages, annex checksum {2}.", [version.version, version.pages, `<b>${checksum}</b>`])}
			<br><a href="${print_address(frm)}" target="_blank">${__("Print Contract and Annex")}</a></div>`
	);
}

function print_address(frm) {
	const query = new URLSearchParams({
		doctype: frm.doctype,
		name: frm.doc.name,
		format: "Sales Contract With Annex",
		no_letterhead: 1,
		_lang: frm.doc.print_language,
	});
	return `/api/method/frappe.utils.print_format.download_pdf?${query}`;
}

function show_rounds(frm) {
	const wrapper = frm.fields_dict.rounds_html.$wrapper.empty();
	if ((frm.doc.rounds || []).length < 2) return;
	frappe.xcall("order_review.api.contracts.rounds", { name: frm.doc.name }).then((rounds) => {
		wrapper.html(rounds.map((row) => `<h5>${__("Round {0}", [row.round_no])}</h5>${row.html}`).join(""));
	});
}

// The server decides who may.
function offer_steps(frm) {
	if (frm.is_dirty()) return;
	const { offers } = order_review.guarded_form;
	frm.add_custom_button(__("Print Contract and Annex"), () => window.open(print_address(frm)));
	if (offers(frm, "decide_price")) {
		for (const [label, decision] of [[__("Approve", null, "Order Review"), "Approved"], [__("Reject", null, "Order Review"), "Rejected"]]) {
			frm.add_custom_button(label, () => decide_price(frm, decision), __("Price Approval"));
		}
	}
	if (offers(frm, "log_seal")) {
		frm.add_custom_button(__("Write Seal Log"), () => log_seal(frm)).addClass("btn-primary");
	}
	const { record, confirm, return: give_back } = (frm.doc.__onload && frm.doc.__onload.deposit) || {};
	if (record) {
		frm.add_custom_button(__("Record Deposit"), () => open_payment(frm, "make_deposit_payment")).addClass("btn-primary");
	}
	if (confirm) {
		frm.add_custom_button(__("Confirm Deposit"), () => call(frm, "confirm_deposit", {})).addClass("btn-primary");
	}
	if (give_back) {
		frm.add_custom_button(__("Return Deposit"), () => open_payment(frm, "make_refund_payment")).addClass("btn-primary");
	}
}

// The Payment Entry comes filled in; Finance adds reference and date of the transfer, saves and submits.
function open_payment(frm, method) {
	frappe.model.open_mapped_doc({ method: `order_review.api.contracts.${method}`, source_name: frm.doc.name });
}

function decide_price(frm, decision) {
	frappe.prompt(
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		({ reason }) => call(frm, "decide_price", { decision, reason }),
		__(decision === "Approved" ? "Approve Price" : "Reject Price"),
		__("Confirm")
	);
}

function log_seal(frm) {
	frappe.prompt(
		[
			{ fieldname: "seal_no", fieldtype: "Data", label: __("Seal Number"), reqd: 1 },
			{ fieldname: "copies", fieldtype: "Int", label: __("Copies"), default: 4, reqd: 1 },
		],
		(values) => call(frm, "log_seal", values),
		__("Write Seal Log"),
		__("Confirm")
	);
}

// The form stands still until it shows the state that the call brought about.
function call(frm, method, args) {
	return frappe
		.call({ method: `order_review.api.contracts.${method}`, args: { name: frm.doc.name, ...args }, freeze: true })
		.then(() => frm.reload_doc());
}
