package dev.weft.loop.net.channel;

import dev.weft.loop.net.dial.CertificateRefusedException;
import dev.weft.loop.net.dial.CertificateRefusedException.Reason;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Whether a certificate is a host's. Stricter than the JDK: only the names in {@code subjectAltName} count, never the common name, and an
 * asterisk stands for one whole label, the first. Pure. Source: RFC 9525 sections 6.3 and 6.4.
 */
final class ServiceIdentity {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private ServiceIdentity() {}

    /**
     * Checks it.
     *
     * @throws CertificateRefusedException if it is another's
     */
    static void check(X509Certificate certificate, String host) throws CertificateRefusedException {
        if (!isFor(certificate, host)) {
            throw new CertificateRefusedException(
                    Reason.WRONG_HOST, "is for another host: " + known(certificate, strip(host)), null);
        }
    }

    /** Whether it is the host's. */
    static boolean isFor(X509Certificate certificate, String host) {
        String name = strip(host);
        boolean digits = isAddress(name);
        return names(certificate, digits ? IP_ADDRESS : DNS_NAME).stream()
                .anyMatch(pattern -> digits ? sameAddress(pattern, name) : matches(pattern, name));
    }

    /** The hosts that it names, as it names them, addresses aside. */
    static List<String> hosts(X509Certificate certificate) {
        return names(certificate, DNS_NAME);
    }

    private static String strip(String host) {
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
    }

    private static boolean isAddress(String name) {
        return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
    }

    private static boolean sameAddress(String one, String other) {
        return isAddress(one) && InetAddress.ofLiteral(one).equals(InetAddress.ofLiteral(other));
    }

    /** Whether a name of a certificate stands for a host. */
    static boolean matches(String pattern, String host) {
        String name = pattern.toLowerCase(Locale.ROOT);
        if (!name.contains("*")) {
            return name.equals(host);
        }
        int dot = host.indexOf('.');
        // A whole label, and not of a top-level domain.
        return name.startsWith("*.")
                && name.indexOf('*', 1) < 0
                && name.indexOf('.', 2) > 0
                && dot > 0
                && name.substring(1).equals(host.substring(dot));
    }

    private static String known(X509Certificate certificate, String host) {
        List<String> all = new ArrayList<>(names(certificate, DNS_NAME));
        all.addAll(names(certificate, IP_ADDRESS));
        return all.isEmpty()
                ? "it has no subjectAltName, and the common name does not count"
                : "it names " + String.join(", ", all.subList(0, Math.min(all.size(), 5)))
                        + (all.size() > 5 ? " and " + (all.size() - 5) + " more" : "") + ", not " + host;
    }

    private static List<String> names(X509Certificate certificate, int type) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> entry : all == null ? List.<List<?>>of() : all) {
                if (entry.get(0) instanceof Integer kind && kind == type && entry.get(1) instanceof String name) {
                    names.add(name);
                }
            }
        } catch (CertificateParsingException e) {
            // What cannot be read names nobody.
        }
        return names;
    }
}
