/** Content codings, undone piece by piece: RFC 9110 section 8.4. Pure: bytes in, bytes out. */
@NullMarked
package dev.weft.http.encoding;

import org.jspecify.annotations.NullMarked;
