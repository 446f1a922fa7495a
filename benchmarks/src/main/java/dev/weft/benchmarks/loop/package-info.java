/** The loop's figures: JMH benchmarks, a profiler that counts CPU time, and a program that measures memory. */
@NullMarked
package dev.weft.benchmarks.loop;

import org.jspecify.annotations.NullMarked;
