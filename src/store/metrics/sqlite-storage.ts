import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MetricType } from '../../model/metric.ts';
import { ForeignFileError } from '../open-or-set-aside.ts';
import { loadSqlite } from '../sqlite.ts';
import { encodeBlockIndex } from './block.ts';
import type { MetricsStorage, StorageVisitor } from './storage.ts';

const FORMAT = 1;
const PAGE_BYTES = 8192;
const ROWS_PER_DELETE = 100;
const TABLES: ReadonlySet<string> = new Set(['series', 'metadata', 'journal', 'block', 'exemplars', 'state']);
const FLUSHED_ID = "SELECT value AS n FROM state WHERE name = 'flushed_journal_id'";

// `idx` stands before `data` so that reading it does not touch the data's overflow pages.
const SCHEMA = `
PRAGMA page_size = ${PAGE_BYTES};
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA journal_size_limit = 1048576;
PRAGMA cache_size = -2048;
PRAGMA temp_store = MEMORY;
CREATE TABLE IF NOT EXISTS series (ref INTEGER PRIMARY KEY, key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS metadata (family TEXT PRIMARY KEY, type TEXT NOT NULL, help TEXT NOT NULL, unit TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS block (id INTEGER PRIMARY KEY, last_journal_id INTEGER NOT NULL, idx BLOB NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS exemplars (last_journal_id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO state VALUES ('format', ${FORMAT}), ('next_ref', 1), ('flushed_journal_id', 0);
`;

/** Opens (and creates) the file at `path`. Undefined when this host has no node:sqlite; throws what SQLite throws otherwise. */
export function openSqliteStorage(path: string): MetricsStorage | undefined {
  const sqlite = loadSqlite();
  if (sqlite === undefined) return undefined;
  const db = new sqlite.DatabaseSync(path);
  try {
    assertOurs(db);
    db.exec(SCHEMA);
    return new SqliteStorage(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Throws ForeignFileError for a database of another program, or of a newer version of this one. */
function assertOurs(db: DatabaseSync): void {
  const tables = new Set(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all().map(({ name }) => String(name)));
  for (const table of tables) if (!TABLES.has(table)) throw new ForeignFileError('it is the database of another program');
  if (!tables.has('state')) return;
  const version = Number(db.prepare("SELECT value FROM state WHERE name = 'format'").get()?.['value'] ?? FORMAT);
  if (version > FORMAT) throw new ForeignFileError(`it has format ${version}, this version of Sightline reads up to ${FORMAT}`);
}

class SqliteStorage implements MetricsStorage {
  readonly isDurable = true;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #isOpen = true;
  #hasVoidRows = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  load(visitor: StorageVisitor): { readonly nextRef: number; readonly nextJournalId: number } {
    const flushedId = this.#number(FLUSHED_ID);
    this.#statement('DELETE FROM block WHERE last_journal_id > ?').run(flushedId);
    this.#statement('DELETE FROM journal WHERE id <= ?').run(flushedId);
    for (const row of this.#rows('SELECT ref, key FROM series ORDER BY ref')) visitor.series(Number(row['ref']), String(row['key']));
    for (const row of this.#rows('SELECT family, type, help, unit FROM metadata')) {
      // Written by putMetadata only, so the type is one of ours.
      const type = String(row['type']) as MetricType;
      visitor.metadata({ family: String(row['family']), type, help: String(row['help']), unit: String(row['unit']) });
    }
    for (const row of this.#rows('SELECT id, idx FROM block ORDER BY id')) visitor.block(Number(row['id']), asBytes(row['idx']));
    for (const row of this.#rows('SELECT last_journal_id, data FROM exemplars ORDER BY last_journal_id')) {
      visitor.exemplars(Number(row['last_journal_id']), asBytes(row['data']));
    }
    for (const row of this.#rows('SELECT data FROM journal ORDER BY id')) visitor.journal(asBytes(row['data']));
    return {
      nextRef: this.#number("SELECT max((SELECT value FROM state WHERE name = 'next_ref'), (SELECT ifnull(max(ref), 0) + 1 FROM series)) AS n"),
      nextJournalId: Math.max(flushedId, this.#number('SELECT ifnull(max(id), 0) AS n FROM journal')) + 1,
    };
  }

  transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  putSeries(ref: number, key: string): void {
    this.#statement('INSERT INTO series (ref, key) VALUES (?, ?)').run(ref, key);
  }

  putMetadata({ family, type, help, unit }: Parameters<MetricsStorage['putMetadata']>[0]): void {
    this.#statement('INSERT OR REPLACE INTO metadata (family, type, help, unit) VALUES (?, ?, ?, ?)').run(family, type, help, unit);
  }

  putJournal(id: number, data: Uint8Array): void {
    this.#statement('INSERT INTO journal (id, data) VALUES (?, ?)').run(id, data);
  }

  putBlock(block: Parameters<MetricsStorage['putBlock']>[0], data: Uint8Array, lastJournalId: number): void {
    const sql = 'INSERT INTO block (id, last_journal_id, idx, data) VALUES (?, ?, ?, ?)';
    this.#statement(sql).run(block.id, lastJournalId, encodeBlockIndex(block), data);
  }

  putExemplars(lastJournalId: number, data: Uint8Array): void {
    this.#statement('INSERT OR REPLACE INTO exemplars (last_journal_id, data) VALUES (?, ?)').run(lastJournalId, data);
  }

  markFlushed(lastJournalId: number): void {
    this.#statement("UPDATE state SET value = ? WHERE name = 'flushed_journal_id'").run(lastJournalId);
    this.#hasVoidRows = true;
  }

  deleteFlushedJournal(): boolean {
    if (!this.#hasVoidRows) return false;
    // Asked anew: the transaction that set the mark may have been rolled back.
    const flushedId = this.#number(FLUSHED_ID);
    const oldest = this.#number('SELECT ifnull(min(id), 0) AS n FROM journal');
    const last = oldest === 0 ? flushedId : Math.min(flushedId, oldest + ROWS_PER_DELETE - 1);
    this.#statement('DELETE FROM journal WHERE id <= ?').run(last);
    this.#hasVoidRows = last < flushedId;
    return this.#hasVoidRows;
  }

  deleteBlock(id: number): void {
    this.#statement('DELETE FROM block WHERE id = ?').run(id);
  }

  deleteExemplarsBefore(lastJournalId: number): void {
    this.#statement('DELETE FROM exemplars WHERE last_journal_id < ?').run(lastJournalId);
  }

  deleteSeries(refs: readonly number[], nextRef: number): void {
    this.#statement("UPDATE state SET value = ? WHERE name = 'next_ref'").run(nextRef);
    const statement = this.#statement('DELETE FROM series WHERE ref = ?');
    for (const ref of refs) statement.run(ref);
  }

  readBlock(id: number): Uint8Array | undefined {
    const row = this.#statement('SELECT data FROM block WHERE id = ?').get(id);
    return row === undefined ? undefined : asBytes(row['data']);
  }

  sizeBytes(): number {
    return (this.#pragma('page_count') - this.#pragma('freelist_count')) * PAGE_BYTES;
  }

  checkpoint(isFinal: boolean): void {
    this.#db.exec(isFinal ? 'PRAGMA wal_checkpoint(TRUNCATE)' : 'PRAGMA wal_checkpoint(PASSIVE)');
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#db.close();
  }

  #pragma(name: string): number {
    return Number(this.#statement(`PRAGMA ${name}`).get()?.[name] ?? 0);
  }

  #number(sql: string): number {
    return Number(this.#db.prepare(sql).get()?.['n'] ?? 0);
  }

  #rows(sql: string): IterableIterator<Record<string, unknown>> {
    return this.#db.prepare(sql).iterate();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function asBytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}
