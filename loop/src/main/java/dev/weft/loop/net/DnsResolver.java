package dev.weft.loop.net;

import dev.weft.loop.net.channel.DnsSettings;
import dev.weft.loop.net.dial.Family;
import dev.weft.loop.net.dial.Resolver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Resolvers that look in the hosts file, then ask name servers, without blocking the loop. What they answer is kept as long as it says,
 * within bounds, for each loop; a name that is being asked for is not asked for twice.
 */
public final class DnsResolver {
    private static final Resolver SYSTEM = DnsSettings.SYSTEM.resolver();

    private DnsResolver() {}

    /** The one that is used where none is given: the machine's name servers. */
    public static Resolver system() {
        return SYSTEM;
    }

    /** Settings of another one. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings of a resolver. */
    public static final class Builder {
        private List<InetSocketAddress> nameServers = DnsSettings.SYSTEM.nameServers();
        private Family family = DnsSettings.SYSTEM.family();
        private @Nullable Duration queryTimeout = DnsSettings.SYSTEM.queryTimeout();
        private Duration shortestTtl = DnsSettings.SYSTEM.shortestTtl();
        private Duration longestTtl = DnsSettings.SYSTEM.longestTtl();
        private Duration negativeTtl = DnsSettings.SYSTEM.negativeTtl();

        private Builder() {}

        /** Whom to ask, in this order; default the machine's own name servers. */
        public Builder nameServers(InetSocketAddress... servers) {
            nameServers = List.of(servers);
            return this;
        }

        /** Which addresses to ask for; default both kinds, but only IPv4 on a machine without an IPv6 address of its own. */
        public Builder family(Family value) {
            family = Objects.requireNonNull(value, "family");
            return this;
        }

        /** How long a name server may take before the next is asked; default what the machine is set to, mostly 5 s. */
        public Builder queryTimeout(Duration value) {
            queryTimeout = Objects.requireNonNull(value, "queryTimeout");
            return this;
        }

        /**
         * How long an answer is kept, whatever it says, in whole seconds; default at least 5 s and at most 10 minutes.
         *
         * @throws IllegalArgumentException if the shortest is longer than the longest
         */
        public Builder ttl(Duration shortest, Duration longest) {
            if (shortest.compareTo(longest) > 0) {
                throw new IllegalArgumentException("the shortest time " + shortest + " is longer than " + longest);
            }
            shortestTtl = shortest;
            longestTtl = longest;
            return this;
        }

        /** How long it is remembered that there is no such name, in whole seconds; default 1 s. */
        public Builder negativeTtl(Duration value) {
            negativeTtl = Objects.requireNonNull(value, "negativeTtl");
            return this;
        }

        /** The resolver. It may be shared among loops; each has a cache of its own. */
        public Resolver build() {
            return new DnsSettings(nameServers, family, queryTimeout, shortestTtl, longestTtl, negativeTtl).resolver();
        }
    }
}
