/**
 * Nodes for the tests of programs that use them: {@link io.qbc.testkit.QbcLedger} for JUnit 5, and
 * {@link io.qbc.testkit.LedgerNetwork} for everything else.
 */
package io.qbc.testkit;
