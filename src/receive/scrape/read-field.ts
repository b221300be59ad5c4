import { quoteGoString } from '../../base/go-quote.ts';
import { parsePrometheusDuration } from '../../base/prometheus-duration.ts';
import type { YamlFields } from '../../base/yaml-reader.ts';

/** Reads a duration field as ms; undefined when it is absent or wrong (then reported). */
export function durationField(fields: YamlFields, name: string): number | undefined {
  const node = fields.get(name);
  const text = node?.string();
  if (text === undefined) return undefined;
  const parsed = parsePrometheusDuration(text);
  if (parsed.ok) return parsed.value;
  node!.report(parsed.error);
  return undefined;
}

// Powers of 1024 with either spelling, as github.com/alecthomas/units reads them.
const BYTE_UNITS: Readonly<Record<string, number>> = {
  B: 1, KB: 1024, KiB: 1024, MB: 1024 ** 2, MiB: 1024 ** 2, GB: 1024 ** 3, GiB: 1024 ** 3, TB: 1024 ** 4, TiB: 1024 ** 4, PB: 1024 ** 5, PiB: 1024 ** 5,
};

/** Reads a size such as `10MB` as bytes; 0 when absent. */
export function sizeField(fields: YamlFields, name: string): number {
  const node = fields.get(name);
  const text = node?.string();
  if (text === undefined || text === '0') return 0;
  let total = 0;
  const rest = text.replace(/(\d+(?:\.\d+)?)([KMGTP]?i?B)/g, (_, count: string, unit: string) => {
    total += Number(count) * BYTE_UNITS[unit]!;
    return '';
  });
  if (rest === '' && text !== '') return Math.floor(total);
  node!.report(`units: unknown unit in ${quoteGoString(text)}`);
  return 0;
}

/** Reads a whole number; 0 when absent. */
export function countField(fields: YamlFields, name: string): number {
  return fields.get(name)?.uint() ?? 0;
}

/** Reads a boolean with a default. */
export function boolField(fields: YamlFields, name: string, absent: boolean): boolean {
  return fields.get(name)?.bool() ?? absent;
}
