// Amounts and names as the user reads them.
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

export function amount(value) {
	return value == null ? "–" : whole.format(value);
}

export function signed(value) {
	if (value == null) return "–";
	if (value === 0) return "±0";
	return value > 0 ? `+${whole.format(value)}` : `−${whole.format(-value)}`;
}

export function in_language(texts, lang) {
	return texts ? texts[lang] || texts.en || texts.zh : "";
}
