/** The life of a WebSocket on a channel: the handshake's rules, frames, messages, compression, heartbeat, close. */
@NullMarked
package dev.weft.http.websocket.frame;

import org.jspecify.annotations.NullMarked;
