package dev.weft.loop;

/** When {@link Asyncio#wait} returns. Source: asyncio's constants of these names. */
public enum ReturnWhen {
    /** As soon as one is done. */
    FIRST_COMPLETED,
    /** As soon as one has failed; a cancelled one has not failed. Else when all are done. */
    FIRST_EXCEPTION,
    /** When all are done. */
    ALL_COMPLETED
}
