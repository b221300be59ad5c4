import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { exprToJson } from '../../src/promql/expr-to-json.ts';
import { formatExpr } from '../../src/promql/format-expr.ts';
import { formatParseError } from '../../src/promql/parse-error.ts';
import { parsePromql } from '../../src/promql/parse.ts';
import { createRandom, mutateText, PromqlGenerator } from '../support/promql-random.ts';

/** Where a program is that a test compares with: on the PATH, in SIGHTLINE_ORACLES or in ~/.cache/oracles/bin. */
function findOracle(name: string): string | undefined {
  const folders = [process.env['SIGHTLINE_ORACLES'] ?? '', join(homedir(), '.cache/oracles/bin'), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.filter((folder) => folder !== '').map((folder) => join(folder, name)).find((path) => existsSync(path));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  server.close();
  await once(server, 'close');
  return address.port;
}

interface Answer {
  readonly status: string;
  readonly error: string;
  readonly data: unknown;
}

function toAnswer(value: unknown): Answer {
  assert.ok(typeof value === 'object' && value !== null && 'status' in value);
  const error = 'error' in value ? String(value.error) : '';
  return { status: String(value.status), error, data: 'data' in value ? value.data : undefined };
}

async function post(port: number, path: string, query: string): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${String(port)}${path}`, { method: 'POST', body: new URLSearchParams({ query }) });
  return toAnswer(await response.json());
}

async function isReady(port: number): Promise<boolean> {
  return post(port, '/api/v1/parse_query', '1').then((answer) => answer.status === 'success', () => false);
}

/** What Prometheus 3.5 does wrong, and later versions and this parser do not. */
function isKnownDeviation(mine: string, theirs: string): boolean {
  // It crashes on some groupings that follow an error.
  if (theirs === 'unexpected error') return true;
  // Its printer forgets quotes, and groupings without labels.
  if (/(?:on|ignoring|group_left|group_right) \([^)]*"|ignoring \(\) group_/.test(mine)) return true;
  // It mistakes where an operand ends when that has parentheses of its own, and so where the operator is.
  const withoutPosition = (text: string): string => text.replace(/^\d+:\d+: /, '');
  const isAtOperator = /must use BOOL modifier|bool modifier can only|ON and GROUP clause/.test(mine);
  return isAtOperator && withoutPosition(mine) === withoutPosition(theirs);
}

suite('promql: the parser beside a real Prometheus', function () {
  this.timeout(120_000);
  let folder = '';
  let port = 0;
  let prometheus: ChildProcess | undefined;

  suiteSetup(async function () {
    const program = findOracle('prometheus');
    if (program === undefined) {
      // eslint-disable-next-line no-console -- a test that does nothing must say so
      console.warn('SKIPPED: no `prometheus` on the PATH, in $SIGHTLINE_ORACLES or in ~/.cache/oracles/bin; the parser was not compared with it');
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'promql-oracle-'));
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, 'global: {}\n');
    port = await freePort();
    const flags = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${String(port)}`];
    prometheus = spawn(program, flags, { stdio: 'ignore' });
    const deadline = Date.now() + 30_000;
    while (!(await isReady(port))) {
      assert.ok(Date.now() < deadline && prometheus.exitCode === null, 'prometheus does not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  suiteTeardown(async () => {
    if (prometheus?.exitCode === null) {
      prometheus.kill('SIGKILL');
      await once(prometheus, 'exit');
    }
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  async function compare(text: string): Promise<string | undefined> {
    const query = text.toWellFormed();
    const { expr, errors: [error] } = parsePromql(query);
    const [tree, layout] = await Promise.all([post(port, '/api/v1/parse_query', query), post(port, '/api/v1/format_query', query)]);
    const differ = (mine: string, theirs: string): string | undefined => {
      if (mine === theirs || isKnownDeviation(mine, theirs)) return undefined;
      return `${JSON.stringify(query)}\n  here:       ${mine}\n  prometheus: ${theirs}`;
    };
    if (tree.status !== 'success') {
      const theirs = tree.error.replace('invalid parameter "query": ', '');
      return differ(error === undefined ? 'no error' : formatParseError(query, error), theirs);
    }
    if (error !== undefined || expr === undefined) return differ(error?.message ?? 'nothing', 'no error');
    assert.deepEqual(exprToJson(expr), tree.data, query);
    return differ(formatExpr(expr), String(layout.data));
  }

  for (const isDamaged of [false, true]) {
    const name = isDamaged ? 'damaged expressions' : 'random expressions';
    test(`${name} give the same tree, layout and first error`, async () => {
      const random = createRandom(isDamaged ? 43 : 42);
      const generator = new PromqlGenerator(random);
      const differences: string[] = [];
      for (let count = 0; count < 1500; count++) {
        const text = generator.expr(1 + Math.floor(random() * 4));
        const difference = await compare(isDamaged ? mutateText(random, text) : text);
        if (difference !== undefined) differences.push(difference);
      }
      assert.deepEqual(differences, []);
    });
  }
});
