/** The loop's I/O: Netty's transports behind one small interface. Knows nothing of futures or tasks. */
@NullMarked
package dev.weft.loop.poll;

import org.jspecify.annotations.NullMarked;
