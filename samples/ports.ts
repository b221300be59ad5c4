import { createServer } from 'node:net';

/** Where the demo's processes listen, all on the loopback interface. */
export interface DemoPorts {
  readonly gateway: number;
  readonly cache: number;
  readonly upstreams: number;
  readonly inspector: number;
}

/** The ports that the files in samples/workspace name. */
export const DEFAULT_PORTS: DemoPorts = { gateway: 18080, cache: 18081, upstreams: 18082, inspector: 19229 };

/** The default ports where they are free, any free ones in place of the others. */
export async function choosePorts(wanted: DemoPorts): Promise<DemoPorts> {
  // One after the other, so that no two get the same free port.
  const gateway = await freePort(wanted.gateway, []);
  const cache = await freePort(wanted.cache, [gateway]);
  const upstreams = await freePort(wanted.upstreams, [gateway, cache]);
  const inspector = await freePort(wanted.inspector, [gateway, cache, upstreams]);
  return { gateway, cache, upstreams, inspector };
}

async function freePort(wanted: number, used: readonly number[]): Promise<number> {
  for (;;) {
    const port = (await tryPort(wanted)) ?? (await tryPort(0));
    if (port !== undefined && !used.includes(port)) return port;
  }
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
