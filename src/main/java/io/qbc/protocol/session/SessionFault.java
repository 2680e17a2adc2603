package io.qbc.protocol.session;

import io.qbc.protocol.message.NetworkLabel;
import java.util.Arrays;
import java.util.Optional;

/** A reason why a node refuses a handshake or a message, with its code and its HTTP status on the wire. */
public enum SessionFault {
    VERSION_DIFFERS("version_differs", 400),
    NETWORK_DIFFERS("network_differs", 403),
    MODE_DIFFERS("mode_differs", 403),
    SECRET_DIFFERS("secret_differs", 403),
    KEY_NOT_LISTED("key_not_listed", 403),
    KEY_UNPROVED("key_unproved", 403),
    /** The keys that both ends derived differ, though both are of the same network: somebody stands between them. */
    PROOF_WRONG("proof_wrong", 403),
    /** Too many handshakes of one address, or of all. */
    RATIONED("rationed", 503),
    SESSION_UNKNOWN("session_unknown", 409),
    MESSAGE_UNPROVED("message_unproved", 409),
    SEQUENCE_OLD("sequence_old", 409);

    private final String code;
    private final int status;

    SessionFault(String code, int status) {
        this.code = code;
        this.status = status;
    }

    public static Optional<SessionFault> of(String code) {
        return Arrays.stream(values()).filter(fault -> fault.code.equals(code)).findFirst();
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    /** In words, of the other node as "it", at the node that found it. */
    public String found(NetworkLabel own, NetworkLabel theirs) {
        return switch (this) {
            case VERSION_DIFFERS -> "it speaks another version of the peers' protocol than this node; update it";
            case NETWORK_DIFFERS ->
                "it is of the network '" + theirs.id() + "', and this node of '" + own.id() + "' (network.id)";
            case MODE_DIFFERS ->
                "its network.mode is " + theirs.mode().word() + ", and this node's is "
                        + own.mode().word();
            case SECRET_DIFFERS -> "its shared secret is another one than this node's (network.secretFile)";
            case KEY_NOT_LISTED -> "its key is not among this node's network.allowed";
            case KEY_UNPROVED -> "it did not prove the key that it shows";
            case PROOF_WRONG -> "it did not prove the session's keys: somebody changes what passes between the two";
            case RATIONED -> "it makes too many handshakes (network.handshakes)";
            case SESSION_UNKNOWN -> "it has no session here, or one that is over";
            case MESSAGE_UNPROVED -> "its message was made without the session's keys, or changed on its way";
            case SEQUENCE_OLD -> "its message came before, or too late";
        };
    }

    /** In words, of the other node as "it", at the node that was told so by it. */
    public String told(NetworkLabel own, NetworkLabel theirs) {
        return switch (this) {
            case VERSION_DIFFERS -> "it does not speak this node's version of the peers' protocol";
            case NETWORK_DIFFERS, MODE_DIFFERS, SECRET_DIFFERS -> found(own, theirs);
            case KEY_NOT_LISTED -> "this node's key is not among its network.allowed";
            case KEY_UNPROVED, PROOF_WRONG -> "it does not take this node's proof of its key (" + code + ")";
            case RATIONED -> "it takes no more handshakes at present";
            case SESSION_UNKNOWN, MESSAGE_UNPROVED, SEQUENCE_OLD ->
                "it takes no message of this session (" + code + ")";
        };
    }
}
