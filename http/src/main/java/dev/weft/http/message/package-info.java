/** What goes over the wire and comes back: requests, responses, headers, URLs, errors. A leaf: it imports no other package of the client. */
@NullMarked
package dev.weft.http.message;

import org.jspecify.annotations.NullMarked;
