package dev.weft.http.cookie;

/**
 * To which hosts and paths a cookie goes. Hosts are as {@link dev.weft.http.message.HttpUrl#host()} has them, paths are encoded.
 * Pure; any thread. Source: RFC 6265bis sections 5.1.3 and 5.1.4.
 */
final class Matching {
    private Matching() {}

    /** Whether a cookie of this domain goes to this host: it is the host, or what the host ends with behind a dot. */
    static boolean domainMatches(String host, String domain) {
        if (host.equals(domain)) {
            return true;
        }
        int dot = host.length() - domain.length() - 1;
        return dot >= 0 && host.charAt(dot) == '.' && host.endsWith(domain) && !isAddress(host);
    }

    /** The domain one label up, {@code example.com} for {@code a.example.com}; empty if there is none. */
    static String parent(String domain) {
        int dot = domain.indexOf('.');
        return dot < 0 ? "" : domain.substring(dot + 1);
    }

    /** Whether a host is an IP address: IPv6, or a name whose last label is a number, which no domain's is. Source: WHATWG URL. */
    static boolean isAddress(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        int end = host.endsWith(".") ? host.length() - 1 : host.length();
        String last = host.substring(host.lastIndexOf('.', end - 1) + 1, end);
        if (last.startsWith("0x")) {
            return last.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0);
        }
        return !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static boolean pathMatches(String requestPath, String cookiePath) {
        if (!requestPath.startsWith(cookiePath)) {
            return false;
        }
        return requestPath.length() == cookiePath.length()
                || cookiePath.endsWith("/")
                || requestPath.charAt(cookiePath.length()) == '/';
    }

    /** The path of a cookie that names none: that of the request without its last segment. */
    static String defaultPath(String requestPath) {
        int slash = requestPath.lastIndexOf('/');
        return slash <= 0 || requestPath.charAt(0) != '/' ? "/" : requestPath.substring(0, slash);
    }
}
