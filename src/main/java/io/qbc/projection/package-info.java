/** The projection verticle: chains kept as tables, each by a worker of its own. */
package io.qbc.projection;
