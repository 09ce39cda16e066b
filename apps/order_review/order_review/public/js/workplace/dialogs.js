// Questions before a step for many, and what became of each.
const escape = (text) => frappe.utils.escape_html(text || "");

export function ask_administrator(number, find) {
	return find().then(
		(people) =>
			new Promise((resolve) => {
				const options = people.map((one) => ({ value: one.user, label: `${one.name} · ${__("{0} open orders", [one.open])}` }));
				frappe.prompt(
					{ fieldname: "user", fieldtype: "Select", label: __("Order Administrator"), options, reqd: 1, default: options.length ? options[0].value : "" },
					({ user }) => resolve(user),
					__("Assign {0} orders", [number]),
					__("Assign", null, "Order Review")
				);
			})
	);
}

export function ask_note(title, number, is_needed) {
	return new Promise((resolve) => {
		frappe.prompt(
			{ fieldname: "note", fieldtype: "Small Text", label: is_needed ? __("Reason") : __("Note", null, "Order Review"), reqd: is_needed ? 1 : 0 },
			({ note }) => resolve(note || ""),
			`${title} (${number})`,
			title
		);
	});
}

// All done: a short alert. Something failed: the list of all, what failed first, with its reason.
export function show_results(title, results) {
	const failed = results.filter((result) => !result.done);
	const done = results.length - failed.length;
	if (!failed.length) {
		frappe.show_alert({ message: `${title}: ${__("{0} done", [done])}`, indicator: "green" });
		return;
	}
	const line = (result) => `<tr><td>${result.done ? "✓" : "✗"}</td><td>${escape(result.name)}</td>
		<td class="${result.done ? "text-muted" : ""}">${escape(result.message)}</td></tr>`;
	const rows = [...failed, ...results.filter((result) => result.done)].map(line).join("");
	frappe.msgprint({
		title: `${title}: ${__("{0} done, {1} not", [done, failed.length])}`,
		message: `<table class="table table-sm orw-results"><tbody>${rows}</tbody></table>`,
		indicator: "orange",
		wide: true,
	});
}
