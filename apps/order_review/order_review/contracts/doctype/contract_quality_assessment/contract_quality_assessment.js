frappe.ui.form.on("Contract Quality Assessment", {
	setup(frm) {
		frappe.xcall("order_review.api.quality.get_defects").then((defects) => {
			frm.fields_dict.defects.grid.update_docfield_property("defect", "options", defects);
		});
	},

	refresh(frm) {
		if (frm.is_new()) return;
		format_rows(frm);
		open_own_fields(frm);
		show_score(frm);
		offer_appeal(frm);
		offer_decision(frm);
		show_confidential(frm);
		frm.add_custom_button(__("Sales Contract"), () =>
			frappe.set_route("Form", "Sales Contract", frm.doc.sales_contract)
		);
	},

	before_workflow_action(frm) {
		const ask = { Appeal: ask_appeal, "Decide Appeal": ask_decision }[frm.selected_workflow_action];
		if (!ask) return;
		frappe.dom.unfreeze();
		ask(frm);
		return new Promise(() => {}); // the dialog takes the step
	},
});

function open_own_fields(frm) {
	const writable = (frm.doc.__onload && frm.doc.__onload.writable) || [];
	for (const name of ["defects", "remark"]) {
		frm.set_df_property(name, "read_only", writable.includes(name) ? 0 : 1);
	}
}

function format_rows(frm) {
	const { grid } = frm.fields_dict.defects;
	grid.update_docfield_property("source", "formatter", (value) => (value ? __(value, null, "Contract Quality Defect") : ""));
	grid.update_docfield_property("defect", "formatter", (value, df, options, row) => defect_text(value, row));
	grid.update_docfield_property("decision", "formatter", (value, df, options, row) => decision_text(value, row));
	grid.refresh();
}

function defect_text(value, row) {
	const name = row && (frappe.boot.lang.startsWith("zh") ? row.name_zh : row.name_en);
	const waived = row && row.is_waived ? ` · ${__("Waived")}` : "";
	return value ? frappe.utils.escape_html(`${value} ${name || ""}${waived}`) : "";
}

function decision_text(value, row) {
	if (value) return __(value, null, "Contract Quality Defect");
	return row && row.is_disputed ? `<b>${__("Disputed")}</b>` : "";
}

function show_score(frm) {
	const { score, grade, status, is_vetoed, appeal_until } = frm.doc;
	const colour = { A: "green", B: "blue", C: "orange", D: "red" }[grade] || "gray";
	frm.page.set_indicator(
		`${__(status, null, "Contract Quality Assessment")} · ${score} · ${grade || "–"}`,
		is_vetoed ? "red" : colour
	);
	frm.dashboard.clear_headline();
	if (is_vetoed) frm.dashboard.set_headline(__("The contract was vetoed: its score is 0 whatever the rows say."), "red");
	else if (status === "Confirmed" && appeal_until) {
		frm.dashboard.set_headline(__("Appeals are possible until {0}.", [frappe.datetime.str_to_user(appeal_until)]), "blue");
	}
}

function row_text(row) {
	const name = frappe.boot.lang.startsWith("zh") ? row.name_zh : row.name_en;
	return `${row.idx}. ${row.defect} ${name || ""} (${__("{0} points", [row.points])})`;
}

function choice(rows) {
	return rows.map((row) => ({ value: row.name, label: row_text(row) }));
}

const can_be_disputed = (frm) => frm.doc.defects.filter((row) => row.points && !row.is_disputed);
const under_appeal = (frm) => frm.doc.defects.filter((row) => row.is_disputed && !row.decision);

function offer_appeal(frm) {
	if (order_review.guarded_form.offers(frm, "appeal")) {
		frm.add_custom_button(__("Appeal"), () => ask_appeal(frm)).addClass("btn-primary");
	}
}

function ask_appeal(frm) {
	const rows = can_be_disputed(frm);
	if (!rows.length) return frappe.msgprint(__("No row charges anything that is not disputed or decided already."));
	frappe.prompt(
		[
			{ fieldname: "row", fieldtype: "Select", label: __("Defect"), options: choice(rows), default: rows[0].name, reqd: 1 },
			{ fieldname: "grounds", fieldtype: "Small Text", label: __("Grounds of the Appeal"), reqd: 1 },
		],
		({ row, grounds }) => call(frm, "appeal", { row, grounds }),
		__("Appeal"),
		__("Appeal")
	);
}

function offer_decision(frm) {
	if (order_review.guarded_form.offers(frm, "decide")) {
		frm.add_custom_button(__("Decide Appeal"), () => ask_decision(frm)).addClass("btn-primary");
	}
}

function ask_decision(frm) {
	const [row] = under_appeal(frm);
	if (!row) return;
	const words = ["Upheld", "Reduced", "Removed"];
	const options = words.map((value) => ({ value, label: __(value, null, "Contract Quality Defect") }));
	const about = `<p><b>${frappe.utils.escape_html(row_text(row))}</b><br>${frappe.utils.escape_html(row.dispute || "")}</p>`;
	frappe.prompt(
		[
			{ fieldname: "about", fieldtype: "HTML", options: about },
			{ fieldname: "decision", fieldtype: "Select", label: __("Decision"), options, reqd: 1 },
			{ fieldname: "count", fieldtype: "Int", label: __("Occurrences That Stay"), default: Math.max(row.count - 1, 0), depends_on: "eval:doc.decision==='Reduced'" },
			{ fieldname: "note", fieldtype: "Small Text", label: __("Why Decided So"), reqd: 1 },
		],
		({ decision, count, note }) => call(frm, "decide", { row: row.name, decision, note, count: count || 0 }),
		__("Decide Appeal"),
		__("Decide Appeal")
	);
}

// The form stands still until it shows the state that the call brought about.
function call(frm, method, args) {
	return frappe
		.call({ method: `order_review.api.quality.${method}`, args: { name: frm.doc.name, ...args }, freeze: true })
		.then(() => frm.reload_doc());
}

// For supervisors: what is kept apart because it would tell the floor price.
function show_confidential(frm) {
	if (!frappe.model.can_read("Confidential Quality Defect")) return;
	frappe.xcall("order_review.api.quality.get_confidential", { name: frm.doc.name }).then((found) => {
		if (!found) return;
		const text = __("Kept apart from the score: {0} ({1} points). Sales does not see this.", [found.defects, found.points]);
		frm.dashboard.add_comment(frappe.utils.escape_html(text), "orange", true);
	});
}
