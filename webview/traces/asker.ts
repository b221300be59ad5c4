import type { LogPage, LogSearchParams } from '../../src/protocol/logs.ts';
import type { OperationsAnswer, TimeWindowParams } from '../../src/protocol/telemetry.ts';
import type { PinParams, PinsAnswer, TraceAnswer, TracePage, TraceSearchParams, TraceTail, TraceTailParams } from '../../src/protocol/traces.ts';
import type { TracesEvent, TracesQuestion, TracesRequest, TracesResult } from '../../src/protocol/traces-panel.ts';
import { PendingRequests, type Channel } from '../shared/channel.ts';

type Answer = Extract<TracesEvent, { type: 'answer' }>;

/** Asks the collector through the host. Every call rejects when the host could not answer and when it is aborted. */
export class Asker {
  readonly #pending = new PendingRequests<Answer>();
  readonly #channel: Channel<TracesRequest, TracesEvent>;

  constructor(channel: Channel<TracesRequest, TracesEvent>) {
    this.#channel = channel;
  }

  settle(answer: Answer): void {
    this.#pending.settle(answer.id, answer);
  }

  async search(params: TraceSearchParams, signal: AbortSignal): Promise<TracePage> {
    const answer = await this.#ask({ name: 'searchTraces', params }, signal);
    return answer.name === 'searchTraces' ? answer.result : wrong();
  }

  async tail(params: TraceTailParams, signal: AbortSignal): Promise<TraceTail> {
    const answer = await this.#ask({ name: 'tailTraces', params }, signal);
    return answer.name === 'tailTraces' ? answer.result : wrong();
  }

  async trace(traceId: string, signal: AbortSignal): Promise<TraceAnswer> {
    const answer = await this.#ask({ name: 'getTrace', params: { traceId } }, signal);
    return answer.name === 'getTrace' ? answer.result : wrong();
  }

  async operations(params: TimeWindowParams, signal: AbortSignal): Promise<OperationsAnswer> {
    const answer = await this.#ask({ name: 'operations', params }, signal);
    return answer.name === 'operations' ? answer.result : wrong();
  }

  async logs(params: LogSearchParams, signal: AbortSignal): Promise<LogPage> {
    const answer = await this.#ask({ name: 'searchLogs', params }, signal);
    return answer.name === 'searchLogs' ? answer.result : wrong();
  }

  async pin(params: PinParams, signal: AbortSignal): Promise<PinsAnswer> {
    const answer = await this.#ask({ name: 'setPinned', params }, signal);
    return answer.name === 'setPinned' ? answer.result : wrong();
  }

  async #ask(question: TracesQuestion, signal: AbortSignal): Promise<TracesResult> {
    const answer = await this.#pending.start(
      (id) => this.#channel.send({ type: 'ask', id, question }),
      signal,
      (id) => this.#channel.send({ type: 'cancel', id }),
    );
    if (!answer.ok) throw new Error(answer.error);
    return answer.answer;
  }
}

function wrong(): never {
  throw new Error('the answer belongs to another question');
}
