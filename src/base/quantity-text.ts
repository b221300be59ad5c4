/** Reads `90s`, `1h30m`, `15m`, `2d`; ms. */
export function parseAgeMs(text: string): number | undefined {
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/.exec(text);
  if (!match || text === '') return undefined;
  const [, w = 0, d = 0, h = 0, m = 0, s = 0, ms = 0] = match;
  return Number(w) * 604_800_000 + Number(d) * 86_400_000 + Number(h) * 3_600_000 + Number(m) * 60_000 + Math.round(Number(s) * 1000) + Number(ms);
}

const SIZE_UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

/** Reads `2GiB`, `256MB`, `1048576`; bytes. */
export function parseSizeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?i?B)?$/.exec(text);
  const unit = match && SIZE_UNITS[match[2] ?? 'B'];
  return unit ? Math.round(Number(match[1]) * unit) : undefined;
}
