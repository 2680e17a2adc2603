/** What a node answers its client, as small records. */
package io.qbc.client.answer;
