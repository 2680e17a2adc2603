/** The way to nodes over their REST API. For the client itself. */
package io.qbc.client.rest;
