/** What one request and its answer are on a connection, whatever the version of HTTP: the seam between the client's behaviour and the protocols. */
@NullMarked
package dev.weft.http.wire;

import org.jspecify.annotations.NullMarked;
