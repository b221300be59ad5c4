import { Agent } from 'node:http';
import { call } from '../shared/http.ts';
import { liveWithParent, reportReady } from '../shared/parent.ts';
import { pick } from '../shared/random.ts';

/** Requests per second to each model, before jitter. */
const TRAFFIC: readonly (readonly [model: string, perSecond: number])[] = [
  ['openai/gpt-4o', 5],
  ['openai/gpt-4o-mini', 5],
  ['bedrock/claude-sonnet', 1.5],
  ['bedrock/claude-haiku', 1.5],
  ['groq/llama-3.3-70b', 7],
  ['mistral/mistral-large', 3.2],
  ['mistral/mistral-small', 2.3],
];

const QUESTIONS = ['Summarise this ticket', 'Translate to French', 'Write a commit message', 'Explain this stack trace', 'Name three risks'];

/** Runs the demo's clients: some 25 requests a second in total, at random times, until the process ends. */
export function runLoad(gatewayUrl: string): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const timers = new Set<NodeJS.Timeout>();

  const send = async (model: string): Promise<void> => {
    // One in a hundred forgets the provider: the gateway refuses it before dispatch.
    const name = Math.random() < 0.01 ? 'gpt-4o' : model;
    const isRepeated = Math.random() < 0.12;
    const text = isRepeated ? pick(QUESTIONS) : `${pick(QUESTIONS)} ${Math.random().toString(36).repeat(12)}`;
    const body = JSON.stringify({
      model: name,
      messages: [{ role: 'user', content: text }],
      temperature: isRepeated ? 0 : 0.7,
      stream: Math.random() < 0.3,
    });
    // A failure is the gateway's to report; a client that is refused comes back.
    const headers = { 'content-type': 'application/json' };
    await call(`${gatewayUrl}/v1/chat/completions`, { method: 'POST', body, agent, headers, timeoutMs: 20_000 }).catch(() => undefined);
  };

  const plan = (model: string, perSecond: number): void => {
    // Exponential gaps make a Poisson process, as independent users do.
    const timer = setTimeout(() => {
      timers.delete(timer);
      plan(model, perSecond);
      void send(model);
    }, (-Math.log(1 - Math.random()) / perSecond) * 1000);
    timers.add(timer);
  };
  for (const [model, perSecond] of TRAFFIC) plan(model, perSecond);
  liveWithParent(() => {
    for (const timer of timers) clearTimeout(timer);
    agent.destroy();
    return Promise.resolve();
  });
  reportReady('load');
}
