/** What a number measures; decides its prefix steps and its unit. */
export type Unit = 'seconds' | 'requestsPerSecond' | 'errorsPerSecond' | 'tokensPerSecond' | 'ratio' | 'dollarsPerHour' | 'bytes' | 'count';

/** A number split for a table: the figure and the unit that belongs to it. */
export interface FormattedNumber {
  readonly figure: string;
  readonly unit: string;
}

/** What stands where there is no value. */
export const NO_VALUE = '–';

interface Scale {
  /** Multiplies the value. */
  readonly factor: number;
  readonly unit: string;
  /** The scale serves values below this, after rounding to three figures. */
  readonly below: number;
}

const SI = (unit: string): readonly Scale[] => [
  { factor: 1, unit, below: 1e3 },
  { factor: 1e-3, unit: `k ${unit}`, below: 1e6 },
  { factor: 1e-6, unit: `M ${unit}`, below: Infinity },
];

const SCALES: Readonly<Record<Unit, readonly Scale[]>> = {
  seconds: [
    { factor: 1e6, unit: 'µs', below: 1e-3 },
    { factor: 1e3, unit: 'ms', below: 1 },
    { factor: 1, unit: 's', below: 60 },
    { factor: 1 / 60, unit: 'min', below: 3_600 },
    { factor: 1 / 3_600, unit: 'h', below: Infinity },
  ],
  requestsPerSecond: SI('req/s'),
  errorsPerSecond: SI('err/s'),
  tokensPerSecond: SI('tok/s'),
  ratio: [{ factor: 100, unit: '%', below: Infinity }],
  dollarsPerHour: [{ factor: 1, unit: '$/h', below: Infinity }],
  bytes: [
    { factor: 1, unit: 'B', below: 1024 },
    { factor: 1 / 1024, unit: 'KiB', below: 1024 ** 2 },
    { factor: 1 / 1024 ** 2, unit: 'MiB', below: 1024 ** 3 },
    { factor: 1 / 1024 ** 3, unit: 'GiB', below: Infinity },
  ],
  count: SI(''),
};

/** The unit a zero or an axis without data is shown in. */
const UNIT_AT_REST: Readonly<Record<Unit, number>> = { seconds: 1, requestsPerSecond: 0, errorsPerSecond: 0, tokensPerSecond: 0, ratio: 0, dollarsPerHour: 0, bytes: 0, count: 0 };

/** Three significant figures and the unit: `0.82` seconds is "820 ms", `0.99964` is "100 %" only when it rounds there. */
export function formatNumber(value: number | null | undefined, unit: Unit, locale?: string): string {
  const { figure, unit: name } = formatParts(value, unit, locale);
  return name === '' ? figure : `${figure}\u00a0${name}`;
}

/** As {@link formatNumber}, in two parts. */
export function formatParts(value: number | null | undefined, unit: Unit, locale?: string): FormattedNumber {
  if (value === null || value === undefined || !Number.isFinite(value)) return { figure: NO_VALUE, unit: '' };
  const scale = scaleFor(value, unit);
  // What is counted comes in wholes; what is measured was measured to three figures.
  const isWhole = unit === 'count' || unit === 'bytes';
  return { figure: formatFigure(unit === 'ratio' ? guardHundred(value) : value * scale.factor, isWhole, locale), unit: scale.unit };
}

/** A border of a bucket: up to three significant digits, no zeros behind them: `2.5 s`, `100 ms`, `∞`. */
export function formatBound(value: number, unit: Unit, locale?: string): string {
  if (value === Infinity) return '∞';
  const scale = scaleFor(value, unit);
  const figure = numberFormat('bound', locale, { maximumSignificantDigits: 3 }).format(value * scale.factor);
  return scale.unit === '' ? figure : `${figure}\u00a0${scale.unit}`;
}

/** Labels of an axis: one unit for all of its ticks, so that they can be compared; zero carries no unit. */
export function formatTicks(values: readonly number[], unit: Unit, locale?: string): string[] {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const scale = scaleFor(largest, unit);
  const scaled = values.map((value) => value * scale.factor);
  const gap = scaled.length > 1 ? Math.abs(scaled[1]! - scaled[0]!) : 1;
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(gap) + 1e-9)));
  const format = numberFormat(`ticks:${String(decimals)}`, locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return scaled.map((value) => (value === 0 ? '0' : `${format.format(value)}${scale.unit === '' ? '' : `\u00a0${scale.unit}`}`));
}

function scaleFor(value: number, unit: Unit): Scale {
  const scales = SCALES[unit];
  const size = Math.abs(value);
  if (size === 0) return scales[UNIT_AT_REST[unit]]!;
  // 999.7 req/s rounds to 1,000, which is the next scale's "1.00 k".
  for (const scale of scales) if (roundTo3(size) < scale.below) return scale;
  return scales[scales.length - 1]!;
}

/** 99.97 % must not read as 100 %: a provider that failed is not one that never failed. */
function guardHundred(ratio: number): number {
  return ratio < 1 && ratio > 0.9995 ? Math.min(99.99, Math.floor(ratio * 1e4) / 100) : ratio * 100;
}

function formatFigure(value: number, isWhole: boolean, locale: string | undefined): string {
  if (value > 99.9 && value < 100) return numberFormat('two', locale, { maximumFractionDigits: 2 }).format(value);
  if (Math.abs(value) >= 1000) return numberFormat('integer', locale, { maximumFractionDigits: 0 }).format(value);
  if (Math.abs(value) < 1e-3 && value !== 0) return numberFormat('small', locale, { maximumSignificantDigits: 3 }).format(value);
  const isPlain = value === 0 || (isWhole && Number.isInteger(value));
  const options: Intl.NumberFormatOptions = isPlain ? { maximumFractionDigits: 0 } : { minimumSignificantDigits: 3, maximumSignificantDigits: 3 };
  return numberFormat(isPlain ? 'whole' : 'three', locale, options).format(value);
}

const roundTo3 = (value: number): number => Number(value.toPrecision(3));

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(kind: string, locale: string | undefined, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${kind}|${locale ?? ''}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format;
}
