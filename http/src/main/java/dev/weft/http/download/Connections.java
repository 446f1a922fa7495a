package dev.weft.http.download;

import java.util.HashMap;
import java.util.Map;

/** How many connections the downloads of a downloader have to each host. Confined to the loop. */
final class Connections {
    private final int mostPerHost;
    private final Map<String, Integer> byHost = new HashMap<>();

    Connections(int mostPerHost) {
        this.mostPerHost = mostPerHost;
    }

    /** Whether one more is welcome there. The first one of a download always is: the session's limits hold for it. */
    boolean mayEnter(String host) {
        return byHost.getOrDefault(host, 0) < mostPerHost;
    }

    void enter(String host) {
        byHost.merge(host, 1, Integer::sum);
    }

    void leave(String host) {
        byHost.computeIfPresent(host, (name, count) -> count == 1 ? null : count - 1);
    }
}
