-- How far the tables of each projection are; a row changes in the database transaction of the rows that it tells of.
-- Each statement can be repeated: Flyway notes that the script was run in a database transaction of its own.
CREATE TABLE IF NOT EXISTS qbc_progress (
  name text NOT NULL,
  generation bigint NOT NULL,
  live boolean NOT NULL,
  version integer NOT NULL,
  chain bytea NOT NULL,
  height bigint NOT NULL,
  hash bytea NOT NULL,
  leaf bigint NOT NULL,
  undo_above bigint NOT NULL,
  mapping_hash bytea NOT NULL,
  mapping text NOT NULL,
  built timestamptz NOT NULL,
  PRIMARY KEY (name, generation)
);
CREATE TABLE IF NOT EXISTS qbc_rows (
  name text NOT NULL,
  generation bigint NOT NULL,
  table_name text NOT NULL,
  row_count bigint NOT NULL,
  PRIMARY KEY (name, generation, table_name)
);
CREATE TABLE IF NOT EXISTS qbc_dead (
  name text NOT NULL,
  generation bigint NOT NULL,
  leaf bigint NOT NULL,
  tx bytea NOT NULL,
  table_name text NOT NULL,
  pointer text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (name, generation, leaf)
);
