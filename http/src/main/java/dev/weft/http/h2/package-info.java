/** HTTP/2 on one connection: RFC 9113. Frames, HPACK and the bookkeeping of windows are Netty's; the connection's life and the policy are here. */
@NullMarked
package dev.weft.http.h2;

import org.jspecify.annotations.NullMarked;
