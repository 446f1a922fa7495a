package dev.weft.loop;

/**
 * The process was asked to stop while a {@link Runner} ran: what {@code run} throws when its main task ended by the cancellation
 * that SIGINT or SIGTERM caused. Source: Python's {@code KeyboardInterrupt}.
 */
public final class SignalInterrupt extends Error {
    private static final long serialVersionUID = 1;

    private final String signal;
    private final int number;

    SignalInterrupt(String signal, int number, CancelledError cause) {
        super("interrupted by SIG" + signal, cause);
        this.signal = signal;
        this.number = number;
    }

    /** Its name without SIG: {@code INT} or {@code TERM}. */
    public String signal() {
        return signal;
    }

    /** What a shell expects of a process that ended by it: 128 and the signal's number. */
    public int exitCode() {
        return 128 + number;
    }
}
