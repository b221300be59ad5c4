import { tagOf, WIRE, type ProtobufReader } from '../../base/protobuf-reader.ts';
import type { Resource, Scope } from '../../model/attributes.ts';
import { NO_RESOURCE, NO_SCOPE, readResource, readScope } from './wire-values.ts';

const FIRST = tagOf(1, WIRE.bytes);
const SECOND = tagOf(2, WIRE.bytes);
const SCHEMA_URL = tagOf(3, WIRE.bytes);

/**
 * Walks an export request: all three signals nest resource groups (field 1), scope groups (2) and records (2) alike.
 * `onRecord` is called with the cursor before the record's length, and has to read the whole field.
 */
export function walkRecords(reader: ProtobufReader, onRecord: (resource: Resource, scope: Scope) => void): void {
  forEachField(reader, FIRST, () => {
    const outer = reader.enter();
    const resource = readHead(reader, NO_RESOURCE, readResource);
    forEachField(reader, SECOND, () => {
      const outerScope = reader.enter();
      const scope = readHead(reader, NO_SCOPE, readScope);
      forEachField(reader, SECOND, () => onRecord(resource, scope));
      reader.leave(outerScope);
    });
    reader.leave(outer);
  });
}

/** Calls `onField` for each occurrence of a field in the current message, other fields are skipped (and so checked). */
export function forEachField(reader: ProtobufReader, wanted: number, onField: () => void): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === wanted) onField();
    else reader.skip(tag);
  }
}

/** Finds the group's own description, wherever among the fields it stands, and returns to the group's start. */
function readHead<T>(reader: ProtobufReader, absent: T, read: (reader: ProtobufReader, schemaUrl: string) => T): T {
  const start = reader.pos;
  let at = -1;
  let schemaUrl = '';
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === SCHEMA_URL) {
      schemaUrl = reader.string();
      continue;
    }
    if (tag === FIRST) at = reader.pos;
    reader.skip(tag);
  }
  let head = absent;
  if (at >= 0) {
    reader.pos = at;
    head = read(reader, schemaUrl);
  }
  reader.pos = start;
  return head;
}
