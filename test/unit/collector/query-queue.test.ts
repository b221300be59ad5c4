import assert from 'node:assert/strict';
import { QueryQueue } from '../../../src/collector/query-queue.ts';

interface Job {
  readonly start: () => Promise<string>;
  readonly finish: () => void;
  wasStarted: boolean;
}

function createJob(name: string): Job {
  let finish = (): void => undefined;
  const done = new Promise<string>((resolve) => (finish = () => resolve(name)));
  const job: Job = {
    start: () => {
      job.wasStarted = true;
      return done;
    },
    finish: () => finish(),
    wasStarted: false,
  };
  return job;
}

suite('collector: queue of queries', () => {
  const live = new AbortController().signal;

  test('lets through as many as may run, the others in their order', async () => {
    const queue = new QueryQueue(2);
    const jobs = ['a', 'b', 'c', 'd'].map(createJob);
    const answers = jobs.map((job) => queue.run(live, 60_000, job.start));
    assert.deepEqual([jobs.map(({ wasStarted }) => wasStarted), queue.waitingCount], [[true, true, false, false], 2]);
    jobs[1]!.finish();
    await answers[1];
    await Promise.resolve();
    assert.deepEqual([jobs.map(({ wasStarted }) => wasStarted), queue.waitingCount], [[true, true, true, false], 1]);
    for (const job of jobs) job.finish();
    assert.deepEqual(await Promise.all(answers), ['a', 'b', 'c', 'd']);
  });

  test('a query whose time is over or whose client has gone is not run', async () => {
    const queue = new QueryQueue(1);
    const [first, late, gone, last] = ['first', 'late', 'gone', 'last'].map(createJob) as [Job, Job, Job, Job];
    const running = queue.run(live, 60_000, first.start);
    const client = new AbortController();
    const refused = [queue.run(live, 1, late.start), queue.run(client.signal, 60_000, gone.start), queue.run(AbortSignal.abort(), 60_000, gone.start)];
    const waiting = queue.run(live, 60_000, last.start);
    client.abort();
    assert.deepEqual(await Promise.all(refused), ['timeout', 'canceled', 'canceled']);
    first.finish();
    last.finish();
    assert.deepEqual([await running, await waiting, late.wasStarted, gone.wasStarted], ['first', 'last', false, false]);
  });

  test('a query that fails makes room', async () => {
    const queue = new QueryQueue(1);
    await assert.rejects(queue.run(live, 1000, () => Promise.reject(new Error('no'))), /no/);
    assert.equal(await queue.run(live, 1000, () => Promise.resolve('yes')), 'yes');
  });
});
