package dev.weft.cli.download;

/**
 * Why a URL did not become a file.
 *
 * @param kind the sort of failure; its {@link Kind#label} is what scripts see
 * @param what in a few words without the URL, as "404 Not Found": equal failures have equal words, so that they can be counted
 * @param detail what and why in one line, without the URL
 */
public record Failure(Kind kind, String what, String detail) {
    /** Sorts of failure. */
    public enum Kind {
        /** The text is no URL that can be fetched. */
        URL("url"),
        /** The server answered with another status than 2xx. */
        STATUS("status"),
        /** The host's name has no address. */
        DNS("dns"),
        /** No connection came about. */
        CONNECT("connect"),
        /** TLS failed, or the certificate is not to be trusted. */
        TLS("tls"),
        /** It took too long. */
        TIMEOUT("timeout"),
        /** The connection broke, or the answer was malformed or not whole. */
        TRANSFER("transfer"),
        /** The local disk, or the permission to use it. */
        DISK("disk"),
        /** The run was stopped first. */
        CANCELLED("cancelled"),
        /** A defect of this program. */
        INTERNAL("internal");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The name in JSON lines; never changes. */
        public String label() {
            return label;
        }
    }
}
