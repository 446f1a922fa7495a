/** What is printed and packaged about the options: the help, the man page, the completions of shells; all from their table. */
@NullMarked
package dev.weft.cli.help;

import org.jspecify.annotations.NullMarked;
