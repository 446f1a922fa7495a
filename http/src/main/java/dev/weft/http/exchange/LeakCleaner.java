package dev.weft.http.exchange;

import java.lang.ref.Cleaner;

/** The one thread that hears of what the garbage collector has found: answers and sessions that nobody has any more. */
public final class LeakCleaner {
    private static final Cleaner CLEANER =
            Cleaner.create(Thread.ofPlatform().name("weft-http-leaks").daemon().factory());

    private LeakCleaner() {}

    /** Runs an action, which must not refer to the object, when nobody has the object any more, or when it is told to. */
    public static Cleaner.Cleanable watch(Object object, Runnable action) {
        return CLEANER.register(object, action);
    }
}
