/** Connections: which one a request gets, how a new one is made, how long an idle one is kept. Knows nothing of HTTP messages on the wire. */
@NullMarked
package dev.weft.http.connect;

import org.jspecify.annotations.NullMarked;
