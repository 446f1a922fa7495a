/**
 * For the modules of Weft: dialing down to Netty's channels, looking names up, TLS on channels, listening. Its functions are
 * coroutines: they run in a task of the loop, and suspend it while they wait.
 */
@NullMarked
package dev.weft.loop.net.channel;

import org.jspecify.annotations.NullMarked;
