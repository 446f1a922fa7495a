/** WebSockets, as a client's tasks use them: RFC 6455, and compression by RFC 7692. */
@NullMarked
package dev.weft.http.websocket;

import org.jspecify.annotations.NullMarked;
