/** Downloads: which URLs, under which names, into which files. Knows nothing of terminals. */
@NullMarked
package dev.weft.cli.download;

import org.jspecify.annotations.NullMarked;
