/** One request on its way: the connection it holds, its answer, its deadline, its one end. */
@NullMarked
package dev.weft.http.exchange;

import org.jspecify.annotations.NullMarked;
