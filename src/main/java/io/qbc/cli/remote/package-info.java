/** Commands that ask a running node, on top of its calls and of what injects. */
package io.qbc.cli.remote;
