/**
 * When a chain leaps, and what it seals: a machine that is told what happened and says what is to be done. It knows no
 * clock, thread or chance; mining and the simulator carry out what it says.
 */
package io.qbc.ledger.leap;
