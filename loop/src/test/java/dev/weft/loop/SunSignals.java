package dev.weft.loop;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process's signals through {@code sun.misc.Signal}, for tests. */
final class SunSignals {
    private SunSignals() {}

    private static Object signal(String name) throws ReflectiveOperationException {
        return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    }

    /** Sends this process a signal. */
    static void raise(String name) {
        try {
            Object signal = signal(name);
            signal.getClass().getMethod("raise", signal.getClass()).invoke(null, signal);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Sets a handler, one that {@link #handler} made or this gave before; gives the one of before. */
    static Object handle(String name, Object handler) {
        try {
            Object signal = signal(name);
            return signal.getClass()
                    .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
                    .invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static Object handler(Runnable onSignal) {
        try {
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                if (method.getName().equals("handle")) {
                    onSignal.run();
                    return null;
                }
                return method.getName().equals("equals") ? proxy == args[0] : 1;
            });
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** What handles a signal now. */
    static Object current(String name) {
        Object now = handle(name, handler(() -> {}));
        handle(name, now);
        return now;
    }

    /** Whether the process was started with SIGINT ignored, as shells start what they put in the background. */
    static boolean interruptIsIgnored() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        } catch (IOException e) {
            return false;
        }
    }
}
