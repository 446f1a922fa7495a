/**
 * Streams: {@link dev.weft.loop.net.Streams} opens connections and starts servers over TCP, TLS and Unix sockets; a
 * {@link dev.weft.loop.net.Connection} is read and written with coroutines. Source: {@code asyncio.streams}.
 */
@NullMarked
package dev.weft.loop.net;

import org.jspecify.annotations.NullMarked;
