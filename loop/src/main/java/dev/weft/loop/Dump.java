package dev.weft.loop;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The tree of a loop's tasks as text: under each task what it waits for, with its stack and, in debug mode, where it was created.
 * Source: {@code python -m asyncio pstree}. Confined to the loop.
 */
final class Dump {
    private static final int FRAMES = 8;
    /** Deeper trees go on further below: their text would grow with the square of their depth. */
    private static final int DEPTH = 40;

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
        if (path.size() > DEPTH) {
            out.append(" (goes on below)\n");
            shown.remove(future);
            path.remove(future);
            return;
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
}
