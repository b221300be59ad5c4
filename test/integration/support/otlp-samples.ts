const nano = (ms: number): string => `${ms}000000`;

const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }, { key: 'service.instance.id', value: { stringValue: 'i1' } }] };

/** OTLP/JSON with one gauge, `queue_depth`, whose points are `values` a second apart, ending at `endMs`. */
export function otlpGauge(values: readonly number[], endMs: number): string {
  const dataPoints = values.map((value, i) => ({ timeUnixNano: nano(endMs - (values.length - 1 - i) * 1000), asDouble: value }));
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 't' }, metrics: [{ name: 'queue_depth', gauge: { dataPoints } }] }] }] });
}

/** OTLP/JSON with one trace of two spans. */
export function otlpTrace(traceId: string, startMs: number): string {
  const span = (spanId: string, parentSpanId: string, name: string) => ({
    traceId, spanId, parentSpanId, name, kind: 2, startTimeUnixNano: nano(startMs), endTimeUnixNano: nano(startMs + 5), attributes: [{ key: 'user.id', value: { stringValue: 'u7' } }], status: {},
  });
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 't' }, spans: [span('00000000000000a1', '', 'GET /'), span('00000000000000a2', '00000000000000a1', 'query')] }] }] });
}

/** OTLP/JSON with one log record. */
export function otlpLog(body: string, timeMs: number): string {
  const logRecords = [{ timeUnixNano: nano(timeMs), severityNumber: 9, severityText: 'INFO', body: { stringValue: body } }];
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 't' }, logRecords }] }] });
}
