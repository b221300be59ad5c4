let extraRounds = 0;

/** Makes {@link countTokens} burn `rounds` times more CPU, to have something to find in a profile. */
export function setExtraRounds(rounds: number): void {
  extraRounds = rounds;
}

/**
 * Estimates the tokens of a prompt. Wasteful on purpose: this is the demo's hot function.
 * It rebuilds its list of pairs for each merge, as a naive byte-pair encoder does.
 */
export function countTokens(text: string): number {
  let symbols = Array.from(text.slice(0, 400));
  for (let round = 0; round < 6 + extraRounds; round++) symbols = mergeMostFrequentPair(symbols);
  return Math.ceil((symbols.length * text.length) / Math.max(1, Math.min(400, text.length)) / 2);
}

function mergeMostFrequentPair(symbols: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (let i = 0; i + 1 < symbols.length; i++) {
    const pair = symbols[i]! + symbols[i + 1]!;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const best = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  const merged: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const isPair = i + 1 < symbols.length && symbols[i]! + symbols[i + 1]! === best;
    merged.push(isPair ? best : symbols[i]!);
    if (isPair) i++;
  }
  return merged;
}
