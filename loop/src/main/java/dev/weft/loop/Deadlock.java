package dev.weft.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks that no event can free any more, because they wait for each other. A future that waits for nothing may still be
 * completed, by I/O or another thread; and so may whatever waits for it, also among others (the first of several may be enough).
 * What is left is dead. Confined to the loop.
 */
final class Deadlock {
    /** The pending futures that tasks wait for, those of their own and the tasks included, each with those that wait for it. */
    private final Map<Future<?>, List<Future<?>>> waiters = new LinkedHashMap<>();

    private Deadlock(Collection<? extends Task<?>> tasks) {
        ArrayDeque<Future<?>> todo = new ArrayDeque<>();
        tasks.forEach(task -> see(task, todo));
        for (Future<?> next = todo.poll(); next != null; next = todo.poll()) {
            for (Future<?> dependency : next.dependencies()) {
                if (!dependency.isDone()) {
                    see(dependency, todo).add(next);
                }
            }
        }
    }

    /**
     * Tasks that wait for each other in a circle.
     *
     * @return the circle in order, each waiting for the next and the last for the first; empty if there is none
     */
    static List<Task<?>> circle(Collection<? extends Task<?>> tasks) {
        return new Deadlock(tasks).circle();
    }

    private List<Future<?>> see(Future<?> future, ArrayDeque<Future<?>> todo) {
        List<Future<?>> known = waiters.get(future);
        if (known == null) {
            known = new ArrayList<>(1);
            waiters.put(future, known);
            todo.add(future);
        }
        return known;
    }

    private List<Task<?>> circle() {
        removeLive();
        List<Future<?>> path = new ArrayList<>();
        Set<Future<?>> onPath = new HashSet<>();
        Future<?> next = waiters.isEmpty() ? null : waiters.keySet().iterator().next();
        while (next != null && onPath.add(next)) {
            path.add(next);
            next = deadDependency(next);
        }
        List<Task<?>> circle = new ArrayList<>();
        if (next != null) {
            for (Future<?> future : path.subList(path.indexOf(next), path.size())) {
                if (future instanceof Task<?> task) {
                    circle.add(task);
                }
            }
        }
        return circle;
    }

    /** Takes out what may still end: that which waits for nothing pending, and what waits for such. */
    private void removeLive() {
        ArrayDeque<Future<?>> live = new ArrayDeque<>();
        for (Future<?> future : waiters.keySet()) {
            if (future.dependencies().stream().allMatch(Future::isDone)) {
                live.add(future);
            }
        }
        for (Future<?> next = live.poll(); next != null; next = live.poll()) {
            List<Future<?>> freed = waiters.remove(next);
            if (freed != null) {
                live.addAll(freed);
            }
        }
    }

    private @Nullable Future<?> deadDependency(Future<?> future) {
        Set<Future<?>> dead = waiters.keySet();
        for (Future<?> dependency : future.dependencies()) {
            if (dead.contains(dependency)) {
                return dependency;
            }
        }
        return null;
    }
}
