/** Front ends: the REST API of a cluster's nodes in processes that keep nothing. */
package io.qbc.front;
