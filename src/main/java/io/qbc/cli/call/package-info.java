/** Calls of the command line to a running node: how a command asks, how the answer is read and shown, how it ends. */
package io.qbc.cli.call;
