import { context, logs, metrics, ROOT_CONTEXT, trace, TraceFlags, type Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/**
 * Starts the OpenTelemetry SDK with OTLP over HTTP (protobuf) for all three signals.
 * The exporters read `OTEL_EXPORTER_OTLP_ENDPOINT`; without it nothing is started and every call is a no-op.
 * Returns what flushes and stops it.
 */
export function startTelemetry(serviceName: string, instanceId: string): () => Promise<void> {
  if (!process.env['OTEL_EXPORTER_OTLP_ENDPOINT']) return () => Promise.resolve();
  const resource = resourceFromAttributes({
    'service.name': serviceName,
    'service.version': '1.0.0',
    'service.instance.id': instanceId,
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  });
  const tracing = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: 1000, maxQueueSize: 8192 })],
  });
  const metering = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(), exportIntervalMillis: 5000, exportTimeoutMillis: 4000 })],
  });
  const logging = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(), scheduledDelayMillis: 1000 })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracing);
  metrics.setGlobalMeterProvider(metering);
  logs.setGlobalLoggerProvider(logging);
  return async () => {
    await Promise.allSettled([tracing.shutdown(), metering.shutdown(), logging.shutdown()]);
  };
}

/** The W3C `traceparent` header of the active span, or no header. */
export function traceHeaders(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !(span.traceFlags & TraceFlags.SAMPLED)) return {};
  return { traceparent: `00-${span.traceId}-${span.spanId}-01` };
}

/** The context that a `traceparent` header names; the root context when there is none or it is malformed. */
export function contextFromTraceparent(header: string | string[] | undefined): Context {
  const match = typeof header === 'string' ? /^00-([0-9a-f]{32})-([0-9a-f]{16})-0([01])$/.exec(header) : null;
  if (!match) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: match[1]!,
    spanId: match[2]!,
    traceFlags: match[3] === '1' ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}
