package dev.weft.loop;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjIntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for SIGINT and SIGTERM while it is open: the first calls back, on a thread of the JVM's; the second has its usual effect
 * at once. Handlers that somebody else installed are left alone, as is everything where the JVM has no signals.
 *
 * <p>{@code sun.misc.Signal} is used by reflection: it is the JDK's only way to signals, supported (module jdk.unsupported), but
 * the compiler warns of it in a way that cannot be silenced.
 */
final class Signals implements AutoCloseable {
    private static final List<String> NAMES = List.of("INT", "TERM");

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private final ObjIntConsumer<String> first;
    private final AtomicBoolean came = new AtomicBoolean();
    private final List<Runnable> undo = new ArrayList<>();

    private Signals(ObjIntConsumer<String> first) {
        this.first = first;
    }

    /** Listens; the callback gets the signal's name and number. */
    static Signals listen(ObjIntConsumer<String> first) {
        Signals signals = new Signals(first);
        for (String name : NAMES) {
            try {
                signals.install(name);
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.debug("No handler for SIG{}: the run works without it", name, e);
            }
        }
        return signals;
    }

    private void install(String name) throws ReflectiveOperationException {
        Class<?> signalClass = Class.forName("sun.misc.Signal");
        Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
        Object signal = signalClass.getConstructor(String.class).newInstance(name);
        int number = (int) signalClass.getMethod("getNumber").invoke(signal);
        Object standard = handlerClass.getField("SIG_DFL").get(null);
        InvocationHandler onSignal = (proxy, method, args) -> switch (method.getName()) {
            case "handle" -> {
                handle(name, number, signalClass, signal);
                yield null;
            }
            case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(args[0]);
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "weft's handler of SIG" + name;
        };
        Object ours = Proxy.newProxyInstance(handlerClass.getClassLoader(), new Class<?>[] {handlerClass}, onSignal);
        var handle = signalClass.getMethod("handle", signalClass, handlerClass);
        Object before = handle.invoke(null, signal, ours);
        Runnable restore = () -> {
            try {
                handle.invoke(null, signal, before);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot restore the handler of SIG" + name, e);
            }
        };
        if (isStandard(before, standard)) {
            undo.add(restore);
        } else {
            restore.run();
        }
    }

    /** The JVM's own handler, which ends it, or the system's; not one of the program's, nor that the signal is ignored. */
    private static boolean isStandard(Object handler, Object standard) {
        return handler.equals(standard) || handler.getClass().getName().equals("sun.misc.Signal$SunMiscHandler");
    }

    private void handle(String name, int number, Class<?> signalClass, Object signal)
            throws ReflectiveOperationException {
        if (came.compareAndSet(false, true)) {
            first.accept(name, number);
        } else {
            close();
            signalClass.getMethod("raise", signalClass).invoke(null, signal);
        }
    }

    /** Puts the handlers of before back. */
    @Override
    public synchronized void close() {
        undo.forEach(Runnable::run);
        undo.clear();
    }
}
