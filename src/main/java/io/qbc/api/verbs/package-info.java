/** The verbs: what REST and the event bus both do for a caller, each an answer or a failure with its reason. */
package io.qbc.api.verbs;
