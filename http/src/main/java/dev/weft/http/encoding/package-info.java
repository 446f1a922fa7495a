/**
 * Content codings, undone and applied piece by piece: RFC 9110 section 8.4. Pure: bytes in, bytes out. {@code br} and
 * {@code zstd} need libraries that a program may leave out ({@code Library}).
 */
@NullMarked
package dev.weft.http.encoding;

import org.jspecify.annotations.NullMarked;
