import { SourceMap, type SourceMapPayload } from 'node:module';

/** A place in an original source; the file as the map names it, sourceRoot included. Line and column from 1. */
export interface OriginalPosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What the last `//# sourceMappingURL=` of a generated file says; undefined when there is none. */
export function sourceMapUrl(generated: string): string | undefined {
  return generated.slice(-1_000_000).match(/^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)?.at(-1)?.replace(/^.*?=/, '').trim();
}

/** The JSON of a `data:` URL; undefined for any other URL. */
export function inlineSourceMap(url: string): string | undefined {
  const match = /^data:application\/json(?:;charset=[^;,]+)?(;base64)?,(.*)$/.exec(url);
  if (!match) return undefined;
  try {
    return match[1] === undefined ? decodeURIComponent(match[2]!) : Buffer.from(match[2]!, 'base64').toString('utf8');
  } catch {
    return undefined;
  }
}

/** Where a place of a generated file was written; `column` 0 is unknown. Undefined when the map has no such place or is broken. */
export function originalPosition(mapJson: string, line: number, column: number): OriginalPosition | undefined {
  try {
    const payload: unknown = JSON.parse(mapJson);
    if (typeof payload !== 'object' || payload === null || !('mappings' in payload) || typeof payload.mappings !== 'string') return undefined;
    const map = new SourceMap(payload as SourceMapPayload);
    const entry = map.findEntry(line - 1, column > 0 ? column - 1 : Number.MAX_SAFE_INTEGER);
    // The nearest mapping before may be of an earlier line, which says nothing of this one.
    if (!('originalSource' in entry) || entry.generatedLine !== line - 1) return undefined;
    const file: unknown = entry.originalSource;
    if (typeof file !== 'string') return undefined;
    return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  } catch {
    return undefined;
  }
}
