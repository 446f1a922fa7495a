/** Middleware for both rings of a session: retries, limits, the cache, recording and replaying. Made of public API alone. */
@NullMarked
package dev.weft.http.middleware;

import org.jspecify.annotations.NullMarked;
