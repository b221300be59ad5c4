import type { HealthSnapshot, HealthState, LatencyQuantiles } from '../model/health.ts';

/** One provider as the table shows it. */
export interface TableRow {
  readonly name: string;
  readonly requestsPerSecond?: number | undefined;
  /** 0 … 1 */
  readonly successRatio?: number | undefined;
  readonly latency: LatencyQuantiles;
  readonly state: HealthState;
  /** Said after the state where there is room. */
  readonly remark?: string | undefined;
}

const ICONS: Readonly<Record<HealthState, string>> = { healthy: '✓', degraded: '⚠', unhealthy: '✕', offline: '⊘', unknown: '?' };
const HEADER = ['provider', 'req/s', 'success %', 'p50', 'p95', 'p99', 'state'];
const NONE = '–';

/** The providers of a snapshot by name, so that rows stay where they are while states change. */
export function rowsOf(snapshot: HealthSnapshot): readonly TableRow[] {
  return [...snapshot.providers]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
    .map(({ name, requestsPerSecond, successRatio, latency, state, reasons }) => ({ name, requestsPerSecond, successRatio, latency, state, remark: reasons[0] }));
}

/**
 * The table as lines without line ends: names and states to the left, numbers to the right, at most `width` columns
 * (undefined: as wide as it gets). Remarks give way first.
 */
export function renderTable(rows: readonly TableRow[], width: number | undefined): readonly string[] {
  const cells = rows.map((row) => [
    row.name,
    rateText(row.requestsPerSecond),
    row.successRatio === undefined ? NONE : percentText(row.successRatio),
    latencyText(row.latency.p50),
    latencyText(row.latency.p95),
    latencyText(row.latency.p99),
    `${ICONS[row.state]} ${row.state}`,
  ]);
  const widths = HEADER.map((title, column) => Math.max(title.length, ...cells.map((line) => line[column]!.length)));
  const format = (line: readonly string[]): string =>
    line.map((cell, column) => (column === 0 || column === line.length - 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ');
  const lines = cells.map((line, index) => {
    const { remark } = rows[index]!;
    return `${format(line)}${remark === undefined ? '' : `  ${remark}`}`;
  });
  return [format(HEADER), ...lines].map((line) => cut(line.trimEnd(), width));
}

/** Requests per second, three digits. */
export const rateText = (value: number | undefined): string => (value === undefined ? NONE : digits(value));

/** A ratio as a percentage without its sign, rounded down: 99.96 % is not all of them. */
export const percentText = (ratio: number): string => (Math.floor(ratio * 1000 + 1e-6) / 10).toFixed(1);

/** Seconds with the unit that suits them. */
export function latencyText(seconds: number | undefined): string {
  if (seconds === undefined) return NONE;
  return seconds < 0.9995 ? `${digits(seconds * 1000)} ms` : `${digits(seconds)} s`;
}

function digits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function cut(line: string, width: number | undefined): string {
  return width === undefined || line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
