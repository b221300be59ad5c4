/** A span for a test, in milliseconds from the base time. */
export interface TestSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly kind?: number;
  readonly isError?: boolean;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** A log record for a test. */
export interface TestLog {
  readonly service: string;
  readonly timeMs: number;
  readonly severity: number;
  readonly line: string;
  readonly traceId?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly resource?: Readonly<Record<string, string>>;
}

/** Pushes spans as OTLP/JSON; resolves when they are acknowledged. */
export async function pushSpans(otlp: string, spans: readonly TestSpan[]): Promise<void> {
  await push(`${otlp}/v1/traces`, {
    resourceSpans: spans.map((span) => ({
      resource: { attributes: attributeList({ 'service.name': span.service, 'host.name': 'dev' }) },
      scopeSpans: [
        {
          scope: { name: 'test', version: '1' },
          spans: [
            {
              traceId: span.traceId,
              spanId: span.spanId,
              parentSpanId: span.parentSpanId ?? '',
              name: span.name,
              kind: span.kind ?? 1,
              startTimeUnixNano: nano(span.startMs),
              endTimeUnixNano: nano(span.startMs + span.durationMs),
              attributes: attributeList(span.attributes ?? {}),
              status: span.isError === true ? { code: 2, message: 'upstream failed' } : {},
            },
          ],
        },
      ],
    })),
  });
}

/** Pushes log records as OTLP/JSON; resolves when they are acknowledged. */
export async function pushLogs(otlp: string, logs: readonly TestLog[]): Promise<void> {
  await push(`${otlp}/v1/logs`, {
    resourceLogs: logs.map((log) => ({
      resource: { attributes: attributeList({ 'service.name': log.service, ...log.resource }) },
      scopeLogs: [
        {
          logRecords: [
            {
              timeUnixNano: nano(log.timeMs),
              severityNumber: log.severity,
              body: { stringValue: log.line },
              traceId: log.traceId ?? '',
              attributes: attributeList(log.attributes ?? {}),
            },
          ],
        },
      ],
    })),
  });
}

async function push(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

function attributeList(attributes: Readonly<Record<string, string | number>>): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: typeof value === 'number' ? { intValue: value } : { stringValue: value } }));
}

const nano = (ms: number): string => `${Math.round(ms * 1000)}000`;
