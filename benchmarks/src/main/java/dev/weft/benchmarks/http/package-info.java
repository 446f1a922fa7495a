/** HTTP clients side by side: each in a process of its own, driven by http.py. */
@NullMarked
package dev.weft.benchmarks.http;

import org.jspecify.annotations.NullMarked;
