import { formatGoFloat } from './go-number.ts';

/** A float as Go's `%g` writes it: shortest digits, an exponent below 1e-4 and from 1e6 on. */
export function formatGoGeneral(value: number): string {
  if (!Number.isFinite(value) || value === 0) return formatGoFloat(value);
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  return exponent < -4 || exponent >= 6 ? `${mantissa}e${exponentText(exponent)}` : formatGoFloat(value);
}

/** A float as Go's `%.2g` writes it. */
export function formatGoTwoDigits(value: number): string {
  if (!Number.isFinite(value) || value === 0) return formatGoFloat(value);
  const [mantissa = '', power = '0'] = value.toExponential(1).split('e');
  const exponent = Number(power);
  const trimmed = mantissa.replace(/\.0$/, '');
  if (exponent < -4 || exponent >= 2) return `${trimmed}e${exponentText(exponent)}`;
  return formatGoFloat(Number(`${trimmed}e${exponent}`));
}

function exponentText(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A float as OpenMetrics writes label values of it (prometheus/model/labels: FormatOpenMetricsFloat). */
export function formatOpenMetricsFloat(value: number): string {
  const text = formatGoGeneral(value);
  return !Number.isFinite(value) || /[e.]/.test(text) ? text : `${text}.0`;
}
