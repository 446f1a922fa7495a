/** JUnit 5 on the loop. Needs {@code junit-jupiter-api}, which users of JUnit have. */
@NullMarked
package dev.weft.loop.testing.junit;

import org.jspecify.annotations.NullMarked;
