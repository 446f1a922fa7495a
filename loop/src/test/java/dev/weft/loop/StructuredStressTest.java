package dev.weft.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random trees of groups, timeouts, races and maps, with failures, slow cleanups and cancellations at random moments. Whatever
 * happens, when a scope is left none of the tasks that ran in it is alive, the requests to cancel its task are those from outside
 * of it, and nothing is left to be reported. The seed is in the test's name.
 */
class StructuredStressTest {
    private static final int SEEDS = 400;
    private static final int DEEPEST = 4;

    @TestFactory
    List<DynamicTest> trees() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed += 20) {
            int first = seed;
            tests.add(DynamicTest.dynamicTest("seeds from " + first, () -> {
                for (int i = first; i < first + 20; i++) {
                    new Tree(i).run();
                }
            }));
        }
        return tests;
    }

    private static final class Tree {
        private final int seed;
        private final Random random;
        private final Set<Node> alive = new HashSet<>();
        private final List<TaskGroup> groups = new ArrayList<>();
        private int budget = 60;
        /** What the root was asked from outside while it ran. */
        private int requests;

        Tree(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        /** Something that runs, and the scope that has to outlive it. */
        private record Node(int number, Node scope) {
            boolean isIn(Node outer) {
                for (Node node = this; node != null; node = node.scope) {
                    if (node == outer) {
                        return true;
                    }
                }
                return false;
            }

            @Override
            public int hashCode() {
                return number;
            }

            @Override
            public boolean equals(Object other) {
                return this == other;
            }
        }

        void run() {
            List<LoopError> reports = new ArrayList<>();
            Virtual.virtually(reports, () -> {
                Task<?> root = Asyncio.createTask(() -> work(node(null), 0));
                for (int i = random.nextInt(4); i > 0; i--) {
                    Asyncio.getRunningLoop().callLater(moment(), () -> requests += root.cancel("from outside") ? 1 : 0);
                }
                Asyncio.wait(List.of(root)).await();
                Throwable ignored = Futures.failure(root);
                assertTrue(ignored == null || isExpected(ignored), () -> "seed " + seed + ": " + ignored);
                assertEquals(Set.of(), alive, () -> "seed " + seed);
                assertEquals(requests, root.cancelling(), () -> "open requests, seed " + seed);
                Virtual.assertNothingLeft();
            });
            assertEquals(List.of(), reports, () -> "seed " + seed);
        }

        private static boolean isExpected(Throwable error) {
            return error instanceof Boom
                    || error instanceof CancelledError
                    || error instanceof TimeoutException
                    || (error instanceof TaskGroupException group
                            && group.errors().stream().allMatch(Tree::isExpected));
        }

        private Node node(Node scope) {
            budget--;
            return new Node(budget, scope);
        }

        /** Few different moments, so that many things happen in the same tick. */
        private Duration moment() {
            return Duration.ofMillis(random.nextInt(8));
        }

        private void work(Node node, int depth) {
            alive.add(node);
            try {
                for (int steps = 1 + random.nextInt(3); steps > 0; steps--) {
                    step(node, depth);
                }
            } finally {
                alive.remove(node);
            }
        }

        private void step(Node node, int depth) {
            if (depth >= DEEPEST || budget <= 0) {
                leaf();
                return;
            }
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> scoped(node, inner -> group(inner, depth));
                case 3, 4 -> scoped(node, inner -> Asyncio.timeout(moment(), () -> work(inner, depth + 1)));
                case 5 -> scoped(node, inner -> race(inner, depth));
                case 6 -> scoped(node, inner -> map(inner, depth));
                default -> leaf();
            }
        }

        private void leaf() {
            switch (random.nextInt(8)) {
                case 0 -> Boom.now("leaf");
                case 1, 2 -> cleaningUp(false);
                case 3 -> cleaningUp(true);
                case 4 -> Asyncio.sleep(0).await();
                case 5 -> cancelAGroup();
                default -> Asyncio.sleep(moment()).await();
            }
        }

        private void cancelAGroup() {
            if (!groups.isEmpty()) {
                groups.get(random.nextInt(groups.size())).cancel();
            }
        }

        private void cleaningUp(boolean failing) {
            try {
                Asyncio.sleep(moment()).await();
            } catch (CancelledError e) {
                Asyncio.sleep(moment()).await();
                if (failing) {
                    throw new Boom("cleanup");
                }
                throw e;
            }
        }

        private interface Body {
            void run(Node scope);
        }

        /** Runs a scope and checks what holds when it is left, in whatever way. */
        private void scoped(Node outer, Body body) {
            Node scope = node(outer);
            Task<?> task = Loop.runningTask("scoped");
            int requestsBefore = task.cancelling();
            try {
                body.run(scope);
            } catch (TaskGroupException | TimeoutException | Boom e) {
                if (random.nextBoolean()) {
                    throw e;
                }
            } finally {
                Supplier<String> where = () -> "seed " + seed + ", scope " + scope.number;
                assertEquals(
                        List.of(),
                        alive.stream().filter(node -> node.isIn(scope)).toList(),
                        () -> "alive in a scope that was left, " + where.get());
                assertTrue(
                        task.cancelling() >= requestsBefore, () -> "took somebody else's request back, " + where.get());
            }
        }

        private void group(Node scope, int depth) {
            TaskGroup.run(group -> {
                groups.add(group);
                for (int i = random.nextInt(4); i > 0; i--) {
                    Task<?> child = group.createTask(() -> work(node(scope), depth + 1));
                    if (random.nextInt(6) == 0) {
                        Asyncio.getRunningLoop().callLater(moment(), () -> child.cancel("child by hand"));
                    }
                }
                if (random.nextBoolean()) {
                    work(node(scope), depth + 1);
                }
            });
        }

        private void race(Node scope, int depth) {
            List<Awaitable<Integer, RuntimeException>> attempts = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                attempts.add(() -> {
                    work(node(scope), depth + 1);
                    return 1;
                });
            }
            Asyncio.staggeredRace(attempts, random.nextBoolean() ? null : moment())
                    .await();
        }

        private void map(Node scope, int depth) {
            List<Integer> input = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                input.add(i);
            }
            try (var map = Asyncio.mapBounded(input, 1 + random.nextInt(3), item -> {
                work(node(scope), depth + 1);
                return item;
            })) {
                for (int ignored : random.nextBoolean() ? map.inOrder() : map) {
                    if (random.nextInt(5) == 0) {
                        break;
                    }
                }
            }
        }
    }
}
