/** HTTP/1.1 on one connection: RFC 9112. */
@NullMarked
package dev.weft.http.h1;

import org.jspecify.annotations.NullMarked;
