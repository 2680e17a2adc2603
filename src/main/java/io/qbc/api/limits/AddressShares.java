package io.qbc.api.limits;

import io.qbc.config.Cidr;
import io.qbc.config.NodeConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The shares of all addresses that have a connection. A network of IPv6 ({@code /64}) counts as one address, as whoever
 * has one address of it has them all.
 */
public final class AddressShares {
    private static final int ALL_PERCENT = 100;

    private final SharedLimits whole;
    private final int percent;
    private final List<Cidr> proxies;
    private final Map<AddressKey, Entry> entries = new ConcurrentHashMap<>();

    AddressShares(SharedLimits whole, NodeConfig.Budgets budgets) {
        this.whole = whole;
        this.percent = budgets.addressPercent();
        this.proxies = budgets.proxies().stream()
                .map(Cidr::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    private record Entry(AddressShare share, int connections) {}

    /** The share of an address that has one connection more; to be followed by {@link #leave}. */
    public AddressShare join(InetAddress address) {
        return entries.compute(
                        AddressKey.of(address),
                        (key, entry) -> entry == null
                                ? new Entry(share(address), 1)
                                : new Entry(entry.share(), entry.connections() + 1))
                .share();
    }

    /** One connection of an address is gone. */
    public void leave(InetAddress address) {
        entries.computeIfPresent(
                AddressKey.of(address),
                (key, entry) -> entry.connections() == 1 ? null : new Entry(entry.share(), entry.connections() - 1));
    }

    /** How many addresses have a connection. */
    public int count() {
        return entries.size();
    }

    private AddressShare share(InetAddress address) {
        boolean proxy = proxies.stream().anyMatch(block -> block.contains(address));
        return new AddressShare(whole, proxy ? ALL_PERCENT : percent);
    }
}
