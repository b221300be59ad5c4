/** The version of the schema in `PRAGMA user_version`. Raise it with every change, and migrate. */
export const EVENTS_SCHEMA_VERSION = 1;

/**
 * The tables of events.db, the same set for each signal:
 * `_blocks` what is known of a block without reading it; `_data` its three parts, `core` and `detail` compressed;
 * `_filters` Bloom filters of trace ids and attributes and the trigrams of bodies (compressed);
 * `_names` services with their operations or levels; `_wal` what was added to the block that is still open.
 */
export function eventsSchema(): string {
  const tables = ['span', 'log'].map(
    (signal) => `
      CREATE TABLE ${signal}_blocks(
        id INTEGER PRIMARY KEY, count INTEGER NOT NULL, errors INTEGER NOT NULL,
        min_ms INTEGER NOT NULL, max_ms INTEGER NOT NULL, max_end_ms INTEGER NOT NULL, evict_ms INTEGER NOT NULL,
        min_duration REAL NOT NULL, max_duration REAL NOT NULL, size_bytes INTEGER NOT NULL, names BLOB NOT NULL);
      CREATE TABLE ${signal}_data(id INTEGER PRIMARY KEY, core BLOB NOT NULL, ids BLOB NOT NULL, detail BLOB NOT NULL);
      CREATE TABLE ${signal}_filters(id INTEGER PRIMARY KEY, traces BLOB NOT NULL, tokens BLOB NOT NULL, grams BLOB NOT NULL);
      CREATE TABLE ${signal}_names(id INTEGER PRIMARY KEY, service TEXT NOT NULL, name TEXT NOT NULL);
      CREATE TABLE ${signal}_wal(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);`,
  );
  return `${tables.join('')}
    CREATE TABLE pins(
      trace_id TEXT PRIMARY KEY, pinned_ms INTEGER NOT NULL, count INTEGER NOT NULL,
      core BLOB NOT NULL, ids BLOB NOT NULL, detail BLOB NOT NULL);
    CREATE TABLE evictions(signal TEXT PRIMARY KEY, records INTEGER NOT NULL, blocks INTEGER NOT NULL, up_to_ms INTEGER)`;
}
