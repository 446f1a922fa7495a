/** What may be said to fetch, on its command line and in its config file: one table of options, and the settings it leads to. */
@NullMarked
package dev.weft.cli.options;

import org.jspecify.annotations.NullMarked;
