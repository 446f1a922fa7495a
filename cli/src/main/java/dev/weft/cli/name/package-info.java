/** Where files go: names out of URLs, headers, templates and lists, none of which can lead out of the directory. */
@NullMarked
package dev.weft.cli.name;

import org.jspecify.annotations.NullMarked;
