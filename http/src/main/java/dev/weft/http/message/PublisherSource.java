package dev.weft.http.message;

import dev.weft.loop.FlowItems;
import dev.weft.loop.Flows;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** What a publisher gives on its way out. Subscribes with the first read. Confined to the loop. */
final class PublisherSource implements BodySource {
    private final Flow.Publisher<? extends ByteBuffer> publisher;
    private @Nullable FlowItems<ByteBuffer> items;
    private @Nullable Iterator<ByteBuffer> iterator;
    private boolean closed;

    PublisherSource(Flow.Publisher<? extends ByteBuffer> publisher) {
        this.publisher = publisher;
    }

    @Override
    public @Nullable ByteBuffer read() {
        if (closed) {
            throw new IllegalStateException("the body is closed");
        }
        Iterator<ByteBuffer> running = iterator;
        if (running == null) {
            items = Flows.iterate(publisher, 1);
            running = items.iterator();
            iterator = running;
        }
        while (running.hasNext()) {
            ByteBuffer piece = running.next();
            if (piece.hasRemaining()) {
                return piece;
            }
        }
        return null;
    }

    @Override
    public void close() {
        closed = true;
        if (items != null) {
            items.close();
        }
    }
}
