package dev.weft.cli.options;

/**
 * Something that nobody is to see.
 *
 * @param text what it is
 */
public record Secret(String text) {
    @Override
    public String toString() {
        return "***";
    }
}
