import type { Attributes, AttributeValue, Resource, Scope } from '../../model/attributes.ts';
import type { JsonAttributes, JsonResource, JsonScope, JsonValue } from '../../protocol/telemetry.ts';
import { attributeText } from '../../store/events/encoding/attribute-text.ts';

/** Attributes as JSON can carry them. */
export function jsonAttributes(attributes: Attributes): JsonAttributes {
  const entries: [string, JsonValue][] = [];
  for (const [key, value] of attributes) entries.push([key, jsonValue(value)]);
  return Object.fromEntries(entries);
}

/** A value as JSON can carry it: see {@link JsonValue}. */
export function jsonValue(value: AttributeValue): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isList(value)) return value.map(jsonValue);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonValue(item)]));
}

/** What a resource without a service is called. */
export const UNKNOWN_SERVICE = 'unknown_service';

/** The service that a resource names; the store knows one without a name as ''. */
export function serviceOf({ attributes }: Resource): string {
  return attributeText(attributes.get('service.name') ?? null) || UNKNOWN_SERVICE;
}

/** Resources and scopes of many records, each once, and the index of each. */
export class SharedParts {
  readonly #resources = new Map<Resource, number>();
  readonly #scopes = new Map<Scope, number>();
  readonly #resourceTexts = new Map<string, number>();
  readonly #scopeTexts = new Map<string, number>();
  readonly resources: JsonResource[] = [];
  readonly scopes: JsonScope[] = [];

  resource(resource: Resource): number {
    return indexOf(resource, this.#resources, this.#resourceTexts, this.resources, () => ({ service: serviceOf(resource), attributes: jsonAttributes(resource.attributes) }));
  }

  scope(scope: Scope): number {
    return indexOf(scope, this.#scopes, this.#scopeTexts, this.scopes, () => ({ name: scope.name, version: scope.version, attributes: jsonAttributes(scope.attributes) }));
  }
}

// Records of one block share the object; those of several blocks are told equal by their text.
function indexOf<K, J>(part: K, byIdentity: Map<K, number>, byText: Map<string, number>, list: J[], encode: () => J): number {
  let index = byIdentity.get(part);
  if (index !== undefined) return index;
  const encoded = encode();
  const text = JSON.stringify(encoded);
  index = byText.get(text);
  if (index === undefined) {
    index = list.push(encoded) - 1;
    byText.set(text, index);
  }
  byIdentity.set(part, index);
  return index;
}

function isList(value: object): value is readonly AttributeValue[] {
  return Array.isArray(value);
}
