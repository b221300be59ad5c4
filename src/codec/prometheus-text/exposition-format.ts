import { quoteGoString } from '../../base/go-quote.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { ExpositionFormat } from './exposition-sink.ts';

const FORMATS: ReadonlyMap<string, ExpositionFormat | 'protobuf'> = new Map([
  ['text/plain', 'prometheus'], ['application/openmetrics-text', 'openmetrics'], ['application/vnd.google.protobuf', 'protobuf'],
]);

/**
 * The format that a Content-Type names, or that of `fallbackMediaType` ('' for none) when it names none that is known.
 * Errors are in Prometheus's words (model/textparse: extractMediaType).
 */
export function expositionFormatOf(contentType: string, fallbackMediaType: string): Result<ExpositionFormat, string> {
  const given = FORMATS.get(mediaTypeOf(contentType));
  const format = given ?? FORMATS.get(mediaTypeOf(fallbackMediaType));
  if (format === 'protobuf') return fail('the protobuf exposition format is not supported yet');
  if (format) return ok(format);
  if (contentType === '') return fail('non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target');
  return fail(`received unsupported Content-Type ${quoteGoString(contentType)} and no fallback_scrape_protocol specified for target`);
}

function mediaTypeOf(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}
