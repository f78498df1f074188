// Numbers as people read them: with a true minus sign, powers of ten as superscripts, values with their errors.

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

export function superscript(exponent: number): string {
  return [...String(exponent)].map((c) => SUPERSCRIPTS[c] ?? c).join("");
}

/** 10⁻³, 10⁰ as 1, 10¹ as 10. */
export function powerOfTen(exponent: number): string {
  return exponent === 0 ? "1" : exponent === 1 ? "10" : `10${superscript(exponent)}`;
}

function withMinus(text: string): string {
  return text.replace(/^-/, "−");
}

/** A number with so many significant digits: 12.35, 1.235 × 10⁶. */
export function formatNumber(value: number, digits = 5): string {
  if (Number.isNaN(value)) return "no value";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < Math.max(digits, 6)) {
    const decimals = Math.max(0, Math.min(100, digits - 1 - exponent));
    return withMinus(String(Number(value.toFixed(decimals))));
  }
  const mantissa = Number((value / 10 ** exponent).toPrecision(digits));
  return Number.isFinite(mantissa)
    ? withMinus(`${mantissa} × ${powerOfTen(exponent)}`)
    : withMinus(value.toExponential(digits - 1));
}

/** A value and its error to the error's two digits: 12.35 ± 0.12; without an error the value alone. */
export function formatWithError(value: number, error: number | null | undefined): string {
  if (error === null || error === undefined || !(error > 0) || !Number.isFinite(error) || !Number.isFinite(value))
    return formatNumber(value);
  const last = Math.floor(Math.log10(error)) - 1;
  const exponent =
    value === 0 ? Math.floor(Math.log10(error)) : Math.floor(Math.log10(Math.max(Math.abs(value), error)));
  if (exponent >= 6 || exponent < -4) {
    const decimals = Math.max(0, Math.min(20, exponent - last));
    const scaled = (v: number): string => withMinus((v / 10 ** exponent).toFixed(decimals));
    return `(${scaled(value)} ± ${scaled(error)}) × ${powerOfTen(exponent)}`;
  }
  const decimals = Math.max(0, Math.min(20, -last));
  return `${withMinus(value.toFixed(decimals))} ± ${error.toFixed(decimals)}`;
}

/** Enough digits to tell apart values this far from each other: for a cursor's position. */
export function formatToStep(value: number, step: number): string {
  if (!Number.isFinite(value) || !(step > 0)) return formatNumber(value);
  const size = Math.max(Math.abs(value), step);
  const digits = Math.floor(Math.log10(size)) - Math.floor(Math.log10(step)) + 1;
  return formatNumber(value, Math.max(2, Math.min(15, digits)));
}

/** A moment, in seconds since 1970 (UTC): 2024-03-01 20:15:00 UTC. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "no time";
  return `${date
    .toISOString()
    .replace("T", " ")
    .replace(/(\.\d*?)0*Z$/, "$1")
    .replace(/\.$/, "")} UTC`;
}

/** A whole number with thin spaces: 1 234 567. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009");
}

/** What a person typed as a number: both minus signs, a decimal comma, spaces between thousands; null if it is none. */
export function parseNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[\s\u2009\u00a0]/g, "")
    .replace("−", "-")
    .replace(/^(-?\d+),(\d+)$/, "$1.$2");
  if (plain === "" || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
