package dev.weft.http.message;

/** Marks failures with which no byte of the request was sent: whatever its method, it may be sent again. */
public interface BeforeSendFailure {}
