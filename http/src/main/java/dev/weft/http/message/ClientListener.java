package dev.weft.http.message;

/** Is told of everything that happens to a request. */
public interface ClientListener {}
