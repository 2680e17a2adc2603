package io.qbc.projection.query;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.projection.query.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the tokens of a query, in the part of SQL's spelling that all databases read alike: what they might read
 * differently, like comments and other ways to quote, is refused.
 */
final class SqlLexer {
    /** The operators of more than one character. */
    private static final List<String> LONG =
            List.of("->>", "#>>", "::", "<>", "<=", ">=", "!=", "||", "->", "#>", "@>", "<@");

    private static final String SINGLE = "()[],.;+-*/%<>=:";

    private final String sql;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int at;

    private SqlLexer(String sql) {
        this.sql = sql;
    }

    static List<SqlToken> read(String sql) {
        SqlLexer lexer = new SqlLexer(sql);
        while (lexer.at < sql.length()) {
            lexer.next();
        }
        return lexer.tokens;
    }

    static Failure invalid(String detail) {
        return new Failure(Reason.QUERY_INVALID, detail);
    }

    private void next() {
        char c = sql.charAt(at);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            at++;
        } else if (isLetter(c)) {
            word();
        } else if (isDigit(c) || (c == '.' && at + 1 < sql.length() && isDigit(sql.charAt(at + 1)))) {
            number();
        } else if (c == '\'') {
            tokens.add(new SqlToken(Kind.TEXT, quoted('\''), at));
        } else if (c == '"') {
            tokens.add(new SqlToken(Kind.QUOTED, quoted('"'), at));
        } else if (c == '?') {
            parameter();
        } else {
            symbol();
        }
    }

    private void word() {
        int begin = at;
        while (at < sql.length() && (isLetter(sql.charAt(at)) || isDigit(sql.charAt(at)))) {
            at++;
        }
        String text = sql.substring(begin, at);
        if (at < sql.length()) {
            char after = sql.charAt(at);
            boolean hexadecimal = after == '\'' && text.equalsIgnoreCase("x");
            if (after == '$' || after == '&' || after == '"' || (after == '\'' && !hexadecimal)) {
                throw invalid("a space is needed after " + text);
            }
        }
        tokens.add(new SqlToken(Kind.WORD, text, begin));
    }

    private void number() {
        int begin = at;
        digits();
        if (at < sql.length() && sql.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < sql.length() && (sql.charAt(at) == 'e' || sql.charAt(at) == 'E')) {
            at++;
            if (at < sql.length() && (sql.charAt(at) == '+' || sql.charAt(at) == '-')) {
                at++;
            }
            int exponent = at;
            digits();
            if (at == exponent || at - exponent > 3) {
                throw invalid("a number's exponent has one to three digits");
            }
        }
        if (at < sql.length() && (isLetter(sql.charAt(at)) || at - begin > 100)) {
            throw invalid("a number has up to 100 digits, and no letters behind them");
        }
        tokens.add(new SqlToken(Kind.NUMBER, sql.substring(begin, at), begin));
    }

    private void digits() {
        while (at < sql.length() && isDigit(sql.charAt(at))) {
            at++;
        }
    }

    /** What stands between quotes, two of which inside stand for one. */
    private String quoted(char quote) {
        StringBuilder text = new StringBuilder();
        for (at++; at < sql.length(); at++) {
            char c = sql.charAt(at);
            if (c == 0) {
                break;
            }
            if (c == quote) {
                if (at + 1 == sql.length() || sql.charAt(at + 1) != quote) {
                    at++;
                    return text.toString();
                }
                at++;
            }
            text.append(c);
        }
        throw invalid("a quote is not closed, or has a character of code 0 behind it");
    }

    private void parameter() {
        if (at + 1 < sql.length() && "?&|0123456789".indexOf(sql.charAt(at + 1)) >= 0) {
            throw invalid("parameters are written ? and taken in their order");
        }
        tokens.add(new SqlToken(Kind.PARAMETER, "?", at));
        at++;
    }

    private void symbol() {
        if (sql.startsWith("--", at) || sql.startsWith("/*", at) || sql.startsWith("//", at)) {
            throw invalid("comments are not taken");
        }
        for (String operator : LONG) {
            if (sql.startsWith(operator, at)) {
                tokens.add(new SqlToken(Kind.SYMBOL, operator, at));
                at += operator.length();
                return;
            }
        }
        char c = sql.charAt(at);
        if (SINGLE.indexOf(c) < 0) {
            String shown = c > ' ' && c < 0x7f ? String.valueOf(c) : "the character of code " + (int) c;
            throw invalid(shown + " stands where it is not taken");
        }
        tokens.add(new SqlToken(Kind.SYMBOL, String.valueOf(c), at));
        at++;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
