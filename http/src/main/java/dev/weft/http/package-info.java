/** aiohttp's client for Java: a {@link dev.weft.http.ClientSession} sends requests for the tasks of a loop. */
@NullMarked
package dev.weft.http;

import org.jspecify.annotations.NullMarked;
