import type { BlockMeta } from '../blocks/block-meta.ts';
import type { NameCatalogue } from '../blocks/name-catalogue.ts';
import type { SearchBlock } from '../blocks/signal-blocks.ts';
import { bloomHas } from '../filter/bloom.ts';
import { traceToken } from '../filter/tokens.ts';
import { mayMatchAttributes, requiredToken } from './attribute-match.ts';
import type { CommonFilter } from './query-types.ts';

/** Whether a block may hold a match; cheap, wrong only in the direction of "may". */
export type BlockTest = (block: SearchBlock<unknown>) => boolean;

/** The conditions both signals share. `hasName` decides on an operation or level, undefined means any. */
export function createBlockTest(
  filter: CommonFilter,
  catalogue: NameCatalogue,
  hasName: ((name: string) => boolean) | undefined,
): BlockTest {
  const names = wantedNames(filter, catalogue, hasName);
  const tokens = (filter.attributes ?? []).map(requiredToken).filter((token) => token !== undefined);
  const anyTokens = alternativeTokens(filter.anyAttribute);
  const trace = filter.traceId === undefined ? undefined : traceToken(filter.traceId);
  return (block) => {
    const { meta } = block;
    if (meta === undefined) return true;
    if (!overlaps(meta, filter.fromUnixNano, filter.toUnixNano)) return false;
    if (names !== undefined && !meta.names.some(({ nameId }) => names.has(nameId))) return false;
    if (trace !== undefined && !passes(block.filter('traces'), (bits) => bloomHas(bits, trace))) return false;
    if (anyTokens !== undefined && !passes(block.filter('tokens'), (bits) => anyTokens.some((token) => bloomHas(bits, token)))) return false;
    return tokens.length === 0 || passes(block.filter('tokens'), (bits) => mayMatchAttributes(bits, tokens));
  };
}

/** Whether a record of the block may have a time in [from, to). */
export function overlaps(meta: BlockMeta, fromUnixNano: bigint | undefined, toUnixNano: bigint | undefined): boolean {
  if (fromUnixNano !== undefined && meta.maxMs < Number(fromUnixNano / 1_000_000n)) return false;
  return toUnixNano === undefined || meta.minMs <= Number(toUnixNano / 1_000_000n);
}

function wantedNames(
  filter: CommonFilter,
  catalogue: NameCatalogue,
  hasName: ((name: string) => boolean) | undefined,
): ReadonlySet<number> | undefined {
  const services = filter.services !== undefined && filter.services.length > 0 ? new Set(filter.services) : undefined;
  if (services === undefined && hasName === undefined) return undefined;
  const wanted = new Set<number>();
  for (const { id, service, name } of catalogue.rows()) {
    if ((services?.has(service) ?? true) && (hasName?.(name) ?? true)) wanted.add(id);
  }
  return wanted;
}

// Undefined when one of the conditions may hold in any block.
function alternativeTokens(conditions: CommonFilter['anyAttribute']): readonly number[] | undefined {
  if (conditions === undefined || conditions.length === 0) return undefined;
  const tokens = conditions.map(requiredToken).filter((token) => token !== undefined);
  return tokens.length === conditions.length ? tokens : undefined;
}

function passes(bits: Uint8Array | undefined, test: (bits: Uint8Array) => boolean): boolean {
  return bits === undefined || test(bits);
}
