package dev.weft.loop;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Stack traces as their readers want them: without the machinery that parks and starts tasks. */
final class Stacks {
    private static final Set<String> MACHINERY = Set.of(
            "dev.weft.loop.Asyncio",
            "dev.weft.loop.Cleanup",
            "dev.weft.loop.Future",
            "dev.weft.loop.Gather",
            "dev.weft.loop.HandoffCarrier",
            "dev.weft.loop.InlineCarrier",
            "dev.weft.loop.Loop",
            "dev.weft.loop.Task",
            "dev.weft.loop.Waiting",
            "java.lang.System",
            "java.lang.Thread",
            "java.lang.VirtualThread",
            "java.util.concurrent.locks.LockSupport",
            "jdk.internal.vm.Continuation");

    private Stacks() {}

    static List<StackTraceElement> trim(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .filter(frame -> !isMachinery(frame.getClassName()))
                .toList();
    }

    private static boolean isMachinery(String className) {
        int nested = className.indexOf('$');
        return MACHINERY.contains(nested < 0 ? className : className.substring(0, nested));
    }
}
