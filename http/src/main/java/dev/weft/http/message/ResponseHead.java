package dev.weft.http.message;

/**
 * What comes before the body.
 *
 * @param status 100 to 999
 * @param reason the phrase behind it, empty if there is none; HTTP/2 has none
 * @param version {@code HTTP/2}, {@code HTTP/1.1} or {@code HTTP/1.0}
 * @param headers the fields in their order, decoded as ISO-8859-1 if they are not UTF-8
 */
public record ResponseHead(int status, String reason, String version, Headers headers) {}
