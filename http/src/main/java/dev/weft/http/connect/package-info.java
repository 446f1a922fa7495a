/**
 * Connections: which one a request gets, how a new one is made, through proxies too, how long an idle one is kept. Of HTTP on the wire it
 * knows CONNECT and nothing else.
 */
@NullMarked
package dev.weft.http.connect;

import org.jspecify.annotations.NullMarked;
