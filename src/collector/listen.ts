import type { Server } from 'node:net';
import type { PortConflict } from '../protocol/rpc.ts';
import { findPortOwner } from './port-owner.ts';

/** An address to listen on. Port 0 means any free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Where a server listens now, and the conflict that kept it from the port it wanted. */
export interface Listening {
  readonly address: ListenAddress;
  readonly conflict: PortConflict | undefined;
}

/** How many ports after the wanted one are tried. */
const MAX_TRIES = 20;

/**
 * Listens on `wanted`, or, when that port is taken, on the next free one, and says who holds it.
 * Rejects with the system's error for anything but a taken port, and when the next {@link MAX_TRIES} ports are taken too.
 */
export async function listenOrNext(server: Server, receiver: string, wanted: ListenAddress): Promise<Listening> {
  for (let offset = 0; ; offset++) {
    const port = wanted.port + offset;
    try {
      await listen(server, { host: wanted.host, port });
      const bound = server.address();
      const address = { host: wanted.host, port: typeof bound === 'object' && bound ? bound.port : port };
      if (offset === 0) return { address, conflict: undefined };
      const owner = await findPortOwner(wanted.port);
      return { address, conflict: { receiver, wanted: formatAddress(wanted), used: formatAddress(address), owner } };
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken || offset >= MAX_TRIES || port >= 65_535) throw error;
    }
  }
}

/** `host:port`, with brackets around an IPv6 host. */
export const formatAddress = ({ host, port }: ListenAddress): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/** Reads `host:port`, `[host]:port` or `:port` (loopback); undefined when it is none of these. */
export function parseAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const port = Number(match[3]);
  return port <= 65_535 ? { host: match[1] ?? (match[2] || '127.0.0.1'), port } : undefined;
}

function listen(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(error);
    server.once('error', onError);
    server.listen({ ...address, exclusive: true }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}
