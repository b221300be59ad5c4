import { statSync } from 'node:fs';
import type * as Sqlite from 'node:sqlite';
import { ForeignFileError } from '../../open-or-set-aside.ts';
import type { EventsBackend, LoadedSignal, PinRow, SignalChange } from './backend.ts';
import { PART_NAMES, type NameRow, type PartName, type Signal, type StoredBlock } from './block-meta.ts';
import { decodeNames, encodeNames } from './name-counts.ts';
import { EVENTS_SCHEMA_VERSION, eventsSchema } from './sqlite-schema.ts';

type Row = Readonly<Record<string, Sqlite.SQLOutputValue>>;

const PREFIXES: Readonly<Record<Signal, string>> = { spans: 'span', logs: 'log' };

/**
 * Keeps blocks in a SQLite file in WAL mode with synchronous=NORMAL: what was committed survives the death of the
 * process, a power cut may take the last commits. Throws when the file is not ours or was written by a newer version.
 */
export function openSqliteBackend(sqlite: typeof Sqlite, path: string): EventsBackend {
  const database = new sqlite.DatabaseSync(path);
  try {
    prepareDatabase(database);
    return createBackend(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
}

function createBackend(database: Sqlite.DatabaseSync, path: string): EventsBackend {
  const tables = { spans: openTables(database, PREFIXES.spans), logs: openTables(database, PREFIXES.logs) };
  const savePin = database.prepare('INSERT OR REPLACE INTO pins(trace_id, pinned_ms, count, core, ids, detail) VALUES (?, ?, ?, ?, ?, ?)');
  const removePin = database.prepare('DELETE FROM pins WHERE trace_id = ?');

  return {
    isDurable: true,
    load: (signal) => tables[signal].load(),
    commit(changes) {
      transact(database, () => {
        if (changes.spans) tables.spans.apply(changes.spans);
        if (changes.logs) tables.logs.apply(changes.logs);
      });
    },
    readPart: (signal, blockId, part) => tables[signal].readPart(blockId, part),
    evict: (signal, blockIds, nameIds, total) => transact(database, () => tables[signal].evict(blockIds, nameIds, total)),
    loadPins: () => database.prepare('SELECT * FROM pins').all().map(toPin),
    savePin: ({ traceId, pinnedMs, count, parts }) =>
      void savePin.run(traceId, pinnedMs, count, parts.core, parts.ids, parts.detail),
    removePin: (traceId) => void removePin.run(traceId),
    diskBytes: () => fileBytes(path) + fileBytes(`${path}-wal`),
    close: () => database.close(),
  };
}

function prepareDatabase(database: Sqlite.DatabaseSync): void {
  const version = numberOf(database.prepare('PRAGMA user_version').get(), 'user_version');
  if (version > EVENTS_SCHEMA_VERSION) {
    throw new ForeignFileError(`it has version ${version}, this version of Sightline reads up to ${EVENTS_SCHEMA_VERSION}`);
  }
  if (version === 0 && numberOf(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get(), 'n') > 0) throw new ForeignFileError('it is the database of another program');
  // The page size counts only for a new file; blobs of some 20 KB waste less in larger pages.
  database.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000; PRAGMA busy_timeout = 5000');
  if (version < EVENTS_SCHEMA_VERSION) {
    transact(database, () => database.exec(`${eventsSchema()}; PRAGMA user_version = ${EVENTS_SCHEMA_VERSION}`));
  }
}

interface SignalTables {
  load(): LoadedSignal;
  apply(change: SignalChange): void;
  readPart(blockId: number, part: PartName): Uint8Array | undefined;
  evict(blockIds: readonly number[], nameIds: readonly number[], total: LoadedSignal['evicted']): void;
}

function openTables(database: Sqlite.DatabaseSync, prefix: string): SignalTables {
  const insertBlock = database.prepare(
    `INSERT INTO ${prefix}_blocks(id, count, errors, min_ms, max_ms, max_end_ms, evict_ms, min_duration, max_duration, size_bytes, names)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertData = database.prepare(`INSERT INTO ${prefix}_data(id, core, ids, detail) VALUES (?, ?, ?, ?)`);
  const insertFilters = database.prepare(`INSERT INTO ${prefix}_filters(id, traces, tokens, grams) VALUES (?, ?, ?, ?)`);
  const insertName = database.prepare(`INSERT INTO ${prefix}_names(id, service, name) VALUES (?, ?, ?)`);
  const insertDelta = database.prepare(`INSERT INTO ${prefix}_wal(bytes) VALUES (?)`);
  const clearDeltas = database.prepare(`DELETE FROM ${prefix}_wal`);
  const removals = ['blocks', 'data', 'filters'].map((table) => database.prepare(`DELETE FROM ${prefix}_${table} WHERE id = ?`));
  const removeName = database.prepare(`DELETE FROM ${prefix}_names WHERE id = ?`);
  const saveCount = database.prepare('INSERT OR REPLACE INTO evictions(signal, records, blocks, up_to_ms) VALUES (?, ?, ?, ?)');
  const readers = new Map(
    PART_NAMES.map((part) => {
      const table = part === 'core' || part === 'ids' || part === 'detail' ? 'data' : 'filters';
      return [part, database.prepare(`SELECT ${part} AS part FROM ${prefix}_${table} WHERE id = ?`)];
    }),
  );

  function writeBlock({ meta, parts }: StoredBlock): void {
    insertBlock.run(
      meta.id, meta.count, meta.errors, meta.minMs, meta.maxMs, meta.maxEndMs, meta.evictMs,
      meta.minDurationNano, meta.maxDurationNano, meta.sizeBytes, encodeNames(meta.names),
    );
    insertData.run(meta.id, parts.core, parts.ids, parts.detail);
    insertFilters.run(meta.id, parts.traces, parts.tokens, parts.grams);
  }

  return {
    load() {
      const evictions = database.prepare('SELECT * FROM evictions WHERE signal = ?').get(prefix);
      return {
        blocks: database.prepare(`SELECT * FROM ${prefix}_blocks ORDER BY id`).all().map(toMeta),
        names: database.prepare(`SELECT * FROM ${prefix}_names`).all().map(toName),
        deltas: database.prepare(`SELECT bytes FROM ${prefix}_wal ORDER BY id`).all().map((row) => bytesOf(row, 'bytes')),
        evicted: {
          records: evictions ? numberOf(evictions, 'records') : 0,
          blocks: evictions ? numberOf(evictions, 'blocks') : 0,
          upToMs: evictions && evictions['up_to_ms'] !== null ? numberOf(evictions, 'up_to_ms') : undefined,
        },
      };
    },
    apply(change) {
      for (const { id, service, name } of change.names) insertName.run(id, service, name);
      for (const block of change.blocks) writeBlock(block);
      if (change.isWalObsolete) clearDeltas.run();
      if (change.delta) insertDelta.run(change.delta);
    },
    readPart(blockId, part) {
      const row = readers.get(part)!.get(blockId);
      return row && bytesOf(row, 'part');
    },
    evict(blockIds, nameIds, total) {
      for (const id of blockIds) for (const removal of removals) removal.run(id);
      for (const id of nameIds) removeName.run(id);
      saveCount.run(prefix, total.records, total.blocks, total.upToMs ?? null);
    },
  };
}

function toMeta(row: Row): StoredBlock['meta'] {
  return {
    id: numberOf(row, 'id'),
    count: numberOf(row, 'count'),
    errors: numberOf(row, 'errors'),
    minMs: numberOf(row, 'min_ms'),
    maxMs: numberOf(row, 'max_ms'),
    maxEndMs: numberOf(row, 'max_end_ms'),
    evictMs: numberOf(row, 'evict_ms'),
    minDurationNano: numberOf(row, 'min_duration'),
    maxDurationNano: numberOf(row, 'max_duration'),
    sizeBytes: numberOf(row, 'size_bytes'),
    names: decodeNames(bytesOf(row, 'names')),
  };
}

function toName(row: Row): NameRow {
  return { id: numberOf(row, 'id'), service: textOf(row, 'service'), name: textOf(row, 'name') };
}

function toPin(row: Row): PinRow {
  return {
    traceId: textOf(row, 'trace_id'),
    pinnedMs: numberOf(row, 'pinned_ms'),
    count: numberOf(row, 'count'),
    parts: { core: bytesOf(row, 'core'), ids: bytesOf(row, 'ids'), detail: bytesOf(row, 'detail') },
  };
}

function transact(database: Sqlite.DatabaseSync, run: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    run();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function numberOf(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds no number`);
  return value;
}

function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
  return value;
}

function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} holds no bytes`);
  return value;
}
