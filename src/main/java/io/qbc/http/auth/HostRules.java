package io.qbc.http.auth;

import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.qbc.config.PeerAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names by which a node may be called, so that a page of somebody else's cannot reach it by a name that it has
 * turned to the node's address (DNS rebinding). An address is no name, and cannot be turned.
 */
public final class HostRules {
    private static final Pattern FOUR = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern SIX = Pattern.compile("\\[[0-9a-f:.]+]");
    private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");
    private static final String LOOPBACK_SIX = "[::1]";
    private static final String LOOPBACK_FOUR = "127.";

    private final Set<String> names = new HashSet<>(Set.of("localhost"));
    private final boolean addresses;
    /** What came last, as most callers say the same. */
    private String last = "";

    public HostRules(NodeConfig config) {
        addresses = config.access().mode() != AccessMode.LOOPBACK;
        config.http().hosts().forEach(this::add);
        add(config.host());
        if (PeerAddress.read(config.advertise()) instanceof PeerAddress.Reading.Fine advertised) {
            add(advertised.address().host());
        }
    }

    /** Whether the field Host names this node; its port does not matter. */
    public boolean admits(String field) {
        if (field.equals(last)) {
            return true;
        }
        String name = PORT.matcher(field.toLowerCase(Locale.ROOT)).replaceFirst("");
        boolean admitted = names.contains(name) || isAddress(name);
        if (admitted) {
            last = field;
        }
        return admitted;
    }

    private void add(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        names.add(lower.indexOf(':') >= 0 && !lower.startsWith("[") ? "[" + lower + "]" : lower);
    }

    /** A node that serves its own machine is called by its addresses alone. */
    private boolean isAddress(String name) {
        boolean four = FOUR.matcher(name).matches();
        return addresses
                ? four || SIX.matcher(name).matches()
                : name.equals(LOOPBACK_SIX) || (four && name.startsWith(LOOPBACK_FOUR));
    }
}
