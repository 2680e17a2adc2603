/** What a client gives back: what nodes answer, as small records, streams of events, and why a call failed. */
package io.qbc.client.answer;
