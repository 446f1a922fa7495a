package dev.weft.loop.net;

/** What a server does with a connection: a coroutine. Source: the {@code client_connected_cb} of {@code asyncio.start_server}. */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Serves one connection, in a task of its own. It should close it; a connection that is handed on instead stays open when this
     * returns.
     *
     * @throws Exception if serving fails: that is told to the loop's exception handler, and the connection is closed
     */
    void handle(Connection connection) throws Exception;
}
