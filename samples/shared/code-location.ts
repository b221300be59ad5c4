import type { Attributes } from '@opentelemetry/api';

/**
 * The `code.*` attributes (OpenTelemetry semantic conventions 1.33) of the line that calls this.
 * Reading a stack is slow: call it once per place, when the module is loaded, not per request.
 */
export function codeLocation(functionName: string): Attributes {
  const caller = new Error('location').stack?.split('\n')[2] ?? '';
  const match = /(?:file:\/\/)?((?:\/|[A-Za-z]:).*?):(\d+):(\d+)\)?$/.exec(caller);
  if (!match) return { 'code.function.name': functionName };
  return { 'code.function.name': functionName, 'code.file.path': decodeURI(match[1]!), 'code.line.number': Number(match[2]) };
}
