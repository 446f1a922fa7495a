package dev.weft.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The loop's own thread runs its tasks' virtual threads: each has its coroutine as its scheduler. Needs {@code java.lang}
 * opened, for the builder of virtual threads that takes a scheduler is not public.
 */
final class InlineCarrier implements Carrier {
    private static final @Nullable Internals INTERNALS = Internals.find();

    private final Thread loopThread = Thread.currentThread();
    private final Internals internals;

    InlineCarrier() {
        if (INTERNALS == null) {
            throw new UnsupportedOperationException(
                    "the inline carrier needs the JVM flag --add-opens java.base/java.lang=ALL-UNNAMED");
        }
        internals = INTERNALS;
    }

    static boolean isOpen() {
        return INTERNALS != null;
    }

    @Override
    public Kind kind() {
        return Kind.INLINE;
    }

    @Override
    public Coroutine coroutine(String name, Runnable body) {
        return new Scheduled(name, body);
    }

    @Override
    public void run(Batch batch) {
        batch.run();
    }

    @Override
    public boolean isElsewhere() {
        return false;
    }

    @Override
    public void close() {}

    /** A virtual thread's scheduler that keeps its continuation for {@link #resume()} to run on the loop's thread. */
    private final class Scheduled implements Coroutine, Executor {
        private final Thread thread;
        /** Touched on the loop's thread only: it runs the body too. Published, with all that body and loop share, by {@link #due}. */
        private boolean bodyHasIt;

        private boolean started;
        /** The thread's continuation: what it hands to its scheduler each time it may go on. */
        private @Nullable Runnable continuation;
        /** The continuation when it is due, null while it runs or waits. */
        private final AtomicReference<@Nullable Runnable> due = new AtomicReference<>();

        Scheduled(String name, Runnable body) {
            thread = internals
                    .builder(this)
                    .name(name)
                    .inheritInheritableThreadLocals(false)
                    .unstarted(() -> {
                        try {
                            body.run();
                        } finally {
                            bodyHasIt = false;
                        }
                    });
        }

        @Override
        public Thread thread() {
            return thread;
        }

        /** Called by the JDK, on any thread, when the virtual thread may run. */
        @Override
        @SuppressWarnings("ReferenceEquality") // a thread has one continuation object
        public void execute(Runnable task) {
            if (continuation == null) {
                continuation = task;
            } else if (continuation != task) {
                // A virtual thread that the body started inherits its scheduler; it is not ours to run.
                internals.defaultScheduler().execute(task);
                return;
            }
            due.set(task);
            if (Thread.currentThread() != loopThread) {
                LockSupport.unpark(loopThread);
            }
        }

        @Override
        public void resume() {
            bodyHasIt = true;
            if (started) {
                LockSupport.unpark(thread);
            } else {
                started = true;
                thread.start();
            }
            do {
                runWhenDue();
            } while (bodyHasIt);
        }

        private void runWhenDue() {
            Runnable next = due.get();
            boolean interrupted = false;
            while (next == null) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
                next = due.get();
            }
            if (interrupted) {
                loopThread.interrupt();
            }
            // The thread is not due again before it has run.
            due.lazySet(null);
            next.run();
        }

        @Override
        public void suspend() {
            bodyHasIt = false;
            boolean interrupted = false;
            while (!bodyHasIt) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What is not public in the JDK. */
    private record Internals(MethodHandle newBuilder, Executor defaultScheduler) {
        static @Nullable Internals find() {
            if (!Object.class.getModule().isOpen("java.lang", InlineCarrier.class.getModule())) {
                return null;
            }
            try {
                var lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
                Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
                MethodHandle newBuilder = lookup.findConstructor(
                                builder, MethodType.methodType(void.class, Executor.class))
                        .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
                Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
                MethodHandle scheduler =
                        lookup.findStatic(virtualThread, "defaultScheduler", MethodType.methodType(Executor.class));
                return new Internals(newBuilder, (Executor) scheduler.invoke());
            } catch (Throwable e) {
                // Another JDK may be built otherwise: the other carrier works on every one.
                return null;
            }
        }

        Thread.Builder.OfVirtual builder(Executor scheduler) {
            try {
                return (Thread.Builder.OfVirtual) newBuilder.invokeExact(scheduler);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot build a virtual thread on the loop's thread", e);
            }
        }
    }
}
