package dev.weft.http.middleware;

/** How unlike two texts are. Pure. Source: Levenshtein's distance, by rows. */
final class EditDistance {
    /** Of longer texts only the beginning counts. */
    private static final int COMPARED = 500;

    private EditDistance() {}

    static int between(String first, String second) {
        String a = first.substring(0, Math.min(COMPARED, first.length()));
        String b = second.substring(0, Math.min(COMPARED, second.length()));
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[b.length()];
    }
}
