/** Words for people: sizes and times, and texts from outside made fit to be shown. A leaf. */
@NullMarked
package dev.weft.cli.text;

import org.jspecify.annotations.NullMarked;
