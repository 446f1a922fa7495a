package dev.weft.cli.download;

import org.jspecify.annotations.Nullable;

/**
 * Why a URL did not become a file. No text of it has credentials in it.
 *
 * @param kind the sort of failure; its {@link Kind#label} is what scripts see
 * @param what in a few words without the URL, as "404 Not Found": equal failures have equal words, so that they can be counted
 * @param detail what and why in one line, without the URL it was asked for
 * @param hint what to do about it, in one line; null where nothing helps that is not plain
 * @param status of the answer; 0 if there was none
 * @param finalUrl where it failed, after redirects; null if nothing was asked
 */
public record Failure(
        Kind kind,
        String what,
        String detail,
        @Nullable String hint,
        int status,
        @Nullable String finalUrl) {
    /** Without status and hint. */
    public Failure(Kind kind, String what, String detail) {
        this(kind, what, detail, null, 0, null);
    }

    /** Sorts of failure. */
    public enum Kind {
        /** The text is no URL that can be fetched. */
        URL("url"),
        /** The server answered with a status that brings no file. */
        STATUS("status"),
        /** The host's name has no address. */
        DNS("dns"),
        /** No connection came about. */
        CONNECT("connect"),
        /** TLS failed, or the certificate is not to be trusted. */
        TLS("tls"),
        /** The proxy could not be reached, or refused. */
        PROXY("proxy"),
        /** It redirects too often, or to where no request may go. */
        REDIRECT("redirect"),
        /** It took too long. */
        TIMEOUT("timeout"),
        /** The connection broke, or the answer was malformed or not whole. */
        TRANSFER("transfer"),
        /** The bytes are not those that were expected. */
        CHECKSUM("checksum"),
        /** A file of that name is there, and is to stay. */
        EXISTS("exists"),
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
