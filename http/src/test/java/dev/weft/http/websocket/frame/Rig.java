package dev.weft.http.websocket.frame;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Provenance;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.websocket.PerMessageDeflate;
import dev.weft.http.websocket.WebSocketClosedException;
import dev.weft.http.websocket.WebSocketException;
import dev.weft.http.websocket.WsMessage;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.testing.Testing;
import dev.weft.loop.testing.VirtualClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket on a channel without a network. */
final class Rig {
    final EmbeddedChannel channel = new EmbeddedChannel();
    final OpenSocket socket;
    int ends;

    Rig(Settings settings) {
        ClientRequest request = ClientRequest.of("GET", HttpUrl.parse("http://host/"));
        ClientResponse response = new ClientResponse(
                request,
                new ResponseHead(101, "", "HTTP/1.1", Headers.empty()),
                BodyReader.of(new byte[0]),
                Provenance.NONE);
        DeflateTerms terms = settings.deflate() == null
                ? null
                : new DeflateTerms(
                        settings.deflate().clientNoContextTakeover(),
                        settings.deflate().serverNoContextTakeover());
        Link link = new Link(channel, () -> {
            ends++;
            channel.close();
        });
        socket = new OpenSocket(link, response, settings, new Handshake.Agreement(null, List.of(), terms));
        channel.pipeline().addLast(socket.handlers());
        socket.begin();
    }

    static Settings settings(PerMessageDeflate deflate, int limit) {
        return new Settings(List.of(), deflate, null, null, Duration.ofSeconds(10), limit, 1 << 18, true, true);
    }

    /** What comes from the network, while it is read. */
    void arrive(byte[] bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes));
        }
    }

    /** From now on the network takes nothing. */
    Stall stall() {
        Stall stall = new Stall();
        channel.pipeline().addFirst(stall);
        return stall;
    }

    /** Lets the channel and all tasks run, until they wait for something. */
    void settle() {
        for (int i = 0; i < 4; i++) {
            channel.runPendingTasks();
            Testing.waitAllTasksBlocked().await();
        }
    }

    /** What was sent and not taken yet. */
    List<Frames.Sent> sent() {
        List<Frames.Sent> all = new ArrayList<>();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            try (ByteBufInputStream in = new ByteBufInputStream(bytes, true)) {
                for (Frames.Sent frame = Frames.read(in); frame != null; frame = Frames.read(in)) {
                    all.add(frame);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return all;
    }

    /** All that is received until nothing more comes, as text. */
    List<String> receiveAll() {
        List<String> received = new ArrayList<>();
        try {
            while (true) {
                received.add(shown(socket.receive().await()));
            }
        } catch (WebSocketClosedException e) {
            received.add("closed " + e.code() + " " + e.closeReason());
        } catch (WebSocketException e) {
            received.add("broken " + e.code());
        }
        return received;
    }

    private static String shown(WsMessage message) {
        return switch (message) {
            case WsMessage.Text(String text) -> "text " + text;
            case WsMessage.Binary(byte[] bytes) -> "binary " + bytes.length;
            case WsMessage.Close(int code, String reason) -> "close " + code + " " + reason;
            case WsMessage other -> other.toString();
        };
    }

    /** What is received, sent and known of the end, when the bytes come in these pieces. */
    static String play(PerMessageDeflate deflate, int limit, List<byte[]> pieces, boolean eof, boolean early) {
        try (Runner runner = Runner.builder().clock(new VirtualClock()).build()) {
            return runner.run(() -> {
                Rig rig = new Rig(settings(deflate, limit));
                List<String> received = new ArrayList<>();
                Task<List<String>> task = early ? Asyncio.createTask(rig::receiveAll) : null;
                rig.settle();
                for (byte[] piece : pieces) {
                    rig.arrive(piece);
                    if (early) {
                        rig.settle();
                    }
                }
                if (eof) {
                    rig.channel.close();
                }
                rig.settle();
                if (task == null) {
                    task = Asyncio.createTask(rig::receiveAll);
                    rig.settle();
                }
                return rig.outcome(task, received);
            });
        }
    }

    private String outcome(Task<List<String>> task, List<String> received) {
        boolean open = !task.isDone();
        List<Frames.Sent> sent = sent();
        String code = "";
        if (open) {
            // It waits for more: what it has is seen when the network goes.
            channel.close();
            settle();
            received.addAll(task.await());
            received.removeLast();
        } else {
            received.addAll(task.await());
            channel.close();
            settle();
            code = "; code " + socket.closeCode().getAsInt();
        }
        if (ends != 1) {
            throw new AssertionError("the connection was given up " + ends + " times");
        }
        channel.finishAndReleaseAll();
        return String.join(", ", received)
                + (sent.isEmpty()
                        ? ""
                        : "; sent "
                                + String.join(
                                        ", ",
                                        sent.stream().map(Object::toString).toList()))
                + code;
    }
}
