/** What an OTLP metric is, as far as its Prometheus name depends on it. */
export type OtlpMetricKind = 'gauge' | 'counter' | 'upDownCounter' | 'histogram' | 'exponentialHistogram' | 'summary';

const UNITS: ReadonlyMap<string, string> = new Map([
  ['d', 'days'], ['h', 'hours'], ['min', 'minutes'], ['s', 'seconds'], ['ms', 'milliseconds'], ['us', 'microseconds'], ['ns', 'nanoseconds'],
  ['By', 'bytes'], ['KiBy', 'kibibytes'], ['MiBy', 'mebibytes'], ['GiBy', 'gibibytes'], ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'], ['MBy', 'megabytes'], ['GBy', 'gigabytes'], ['TBy', 'terabytes'],
  ['m', 'meters'], ['V', 'volts'], ['A', 'amperes'], ['J', 'joules'], ['W', 'watts'], ['g', 'grams'],
  ['Cel', 'celsius'], ['Hz', 'hertz'], ['1', ''], ['%', 'percent'],
]);
const PER_UNITS: ReadonlyMap<string, string> = new Map([
  ['s', 'second'], ['m', 'minute'], ['h', 'hour'], ['d', 'day'], ['w', 'week'], ['mo', 'month'], ['y', 'year'],
]);

/**
 * The Prometheus name of an OTLP metric under the default strategy UnderscoreEscapingWithSuffixes
 * (github.com/prometheus/otlptranslator as of Prometheus 3.5): escaped, with unit, `_total` and `_ratio` suffixes.
 */
export function prometheusMetricName(name: string, unit: string, kind: OtlpMetricKind): string {
  let tokens = name.split(/[^a-zA-Z0-9:]+/u).filter((token) => token !== '');
  const units = unitSuffixes(unit);
  const main = tokens.includes(units.main) ? '' : units.main;
  const perUnit = units.per.replace(/_$/, '');
  const per = units.per === 'per_' || tokens.includes(perUnit) ? '' : perUnit;
  if (main !== '') tokens.push(per === '' ? main : main.replace(/_$/, ''));
  if (per !== '') tokens.push(per);
  if (kind === 'counter') tokens = moveLast(tokens, 'total');
  if (unit === '1' && kind === 'gauge') tokens = moveLast(tokens, 'ratio');
  const joined = tokens.join('_');
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

/** A label name for an attribute's key: other characters become underscores, a leading digit or underscore gets `key` before it. */
export function prometheusLabelName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9]/gu, '_');
  if (/^\d/.test(name)) return `key_${name}`;
  return /^_(?!_)/.test(name) ? `key${name}` : name;
}

function unitSuffixes(unit: string): { main: string; per: string } {
  const slash = unit.indexOf('/');
  const mainUnit = (slash < 0 ? unit : unit.slice(0, slash)).trim();
  const perUnit = slash < 0 ? '' : unit.slice(slash + 1).trim();
  const main = isAnnotated(mainUnit) ? '' : (UNITS.get(mainUnit) ?? mainUnit);
  const per = isAnnotated(perUnit) ? '' : (PER_UNITS.get(perUnit) ?? perUnit);
  return { main: cleanUnit(main), per: per === '' ? '' : cleanUnit(`per_${per}`) };
}

// UCUM's curly braces hold words for people, such as {request}.
const isAnnotated = (unit: string): boolean => /[{}]/.test(unit);

function cleanUnit(unit: string): string {
  return unit.replace(/[^a-zA-Z0-9:]/gu, '_').replace(/__+/g, '_').replace(/^_/, '');
}

function moveLast(tokens: readonly string[], word: string): string[] {
  return [...tokens.filter((token) => token !== word), word];
}
