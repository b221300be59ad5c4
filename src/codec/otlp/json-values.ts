import type { Attributes, AttributeValue, Resource, Scope } from '../../model/attributes.ts';
import { OtlpJsonError, toBigInt, toDouble, type JsonNode } from './json-reader.ts';
import { DEEPEST_VALUE, NO_ATTRIBUTES, NO_RESOURCE, NO_SCOPE } from './wire-values.ts';

/** Reads a list of KeyValue objects; the first of two equal keys stands. */
export function readJsonAttributes(node: JsonNode, name: string): Attributes {
  if (!node.has(name)) return NO_ATTRIBUTES;
  const attributes = new Map<string, AttributeValue>();
  for (const pair of node.nodes(name)) {
    const key = pair.string('key');
    if (!attributes.has(key)) attributes.set(key, readJsonAnyValue(pair.node('value'), 0));
  }
  return attributes;
}

/** Reads an AnyValue object; absent and empty are null. */
export function readJsonAnyValue(node: JsonNode | undefined, depth: number): AttributeValue {
  if (!node) return null;
  if (depth > DEEPEST_VALUE) throw new OtlpJsonError(`${node.path.slice(0, 200)}… is nested too deeply`);
  if (node.has('stringValue')) return node.string('stringValue');
  if (node.has('boolValue')) return node.bool('boolValue');
  if (node.has('intValue')) return narrow(toBigInt(node.raw('intValue')), node);
  if (node.has('doubleValue')) return toDouble(node.raw('doubleValue')) ?? fails(node, 'doubleValue');
  if (node.has('arrayValue')) {
    const list = node.node('arrayValue')!;
    return Array.from(list.nodes('values'), (value) => readJsonAnyValue(value, depth + 1));
  }
  if (node.has('kvlistValue')) {
    const pairs = Array.from(node.node('kvlistValue')!.nodes('values'), (pair): [string, AttributeValue] => [
      pair.string('key'),
      readJsonAnyValue(pair.node('value'), depth + 1),
    ]);
    return Object.fromEntries(pairs);
  }
  // As protobuf's JSON writes bytes; only ids are hex.
  if (node.has('bytesValue')) return new Uint8Array(Buffer.from(node.string('bytesValue'), 'base64'));
  return null;
}

/**
 * Walks an export request: `groups` names the outer list, `scopes` the one in it, `records` the innermost.
 * Resource and scope are read once for all records under them.
 */
export function walkJsonRecords(
  root: JsonNode,
  names: { readonly groups: string; readonly scopes: string; readonly records: string },
  onRecord: (record: JsonNode, resource: Resource, scope: Scope) => void,
): void {
  for (const group of root.nodes(names.groups)) {
    const resource = readJsonResource(group);
    for (const scoped of group.nodes(names.scopes)) {
      const scope = readJsonScope(scoped);
      for (const record of scoped.nodes(names.records)) onRecord(record, resource, scope);
    }
  }
}

/** The resource of a resourceSpans, resourceMetrics or resourceLogs object. */
export function readJsonResource(group: JsonNode): Resource {
  const node = group.node('resource');
  return node ? { attributes: readJsonAttributes(node, 'attributes'), schemaUrl: group.string('schemaUrl') } : NO_RESOURCE;
}

function readJsonScope(group: JsonNode): Scope {
  const node = group.node('scope');
  if (!node) return NO_SCOPE;
  return {
    name: node.string('name'),
    version: node.string('version'),
    attributes: readJsonAttributes(node, 'attributes'),
    schemaUrl: group.string('schemaUrl'),
  };
}

function narrow(value: bigint | undefined, node: JsonNode): number | bigint {
  if (value === undefined) return fails(node, 'intValue');
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt.asIntN(64, value);
}

function fails(node: JsonNode, name: string): never {
  throw new OtlpJsonError(`${node.path}.${name} must be a number`);
}
