// A field whose choices come from the server once the form is open, as words; only one of them may be entered.
frappe.provide("order_review.choices");

// choices: [{value, label}, …]. Frappe's control keeps the choices it was made with, and empties what it does not know unsaid.
order_review.choices.offer = function (frm, fieldname, choices) {
	const control = frm.get_field(fieldname);
	const { df } = control;
	Object.assign(df, { options: choices, formatter: (value) => frappe.utils.escape_html(word_of(choices, value)) });
	control.validate = (value) => checked(frm, control, choices, value);
	if (control.set_data) {
		control.set_data(choices);
		control.last_value = undefined; // the word is written again though the value stays
	}
	control.refresh();
};

function word_of(choices, value) {
	const found = choices.find((choice) => choice.value === value);
	return found ? found.label : value || "";
}

function checked(frm, control, choices, value) {
	const typed = String(value || "").trim();
	const found = choices.find(({ value: code, label }) => [code, label].some((one) => one.toLowerCase() === typed.toLowerCase()));
	const is_wrong = Boolean(typed && !found);
	const words = choices.map((choice) => choice.label).join(", ");
	const refusal = () => frappe.utils.escape_html(__("{0} is not to be chosen here. Choose one of: {1}.", [typed, words]));
	control.set_new_description(is_wrong ? `<span class="text-danger">${refusal()}</span>` : __(control.df.description || ""));
	return found ? found.value : "";
}
