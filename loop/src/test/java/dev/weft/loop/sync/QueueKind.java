package dev.weft.loop.sync;

/** The kinds of queue, for tests of what they share. */
enum QueueKind {
    FIFO,
    LIFO,
    PRIORITY;

    Queue<Integer> queue(int maxSize) {
        return switch (this) {
            case FIFO -> new Queue<>(maxSize);
            case LIFO -> new LifoQueue<>(maxSize);
            case PRIORITY -> PriorityQueue.natural(maxSize);
        };
    }
}
