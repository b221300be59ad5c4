/** An answer of the query API: its status and its JSON. */
export interface QueryAnswer {
  readonly status: number;
  readonly body: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Annotations are cut to ten of each level, which ones is random upstream. */
const MOST_ANNOTATIONS = 10;

/**
 * How two answers differ, or undefined when they are the same: the status, the error, the type of the result, series, times, values
 * (by a part in a billion), warnings and infos. `isOrdered`: in the same order, too.
 */
export function compareQueryAnswers(mine: QueryAnswer, theirs: QueryAnswer, isOrdered: boolean): string | undefined {
  if (mine.status !== theirs.status) return `status ${String(mine.status)}, not ${String(theirs.status)}: ${JSON.stringify(mine.body).slice(0, 300)}, not ${JSON.stringify(theirs.body).slice(0, 300)}`;
  if (!isObject(mine.body) || !isObject(theirs.body)) return 'no JSON object';
  for (const key of ['status', 'errorType', 'error']) {
    const [a, b] = [comparableText(mine.body[key]), comparableText(theirs.body[key])];
    if (a !== b) return `${key} ${a}, not ${b}`;
  }
  return compareData(mine.body['data'], theirs.body['data'], isOrdered) ?? compareNotes('warnings', mine.body, theirs.body) ?? compareNotes('infos', mine.body, theirs.body);
}

function compareData(mine: unknown, theirs: unknown, isOrdered: boolean): string | undefined {
  if (!isObject(mine) || !isObject(theirs)) return mine === theirs ? undefined : 'data on one side only';
  if (mine['resultType'] !== theirs['resultType']) return `type ${String(mine['resultType'])}, not ${String(theirs['resultType'])}`;
  const [a, b] = [list(mine['result']), list(theirs['result'])];
  if (!a.some(isObject) && !b.some(isObject)) return isClose(a, b) ? undefined : different('value', a, b);
  const [x, y] = isOrdered ? [a, b] : [byLabels(a), byLabels(b)];
  const [namesX, namesY] = [x.map(labelText).join('\n'), y.map(labelText).join('\n')];
  if (namesX !== namesY) return different('series', namesX.split('\n'), namesY.split('\n'));
  const at = x.findIndex((series, i) => !isClose(withoutMetric(series), withoutMetric(y[i])));
  return at < 0 ? undefined : different(`${labelText(x[at])}:`, withoutMetric(x[at]), withoutMetric(y[at]));
}

function compareNotes(key: string, mine: Json, theirs: Json): string | undefined {
  const [a, b] = [list(mine[key]).map(comparableText), list(theirs[key]).map(comparableText)];
  if (a.length > MOST_ANNOTATIONS && a.length === b.length) return undefined;
  return JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted()) ? undefined : different(key, a, b);
}

/** Texts without the last digits of numbers in them. */
function comparableText(text: unknown): string {
  return String(text).replace(/\d+\.\d{12,}/g, (number) => String(Number(Number(number).toPrecision(12))));
}

const different = (what: string, mine: unknown, theirs: unknown): string => `${what} ${JSON.stringify(mine).slice(0, 500)}\n    not ${JSON.stringify(theirs).slice(0, 500)}`;

function labelText(series: unknown): string {
  return isObject(series) && isObject(series['metric']) ? comparableText(JSON.stringify(Object.entries(series['metric']).sort(([a], [b]) => (a < b ? -1 : 1)))) : '';
}

const byLabels = (series: readonly unknown[]): readonly unknown[] => series.toSorted((a, b) => (labelText(a) < labelText(b) ? -1 : 1));

function withoutMetric(series: unknown): unknown {
  return isObject(series) ? { ...series, metric: undefined } : series;
}

/** The same JSON, but that numbers and numbers in texts may differ a little. */
function isClose(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isClose(item, b[i]));
  if (isObject(a)) return isObject(b) && [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isClose(a[key], b[key]));
  if (typeof a !== typeof b || a === '' || b === '') return false;
  const [x, y] = [Number(a), Number(b)];
  return Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y), 1e-3);
}
