/** The {@code fetch} command: options, wiring, exit codes. */
@NullMarked
package dev.weft.cli;

import org.jspecify.annotations.NullMarked;
