package dev.weft.loop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a loop's tasks as text: under each task what it waits for, with its stack and, in debug mode, where it was created.
 * Source: {@code python -m asyncio pstree}. Confined to the loop.
 */
final class Dump {
    private static final int FRAMES = 8;

    private final Loop loop;
    private final StringBuilder out = new StringBuilder();
    private final Set<Future<?>> shown = new HashSet<>();

    private Dump(Loop loop) {
        this.loop = loop;
    }

    static String of(Loop loop) {
        Dump dump = new Dump(loop);
        dump.out.append(loop).append(", ").append(loop.metrics()).append('\n');
        roots(loop).forEach(task -> dump.node(task, "", new LinkedHashSet<>()));
        // A cycle has no root.
        loop.tasks.stream().filter(task -> !dump.shown.contains(task)).toList().forEach(task -> {
            if (!dump.shown.contains(task)) {
                dump.node(task, "", new LinkedHashSet<>());
            }
        });
        return dump.out.toString();
    }

    private static List<Task<?>> roots(Loop loop) {
        Set<Future<?>> awaited = new HashSet<>();
        loop.tasks.forEach(task -> collect(task, awaited));
        return loop.tasks.stream().filter(task -> !awaited.contains(task)).toList();
    }

    private static void collect(Future<?> awaiter, Set<Future<?>> awaited) {
        for (Future<?> next : awaiter.dependencies()) {
            if (awaited.add(next) && !(next instanceof Task<?>)) {
                collect(next, awaited);
            }
        }
    }

    private void node(Future<?> future, String indent, Set<Future<?>> path) {
        out.append(indent).append("- ").append(future);
        if (!path.add(future)) {
            out.append(" (a cycle)\n");
            return;
        }
        boolean before = !shown.add(future);
        if (future instanceof Task<?> task) {
            out.append(' ').append(task.state());
            if (task.cancelling() > 0) {
                out.append(", cancelled ").append(task.cancelling()).append(" times");
            }
        }
        out.append(before ? " (shown above)\n" : "\n");
        if (!before) {
            details(future, indent + "    ");
            future.dependencies().forEach(next -> node(next, indent + "  ", path));
        }
        path.remove(future);
    }

    private void details(Future<?> future, String indent) {
        if (future instanceof Task<?> task && task != loop.currentTask()) {
            frames(task.stack(), indent + "at ");
        }
        Throwable origin = future.origin;
        if (origin != null) {
            out.append(indent).append("created\n");
            frames(Stacks.trim(origin.getStackTrace()), indent + "  at ");
        }
    }

    private void frames(List<StackTraceElement> stack, String prefix) {
        stack.stream()
                .limit(FRAMES)
                .forEach(frame -> out.append(prefix).append(frame).append('\n'));
    }

    /**
     * Tasks that wait for each other in a circle, which no event can end.
     *
     * @return the circle in order, each waiting for the next; empty if there is none
     */
    static List<Task<?>> cycle(Set<Task<?>> tasks) {
        Set<Future<?>> clear = new HashSet<>();
        for (Task<?> task : tasks) {
            List<Future<?>> path = new ArrayList<>();
            Future<?> again = search(task, path, new HashSet<>(), clear);
            if (again != null) {
                List<Task<?>> circle = new ArrayList<>();
                path.subList(path.indexOf(again), path.size()).forEach(future -> {
                    if (future instanceof Task<?> member) {
                        circle.add(member);
                    }
                });
                return circle;
            }
        }
        return List.of();
    }

    /** Follows what a future waits for; gives the first future met twice, null if there is none. */
    private static @Nullable Future<?> search(
            Future<?> future, List<Future<?>> path, Set<Future<?>> onPath, Set<Future<?>> clear) {
        path.add(future);
        if (!onPath.add(future)) {
            path.removeLast();
            return future;
        }
        for (Future<?> next : future.dependencies()) {
            Future<?> again = next.isDone() || clear.contains(next) ? null : search(next, path, onPath, clear);
            if (again != null) {
                return again;
            }
        }
        clear.add(future);
        path.removeLast();
        onPath.remove(future);
        return null;
    }
}
