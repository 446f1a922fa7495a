package dev.weft.loop;

import java.util.List;

/** The failure that tests throw, told apart by its message. */
final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1;

    Boom(String message) {
        super(message);
    }

    /** Throws one; for lambdas. */
    static void now(String message) {
        throw new Boom(message);
    }

    /** Throws one after a time. */
    static void after(double seconds, String message) {
        Asyncio.sleep(seconds).await();
        throw new Boom(message);
    }

    /** The messages of a group's errors; a group in it in brackets. */
    static List<String> messages(TaskGroupException group) {
        return group.errors().stream().map(Boom::message).toList();
    }

    private static String message(Throwable error) {
        return error instanceof TaskGroupException group
                ? messages(group).toString()
                : error instanceof Boom ? error.getMessage() : error.toString();
    }
}
