import { isUtf8 } from 'node:buffer';
import type { ProtobufReader} from '../../base/protobuf-reader.ts';
import { WIRE } from '../../base/protobuf-reader.ts';
import { METRIC_NAME, type Labels } from '../../model/labels.ts';

const NAME = 1 * 8 + WIRE.bytes;
const VALUE = 2 * 8 + WIRE.bytes;

/** Stands for text that is not UTF-8, or that has U+FFFF itself, which is no character and which label keys are joined with. */
const INVALID = '\uffff';

/** A decoded label set, sorted and without empty values; `problem` says why a series must not have it, '' when it may. */
export interface DecodedLabels {
  readonly labels: Labels;
  readonly problem: string;
}

/** Reads the Label message that the reader stands before, and adds its name and value to `pairs`. */
export function readLabel(reader: ProtobufReader, pairs: string[]): void {
  const outer = reader.enter();
  let name = '';
  let value = '';
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === NAME) name = readText(reader);
    else if (tag === VALUE) value = readText(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
  pairs.push(name, value);
}

/** Orders labels and checks them as Prometheus does for remote write: a metric name, no empty or repeated names. */
export function seriesLabels(pairs: readonly string[]): DecodedLabels {
  const decoded = sortedLabels(pairs);
  if (decoded.problem !== '') return decoded;
  for (let i = 0; i < decoded.labels.length; i += 2) if (decoded.labels[i] === METRIC_NAME) return decoded;
  return { labels: decoded.labels, problem: 'a series has no metric name' };
}

/** As {@link seriesLabels} for exemplars, which have no metric name. */
export function sortedLabels(pairs: readonly string[]): DecodedLabels {
  const order: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) order.push(i);
  order.sort((a, b) => (pairs[a]! < pairs[b]! ? -1 : pairs[a]! > pairs[b]! ? 1 : 0));
  const labels: string[] = [];
  let problem = '';
  let previous: string | undefined;
  for (const i of order) {
    const name = pairs[i]!;
    if (name === '') problem = 'a label has no name';
    else if (name === previous) problem = `the label ${JSON.stringify(name)} occurs twice`;
    else if (name.includes(INVALID) || pairs[i + 1]!.includes(INVALID)) problem = 'a label is not valid UTF-8';
    previous = name;
    if (pairs[i + 1] !== '') labels.push(name, pairs[i + 1]!);
  }
  return { labels, problem };
}

function readText(reader: ProtobufReader): string {
  const start = reader.pos;
  const text = reader.string();
  if (!text.includes('\ufffd')) return text;
  // Sent as such, or what the decoding made of bytes that are not UTF-8.
  reader.pos = start;
  return isUtf8(reader.bytesView()) ? text : INVALID;
}
