/** From the settings of a run to what its requests are sent with. */
@NullMarked
package dev.weft.cli.session;

import org.jspecify.annotations.NullMarked;
