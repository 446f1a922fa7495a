package dev.weft.cli.options;

/** What the value of an option is; {@link Reading} has the code for each. */
public enum Kind {
    /** No value: it is said or not. */
    FLAG,
    /** Any text. */
    TEXT,
    /** A file, or something else that is no path. */
    PLACE,
    /** Like {@link #PLACE}; may be given several times. */
    PLACES,
    /** The path of a file. */
    FILE,
    /** The path of a directory. */
    DIRECTORY,
    /** A number from 1 to 65535. */
    COUNT,
    /** A number from 0 to 65535. */
    NUMBER,
    /** A number from 1, or {@code auto}. */
    AUTO_COUNT,
    /** A number above 0, with a fraction perhaps. */
    FREQUENCY,
    /** Bytes a second, 0 for no limit. */
    RATE,
    /** A time, 0 for no limit. */
    TIME,
    /** A time above 0. */
    SPAN,
    /** Statuses of HTTP. */
    STATUSES,
    /** One of some words. */
    CHOICE,
    /** Something that nobody is to see; may be read from a file. */
    SECRET,
    /** A header field, or a file of them; may be given several times. */
    HEADERS,
    /** An algorithm and a value in hexadecimal. */
    CHECKSUM,
    /** A method of HTTP. */
    METHOD,
    /** The URL of a proxy. */
    PROXY,
    /** What goes past the proxy. */
    NO_PROXY,
    /** Hashes of public keys; may be given several times. */
    PINS,
    /** A host, a port and its addresses; may be given several times. */
    ADDRESSES
}
