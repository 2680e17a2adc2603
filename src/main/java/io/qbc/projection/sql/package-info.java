/** The databases of projections: connections, tables, progress, rows; blocks. */
package io.qbc.projection.sql;
