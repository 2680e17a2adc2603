-- How far the tables of each projection are; a row changes in the database transaction of the rows that it tells of.
CREATE TABLE qbc_progress (
  name CHARACTER VARYING NOT NULL,
  generation bigint NOT NULL,
  live boolean NOT NULL,
  version integer NOT NULL,
  chain BINARY VARYING(64) NOT NULL,
  height bigint NOT NULL,
  hash BINARY VARYING(64) NOT NULL,
  leaf bigint NOT NULL,
  undo_above bigint NOT NULL,
  mapping_hash BINARY VARYING(64) NOT NULL,
  mapping CHARACTER VARYING NOT NULL,
  built TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (name, generation)
);
CREATE TABLE qbc_rows (
  name CHARACTER VARYING NOT NULL,
  generation bigint NOT NULL,
  table_name CHARACTER VARYING NOT NULL,
  row_count bigint NOT NULL,
  PRIMARY KEY (name, generation, table_name)
);
CREATE TABLE qbc_dead (
  name CHARACTER VARYING NOT NULL,
  generation bigint NOT NULL,
  leaf bigint NOT NULL,
  tx BINARY VARYING(64) NOT NULL,
  table_name CHARACTER VARYING NOT NULL,
  pointer CHARACTER VARYING NOT NULL,
  reason CHARACTER VARYING NOT NULL,
  PRIMARY KEY (name, generation, leaf)
);
