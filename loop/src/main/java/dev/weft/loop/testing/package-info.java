/** For tests of code that runs on the loop: a clock they control. */
@NullMarked
package dev.weft.loop.testing;

import org.jspecify.annotations.NullMarked;
