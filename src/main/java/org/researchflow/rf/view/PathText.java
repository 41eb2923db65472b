package org.researchflow.rf.view;

/**
 * A FHIRPath expression as it stands in a file.
 *
 * @param text the decoded text
 * @param source the file
 * @param offset where the JSON string that holds it begins, at its opening quote
 */
public record PathText(String text, SourceText source, int offset) {

    /** The place in the file of an offset in the decoded text: a JSON escape is one character of it. */
    public Place place(int position) {
        String raw = source.text();
        int at = offset + 1;
        for (int i = 0; i < position && at < raw.length(); i++) {
            if (raw.charAt(at) != '\\') {
                at++;
            } else {
                at += at + 1 < raw.length() && raw.charAt(at + 1) == 'u' ? 6 : 2;
            }
        }
        return source.place(at);
    }
}
