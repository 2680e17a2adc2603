/** Commands that inject transactions: where the data is read, who signs it, and what is sent of it. */
package io.qbc.cli.inject;
