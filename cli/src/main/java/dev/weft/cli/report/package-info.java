/** What a run tells: error lines, the progress view, the summary, JSON lines. */
@NullMarked
package dev.weft.cli.report;

import org.jspecify.annotations.NullMarked;
