/** What is to be fetched: command lines with their patterns, lists, and the list of what failed. Knows nothing of files and networks. */
@NullMarked
package dev.weft.cli.input;

import org.jspecify.annotations.NullMarked;
