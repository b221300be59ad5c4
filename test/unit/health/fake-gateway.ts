import type { FakeSeries } from './fake-metrics.ts';

export const GATEWAY = { job: 'gateway', instance: '127.0.0.1:18080' };

/** The series of one provider behind a Bifrost gateway: rates per second, latencies all between `latency / 2` and `latency` seconds. */
export function bifrostProvider(
  provider: string,
  options: { readonly requests: number; readonly failures?: number; readonly latency?: number; readonly model?: string; readonly origin?: Readonly<Record<string, string>> },
): FakeSeries[] {
  const { requests, failures = 0, latency = 0.5, model = `${provider}-model`, origin = GATEWAY } = options;
  const labels = { ...origin, provider, model, selected_key_id: `${provider}-1`, selected_key_name: 'key-a' };
  const bucket = (le: string, value: number): FakeSeries => ({ name: 'bifrost_upstream_latency_seconds_bucket', labels: { ...labels, le }, value });
  return [
    { name: 'bifrost_upstream_requests_total', labels, value: requests },
    { name: 'bifrost_success_requests_total', labels, value: requests - failures },
    { name: 'bifrost_error_requests_total', labels: { ...labels, status_code: '503', error_type: 'service_unavailable' }, value: failures },
    { name: 'bifrost_provider_key_up', labels: { ...origin, provider, key_id: `${provider}-1`, key_name: 'key-a' }, value: failures > 0 ? 0 : 1 },
    bucket(String(latency / 2), 0),
    bucket(String(latency), requests),
    bucket('+Inf', requests),
  ];
}

/** Whether a target answers. */
export const up = (value: 0 | 1, origin: Readonly<Record<string, string>> = GATEWAY): FakeSeries => ({ name: 'up', labels: origin, value });
