/**
 * What a connection is made from, for streams and for the HTTP client alike: {@linkplain dev.weft.loop.net.dial.ConnectOptions
 * options}, {@linkplain dev.weft.loop.net.dial.Resolver names}, {@linkplain dev.weft.loop.net.dial.Tls TLS}, and the ways in which
 * making one can fail.
 */
@NullMarked
package dev.weft.loop.net.dial;

import org.jspecify.annotations.NullMarked;
