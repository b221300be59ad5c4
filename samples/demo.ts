import { fstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseObject } from './shared/http.ts';
import { parseRole, startDemo, type DemoRole } from './supervisor.ts';

/**
 * The demo's program. `demo.ts [--free-ports] [--quiet]` starts all processes, prints one JSON line with their ports and the
 * workspace to open, and ends them on SIGTERM, SIGINT, or when what feeds its standard input goes away.
 * OTLP goes to `OTEL_EXPORTER_OTLP_ENDPOINT`. `demo.ts ROLE PORTS` is one of the processes.
 */
async function main(args: readonly string[]): Promise<void> {
  const role = parseRole(args[0]);
  if (role) return runRole(role, args[1] ?? '');
  const otlpEndpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const demo = await startDemo({
    entry: resolve(process.argv[1] ?? 'demo.ts'),
    ...(otlpEndpoint ? { otlpEndpoint } : {}),
    ports: args.includes('--free-ports') ? 'free' : 'default',
    ...(args.includes('--quiet') ? {} : { onOutput: (text: string) => process.stderr.write(text) }),
  });
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void demo.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', stop);
  watchInput(stop);
  process.stdout.write(`${JSON.stringify({ event: 'ready', ports: demo.ports, workspace: demo.workspaceDir, pids: demo.pids() })}\n`);
}

/** A pipe ends with its writer. /dev/null and terminals say nothing about who started us. */
function watchInput(stop: () => void): void {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on('end', stop);
  process.stdin.on('close', stop);
  process.stdin.resume();
}

async function runRole(role: DemoRole, text: string): Promise<void> {
  const ports = parseObject(text) ?? {};
  const port = (name: string): number => Number(ports[name]);
  const url = (name: string): string => `http://127.0.0.1:${port(name)}`;
  // Imported where they are used: the supervisor and the load need none of the SDK.
  switch (role) {
    case 'upstreams': {
      const { runUpstreams } = await import('./upstreams/main.ts');
      return runUpstreams(port('upstreams'));
    }
    case 'cache': {
      const { runCache } = await import('./cache/main.ts');
      return runCache(port('cache'));
    }
    case 'gateway': {
      const { runGateway } = await import('./gateway/main.ts');
      return runGateway({ port: port('gateway'), upstreamUrl: url('upstreams'), cacheUrl: url('cache') });
    }
    case 'load': {
      const { runLoad } = await import('./load/main.ts');
      runLoad(url('gateway'));
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
