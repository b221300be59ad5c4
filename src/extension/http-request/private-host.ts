import { BlockList, isIP } from 'node:net';

const PRIVATE = new BlockList();
for (const [network, prefix] of [['127.0.0.0', 8], ['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) PRIVATE.addSubnet(network, prefix, 'ipv4');
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

/** Whether an IP address is of this machine or of a private network (RFC 1918, RFC 4193). Link-local is not: clouds serve credentials there. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPrivateAddress(mapped);
  return version !== 0 && PRIVATE.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether all addresses of `hostname` (of a URL: IPv6 in brackets) are private. `resolve` gives the addresses of a name. Never rejects: a name that does not resolve is not private. */
export async function isPrivateHost(hostname: string, resolve: (name: string) => Promise<readonly string[]>): Promise<boolean> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIP(host) !== 0) return isPrivateAddress(host);
  // RFC 6761: these never leave the machine.
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const addresses = await resolve(host).catch(() => []);
  return addresses.length > 0 && addresses.every(isPrivateAddress);
}
