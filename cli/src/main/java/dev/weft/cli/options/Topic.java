package dev.weft.cli.options;

import java.util.Locale;

/** The groups that the options stand in, in the order of the help. */
public enum Topic {
    /** Which URLs. */
    INPUT("Input"),
    /** Which files. */
    OUTPUT("Output"),
    /** How many at once, how fast. */
    SPEED("Speed"),
    /** What is done when something goes wrong, and what must hold. */
    TROUBLE("Trouble"),
    /** What the server is sent. */
    REQUEST("Request"),
    /** Whom to trust, and the way there. */
    NETWORK("TLS & network"),
    /** What is told. */
    REPORT("Report");

    private final String heading;

    Topic(String heading) {
        this.heading = heading;
    }

    /** Its heading. */
    public String heading() {
        return heading;
    }

    /** As {@code --help} takes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
