/** What tables are made of a chain: mappings, and the rows that they make of a transaction; plain Java. */
package io.qbc.projection.mapping;
