package dev.weft.http;

import dev.weft.http.h2.H2Server;
import dev.weft.http.message.HttpVersion;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of {@link LittleHeapTest}: so many tasks, each with its own GET, through one session with 100 connections; three times. The arguments are the
 * URL, the version and the number of tasks.
 */
final class ManyTasks {
    private ManyTasks() {}

    public static void main(String[] args) {
        int tasks = Integer.parseInt(args[2]);
        Asyncio.run(() -> {
            try (ClientSession session = H2Server.client()
                    .version(HttpVersion.valueOf(args[1]))
                    .connector(Connector.builder().limit(100).build())
                    .build()) {
                long bytes = 0;
                for (int i = 0; i < 3; i++) {
                    // One object is one task to gather, however often it is there.
                    List<Awaitable<byte[], RuntimeException>> all = new ArrayList<>();
                    for (int j = 0; j < tasks; j++) {
                        all.add(() -> session.get(args[0]).bytes().await());
                    }
                    for (byte[] body : Asyncio.gather(all).await()) {
                        bytes += body.length;
                    }
                }
                System.out.println("read " + bytes + " bytes");
            }
        });
    }
}
