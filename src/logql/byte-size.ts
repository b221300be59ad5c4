const UNITS: Readonly<Record<string, number>> = {
  b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, pb: 1e15, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40, pib: 2 ** 50,
  k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30, ti: 2 ** 40, pi: 2 ** 50,
};

/** Reads a size as Loki does (dustin/go-humanize ParseBytes): `20MB`, `1.5 KiB`, `100b`, in any case; bytes. Undefined when it is none. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d[\d,]*(?:\.\d*)?)\s*([a-z]*)$/i.exec(text.trim());
  if (!match) return undefined;
  const unit = match[2] === '' ? 1 : UNITS[match[2]!.toLowerCase()];
  return unit === undefined ? undefined : Math.floor(Number(match[1]!.replaceAll(',', '')) * unit);
}
