/** What callers give a client: options, transactions, queries, and where streams begin. */
package io.qbc.client.request;
