import { formatBytes, formatSeconds } from '../format.ts';
import type { OutgoingRequest, ReceivedResponse } from './send-request.ts';
import type { TraceIdentity } from './traced-headers.ts';

/** The answer as a document: how it was asked and how long it took as comments, then status line, headers and body; JSON is laid out. */
export function responseText(request: OutgoingRequest, response: ReceivedResponse, { traceId, requestId }: TraceIdentity): string {
  const { httpVersion, status, statusText, headers, body, isTruncated, durationMs, firstByteMs } = response;
  return [
    `# ${request.method} ${request.url}`,
    `# ${formatSeconds(durationMs / 1000)} (first byte after ${formatSeconds(firstByteMs / 1000)}) · ${formatBytes(body.length)}${isTruncated ? ', the rest was cut off' : ''}`,
    `# trace ${traceId}`,
    `# request id ${requestId}`,
    '',
    `HTTP/${httpVersion} ${status} ${statusText}`.trimEnd(),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    bodyText(response),
    '',
  ].join('\n');
}

function bodyText({ headers, body, isTruncated }: ReceivedResponse): string {
  const header = (name: string): string => headers.find(([other]) => other.toLowerCase() === name)?.[1].toLowerCase() ?? '';
  const encoding = header('content-encoding');
  if (encoding !== '' && encoding !== 'identity') return `(${formatBytes(body.length)} of ${encoding})`;
  const text = new TextDecoder().decode(body);
  if (text.includes('\0')) return `(${formatBytes(body.length)} that are not text)`;
  if (isTruncated || !/^application\/(?:[\w.-]+\+)?json/.test(header('content-type'))) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
