package io.weir.tiered.shape;

/// Which characters of a string a program writes as escapes. What JSON demands (quote, backslash, control
/// characters; `\b \f \n \r \t` short, the others as `\u001f`) every style has.
@SuppressWarnings("ImmutableEnumChecker") // the tables are never written again
enum EscapeStyle {
    MINIMAL(false, "", false),
    /// Everything beyond ASCII as `\u00e9`, in surrogate pairs where needed.
    ASCII(true, "", false),
    /// `<`, `>`, `&`, U+2028 and U+2029 too, as Go writes it.
    HTML(false, "<>&", false),
    /// `<`, `>`, `&`, `=`, `'`, U+2028 and U+2029 too, as Gson writes it.
    HTML_WIDE(false, "<>&='", false),
    /// As the first, with capital hex digits.
    MINIMAL_CAPITAL(false, "", true),
    ASCII_CAPITAL(true, "", true);

    private static final EscapeStyle[] ALL = values();

    /// Everything beyond ASCII is escaped.
    final boolean ascii;

    /// U+2028 and U+2029 are escaped.
    final boolean lines;

    final byte[] hex;

    /// By ASCII character: 0 = as it is, `u` = by number, else the letter behind the backslash.
    final byte[] escapes = new byte[128];

    EscapeStyle(boolean ascii, String also, boolean capital) {
        this.ascii = ascii;
        this.lines = !also.isEmpty();
        this.hex = ascii(capital ? "0123456789ABCDEF" : "0123456789abcdef");
        for (int c = 0; c < ' '; c++) {
            escapes[c] = 'u';
        }
        for (int i = 0; i < also.length(); i++) {
            escapes[also.charAt(i)] = 'u';
        }
        escapes['\b'] = 'b';
        escapes['\f'] = 'f';
        escapes['\n'] = 'n';
        escapes['\r'] = 'r';
        escapes['\t'] = 't';
        escapes['"'] = '"';
        escapes['\\'] = '\\';
    }

    private static byte[] ascii(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }

    static EscapeStyle of(int code) {
        return ALL[code];
    }

    static int count() {
        return ALL.length;
    }
}
