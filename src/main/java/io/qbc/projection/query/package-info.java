/** What reads the tables of projections: SQL of callers, guarded; rows as documents; blocks. */
package io.qbc.projection.query;
