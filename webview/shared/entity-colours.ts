import type { ColourSlots } from '../../src/protocol/charts.ts';

/**
 * The chart colours in the order they are given out. The first four are far apart; yellow and red, which are near
 * orange and say "warning" and "failure" elsewhere, are used only when those are taken.
 */
export const COLOUR_VARIABLES = [
  '--vscode-charts-blue',
  '--vscode-charts-orange',
  '--vscode-charts-purple',
  '--vscode-charts-green',
  '--vscode-charts-yellow',
  '--vscode-charts-red',
] as const;

/** How an entity is drawn: a place in {@link COLOUR_VARIABLES}, and a dash pattern once all colours are in use. */
export interface EntityStyle {
  readonly colour: number;
  readonly dash: readonly number[];
}

const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/**
 * Gives `names` their slots: those that have one keep it; a new one gets the slot its name hashes to, or the next free
 * one. So the colour does not depend on who was seen first unless two names hash alike. Returns `known` itself when
 * nothing is new.
 */
export function assignSlots(known: ColourSlots, names: Iterable<string>): ColourSlots {
  const fresh = [...new Set(names)].filter((name) => !Object.hasOwn(known, name)).sort();
  if (fresh.length === 0) return known;
  const slots: Record<string, number> = { ...known };
  const taken = new Set(Object.values(slots));
  for (const name of fresh) {
    const slot = freeSlot(hashName(name), taken);
    slots[name] = slot;
    taken.add(slot);
  }
  return slots;
}

/** The style of a slot. */
export function styleOfSlot(slot: number): EntityStyle {
  const turn = Math.floor(slot / COLOUR_VARIABLES.length);
  return { colour: slot % COLOUR_VARIABLES.length, dash: DASHES[turn % DASHES.length]! };
}

/** How many of the colours are given out first. */
const FAR_APART = 4;

/** The first free place from the hash on; all plain colours are given out before the first dashed one. */
function freeSlot(hash: number, taken: ReadonlySet<number>): number {
  const near = COLOUR_VARIABLES.length - FAR_APART;
  for (let turn = 0; ; turn += COLOUR_VARIABLES.length) {
    for (let i = 0; i < FAR_APART; i++) {
      const slot = turn + ((hash + i) % FAR_APART);
      if (!taken.has(slot)) return slot;
    }
    for (let i = 0; i < near; i++) {
      const slot = turn + FAR_APART + ((hash + i) % near);
      if (!taken.has(slot)) return slot;
    }
  }
}

/** FNV-1a, 32 bit, over UTF-16 units. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
