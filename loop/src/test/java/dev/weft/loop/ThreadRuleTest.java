package dev.weft.loop;

import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * C023: every entry point called from a thread that does not run the loop either works or fails at once, by a table that must name
 * all public methods.
 */
class ThreadRuleTest {
    private static final Duration LONG = Duration.ofDays(1);
    private static final ContextVar<String> VARIABLE = ContextVar.of("variable");
    private static final List<Class<?>> CLASSES = List.of(
            Loop.class,
            Future.class,
            Task.class,
            Handle.class,
            TimerHandle.class,
            Timeout.class,
            TaskGroup.class,
            ContextVar.class,
            Runner.class,
            FlowItems.class,
            BackgroundLoop.class);

    private final BackgroundLoop background = Loop.start();
    private final Loop loop = background.loop();
    private final SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();

    private final CountDownLatch end = new CountDownLatch(1);

    /** Things of the loop, all in use there. */
    private Future<String> pending;

    private Future<String> done;
    private Task<Void> task;
    private Handle handle;
    private TimerHandle timer;
    private Timeout timeout;
    private TaskGroup group;
    private FlowItems<Integer> items;
    private Runner runner;

    @BeforeEach
    void makeThings() throws Exception {
        CompletableFuture<Runner> other = new CompletableFuture<>();
        Elsewhere.start(() -> {
            try (Runner made = Runner.create()) {
                made.loop();
                other.complete(made);
                Elsewhere.await(end);
            }
        });
        runner = other.get();
        background
                .submit(() -> {
                    pending = loop.createFuture();
                    done = loop.createFuture();
                    done.setResult("done");
                    handle = loop.callSoonThreadsafe(() -> {});
                    timer = loop.callLater(LONG, () -> {});
                    items = Flows.iterate(publisher, 1);
                    task = Asyncio.createTask(() -> Asyncio.timeout(LONG, scope -> {
                        timeout = scope;
                        TaskGroup.run(tasks -> {
                            group = tasks;
                            sleep(LONG).await();
                        });
                        return null;
                    }));
                    sleep(0).await();
                })
                .get();
    }

    @AfterEach
    void close() {
        end.countDown();
        background.close();
        publisher.close();
    }

    /** What a method does on a thread that is not the loop's. */
    private record Rule(boolean safe, Action<?> call) {}

    private final Map<String, Rule> rules = new LinkedHashMap<>();

    private void safe(String method, Action<?> call) {
        rules.put(method, new Rule(true, call));
    }

    private void fails(String method, Action<?> call) {
        rules.put(method, new Rule(false, call));
    }

    private Map<String, Rule> rules() {
        fails("Loop.callSoon", () -> loop.callSoon(() -> {}));
        safe("Loop.callSoonThreadsafe", () -> loop.callSoonThreadsafe(() -> {}));
        fails("Loop.callLater", () -> loop.callLater(LONG, () -> {}));
        fails("Loop.callAt", () -> loop.callAt(LONG, () -> {}));
        safe("Loop.time", loop::time);
        safe("Loop.nanoTime", loop::nanoTime);
        safe("Loop.createFuture", loop::createFuture);
        fails("Loop.createTask", () -> loop.createTask(() -> 1));
        safe("Loop.submit", () -> loop.submit(() -> 1));
        fails("Loop.runInExecutor", () -> loop.runInExecutor(null, () -> 1));
        safe("Loop.start", () -> Loop.start().close());
        safe("Loop.poller", loop::poller);
        fails("Loop.metrics", loop::metrics);
        fails("Loop.dump", loop::dump);
        fails("Loop.setExceptionHandler", () -> loop.setExceptionHandler(error -> {}));
        fails("Loop.callAtClose", () -> loop.callAtClose(() -> {}));
        fails("Loop.removeAtClose", () -> loop.removeAtClose(() -> {}));
        safe("Loop.isDebug", loop::isDebug);
        safe("Loop.isRecorded", loop::isRecorded);
        safe("Loop.callExceptionHandler", () -> loop.callExceptionHandler(new LoopError("a test's", null, null)));
        futureRules();
        scopeRules();
        safe("ContextVar.of", () -> ContextVar.of("x"));
        safe("ContextVar.withInitial", () -> ContextVar.withInitial("x", 1));
        safe("ContextVar.get", VARIABLE::get);
        fails("ContextVar.set", () -> VARIABLE.set("x"));
        safe("Runner.create", Runner::create);
        safe("Runner.builder", Runner::builder);
        fails("Runner.run", () -> runner.run(() -> 1));
        safe("Runner.loop", runner::loop);
        fails("Runner.close", runner::close);
        fails("FlowItems.iterator", () -> items.iterator().hasNext());
        fails("FlowItems.close", items::close);
        safe("BackgroundLoop.loop", background::loop);
        safe("BackgroundLoop.submit", () -> background.submit(() -> 1));
        safe("BackgroundLoop.close", background::close);
        return rules;
    }

    private void futureRules() {
        safe("Future.loop", pending::loop);
        safe("Future.isDone", pending::isDone);
        safe("Future.isCancelled", pending::isCancelled);
        safe("Future.result", done::result);
        safe("Future.exception", done::exception);
        safe("Future.setResult", () -> pending.setResult("x"));
        safe("Future.setException", () -> {
            pending.setException(new IllegalArgumentException("a test's"));
            pending.exception();
        });
        safe("Future.cancel", pending::cancel);
        safe("Future.addDoneCallback", () -> pending.addDoneCallback(future -> {}));
        fails("Future.removeDoneCallback", () -> pending.removeDoneCallback(future -> {}));
        safe("Future.await", done::await);
        safe("Future.toCompletableFuture", pending::toCompletableFuture);
        safe("Task.name", task::name);
        safe("Task.setName", () -> task.setName("x"));
        safe("Task.state", task::state);
        fails("Task.join", () -> task.join().await());
        safe("Task.cancelling", task::cancelling);
        fails("Task.uncancel", task::uncancel);
        fails("Task.stack", task::stack);
        safe("Task.setResult", () -> assertThrows(UnsupportedOperationException.class, () -> task.setResult(null)));
        safe(
                "Task.setException",
                () -> assertThrows(
                        UnsupportedOperationException.class, () -> task.setException(new IllegalStateException())));
        safe("Handle.cancel", handle::cancel);
        safe("Handle.isCancelled", handle::isCancelled);
        safe("TimerHandle.cancel", timer::cancel);
        safe("TimerHandle.when", timer::when);
    }

    private void scopeRules() {
        safe("Timeout.when", timeout::when);
        safe("Timeout.expired", timeout::expired);
        fails("Timeout.reschedule", () -> timeout.reschedule(Duration.ZERO));
        fails("TaskGroup.run", () -> TaskGroup.run(tasks -> {}));
        fails("TaskGroup.call", () -> TaskGroup.call(tasks -> 1));
        fails("TaskGroup.createTask", () -> group.createTask(() -> 1));
        fails("TaskGroup.cancel", group::cancel);
    }

    @Test
    void c023_theTableNamesEveryPublicMethod() {
        TreeSet<String> all = new TreeSet<>();
        for (Class<?> type : CLASSES) {
            Stream<Member> members = Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> !method.isSynthetic())
                    .map(method -> method);
            members.filter(member -> Modifier.isPublic(member.getModifiers()))
                    .filter(member -> !member.getName().equals("toString"))
                    .forEach(member -> all.add(type.getSimpleName() + "." + member.getName()));
        }
        assertEquals(all, new TreeSet<>(rules().keySet()));
    }

    @TestFactory
    Stream<DynamicTest> c023_everyEntryPointWorksOrFailsAtOnce() {
        return List.copyOf(rules().keySet()).stream().map(rule -> dynamicTest(rule, () -> check(rule)));
    }

    private void check(String method) throws Exception {
        makeThings();
        Rule fresh = rules().get(method);
        if (fresh.safe()) {
            assertDoesNotThrow(fresh.call()::run);
        } else {
            IllegalStateException error = assertThrows(IllegalStateException.class, fresh.call()::run);
            String message = String.valueOf(error.getMessage());
            assertTrue(
                    message.contains(Thread.currentThread().getName()), () -> "does not name the thread: " + message);
        }
    }

    @Test
    void c023_aRefusedCallChangesNothing() throws Exception {
        Duration when = timeout.when();
        assertThrows(IllegalStateException.class, () -> timeout.reschedule(Duration.ZERO));
        assertEquals(when, timeout.when());
        assertEquals(
                2,
                background.submit(() -> loop.metrics().timers() - 1).get(),
                "the scope's timer and the sleep's, and one of the fixture");
        assertThrows(IllegalStateException.class, () -> runner.run(() -> 1));
        assertThrows(IllegalStateException.class, runner::close);
        assertTrue(runner.loop() != null, "the refused close has not closed it");
    }

    @Test
    void c023_cancellingATaskFromAnotherThreadReachesIt() {
        assertTrue(task.cancel("from outside"));
        CancelledError error = assertThrows(CancelledError.class, task::await);
        assertEquals("from outside", error.reason().message());
    }

    @Test
    void c023_theExceptionHandlerRunsOnTheLoop() throws Exception {
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        background
                .submit(() -> loop.setExceptionHandler(error -> onLoop.complete(loop.isActive())))
                .get();
        loop.callExceptionHandler(new LoopError("from another thread", null, null));
        assertTrue(onLoop.get());
    }
}
