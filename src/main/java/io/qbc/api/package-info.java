/** What the verbs of REST and the event bus stand on: chains by name, readers of transactions, waiting, answers. */
package io.qbc.api;
