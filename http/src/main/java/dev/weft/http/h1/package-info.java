/** HTTP/1.1 on one connection, by Netty's codec: RFC 9112. */
@NullMarked
package dev.weft.http.h1;

import org.jspecify.annotations.NullMarked;
