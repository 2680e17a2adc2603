package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;

/**
 * The keys of one session, which follow from the value agreed on, the network's secret and the transcript.
 *
 * @param calleeProof with which the callee proves that it has them
 * @param callerProof the same of the caller
 * @param toCallee of requests
 * @param toCaller of answers
 */
record SessionKeys(Bytes calleeProof, Bytes callerProof, Bytes toCallee, Bytes toCaller) {
    private static final byte[] INFO = Transcript.ascii("qbc/session/keys/3");
    private static final byte[] READY = Transcript.ascii("qbc/session/ready/3");
    private static final int COUNT = 4;

    static SessionKeys derive(Bytes agreed, Bytes secret, Hash transcript) {
        Bytes input = new Encoder(agreed.size() + Integer.BYTES + secret.size())
                .raw(agreed)
                .bytes(secret)
                .toBytes();
        int size = SessionCrypto.KEY_BYTES;
        Bytes all = SessionCrypto.derive(input, transcript, INFO, COUNT * size);
        return new SessionKeys(
                all.slice(0, size), all.slice(size, size), all.slice(2 * size, size), all.slice(3 * size, size));
    }

    Bytes calleeProves(Hash transcript) {
        return SessionCrypto.mac(calleeProof, transcript.bytes());
    }

    Bytes callerProves(Hash transcript) {
        return SessionCrypto.mac(callerProof, transcript.bytes());
    }

    /** With which the callee says that the session is open. */
    Bytes ready(Hash transcript) {
        return SessionCrypto.mac(calleeProof, Transcript.tagged(READY, transcript));
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "the keys of a session";
    }
}
