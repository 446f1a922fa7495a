/**
 * Downloads into files that are never wrong: resumed and verified, in segments where that helps, with a file's last name only once it is
 * whole. On the public API of the client alone.
 */
@NullMarked
package dev.weft.http.download;

import org.jspecify.annotations.NullMarked;
