package io.qbc.projection.query;

import static io.qbc.projection.query.SqlLexer.invalid;

import io.qbc.projection.query.SqlToken.Kind;
import io.qbc.projection.sql.Dialect;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Judges a query before a database sees it: one statement that reads, and calls nothing but functions of a list. The
 * embedded database works in the node's own memory and cannot be stopped amid a row, so that for it what a single
 * value may cost is bounded too: how far texts grow, what is searched in them, how nested an expression is.
 */
final class QueryGuard {
    static final int SQL_CHARS_MAX = 16_384;
    private static final int TOKENS_MAX = 2000;
    private static final int DEPTH_MAX = 50;
    /** Of {@code CASE} in {@code CASE}, and the like, which make no depth of brackets. */
    private static final int CASES_MAX = 100;
    /** How many times as long as the longest value a text may get. */
    private static final long GROWTH_MAX = 64;

    private static final int PATTERN_CHARS_MAX = 256;
    private static final int PRECISION_MAX = 1000;

    private static final Set<String> READS = Set.of("SELECT", "WITH", "VALUES");
    private static final Set<String> WRITES = Set.of(
            "INSERT",
            "UPDATE",
            "DELETE",
            "MERGE",
            "INTO",
            "CALL",
            "EXECUTE",
            "CREATE",
            "ALTER",
            "DROP",
            "TRUNCATE",
            "GRANT",
            "REVOKE",
            "COPY",
            "RUNSCRIPT",
            "LOCK");

    private final List<SqlToken> tokens;
    private final Dialect dialect;
    private final List<Object> parameters;
    private long growth = 1;
    private int depth;
    private int cases;
    private int parameter;

    private QueryGuard(List<SqlToken> tokens, Dialect dialect, List<Object> parameters) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.parameters = parameters;
    }

    /** Refuses what is not certain to read alone; otherwise gives the query without a semicolon behind it. */
    static String check(String sql, Dialect dialect, List<Object> parameters) {
        if (sql.length() > SQL_CHARS_MAX) {
            throw invalid("a query has up to " + SQL_CHARS_MAX + " characters");
        }
        List<SqlToken> tokens = SqlLexer.read(sql);
        String single = sql;
        if (!tokens.isEmpty() && tokens.get(tokens.size() - 1).is(";")) {
            single = sql.substring(0, tokens.get(tokens.size() - 1).at());
            tokens = tokens.subList(0, tokens.size() - 1);
        }
        new QueryGuard(tokens, dialect, parameters).check();
        return single;
    }

    private void check() {
        if (tokens.size() > TOKENS_MAX) {
            throw invalid("a query has up to " + TOKENS_MAX + " words and signs");
        }
        int first = 0;
        while (first < tokens.size() && tokens.get(first).is("(")) {
            first++;
        }
        if (first == tokens.size() || !isOneOf(tokens.get(first), READS)) {
            throw invalid("a query begins with SELECT, WITH or VALUES");
        }
        for (int i = 0; i < tokens.size(); i++) {
            check(i);
        }
        if (depth != 0) {
            throw invalid("a bracket is not closed");
        }
        if (parameter != parameters.size()) {
            throw invalid("the query has " + parameter + " places for parameters, and there are " + parameters.size());
        }
    }

    private void check(int i) {
        SqlToken token = tokens.get(i);
        switch (token.kind()) {
            case WORD -> word(i, token);
            case QUOTED -> quoted(i, token);
            case SYMBOL -> symbol(i, token);
            case PARAMETER -> parameter++;
            default -> {}
        }
    }

    private void quoted(int i, SqlToken token) {
        name(i, token);
        if (at(i + 1).is("(")) {
            throw invalid("a name in quotes is followed by no bracket");
        }
    }

    private void word(int i, SqlToken token) {
        name(i, token);
        if (isOneOf(token, WRITES)) {
            throw invalid("a query does not have " + token.upper() + "; in quotes it is a name");
        }
        boolean locks = token.word("FOR") && isOneOf(at(i + 1), Set.of("UPDATE", "SHARE", "NO", "KEY"));
        if (locks) {
            throw invalid("a query locks nothing");
        }
        if (at(i + 1).is("(") && !introducesName(i)) {
            call(i, token);
        }
        if (token.word("CASE") || token.word("NOT")) {
            cases++;
            bound(cases, CASES_MAX, "CASE and NOT");
        }
        if (dialect == Dialect.H2) {
            embedded(i, token);
        }
    }

    /** Names of the databases' own tables, and of the schema in which the node keeps how far the tables are. */
    private void name(int i, SqlToken token) {
        String lower = token.text().toLowerCase(Locale.ROOT);
        boolean node = lower.equals("qbc") && at(i + 1).is(".");
        if (node || lower.equals("information_schema") || lower.startsWith("pg_")) {
            throw invalid("a query reads the tables of its projection alone, and not " + lower);
        }
    }

    /** Whether a bracket behind this word lists columns: {@code WITH name (column)}, {@code AS name (column)}. */
    private boolean introducesName(int i) {
        SqlToken before = at(i - 1);
        return before.word("WITH") && !tokens.get(i).word("RECURSIVE");
    }

    private void call(int i, SqlToken token) {
        String name = token.upper();
        if (SqlNames.BEFORE_BRACKETS.contains(name) || SqlNames.FUNCTIONS.contains(name)) {
            if (dialect == Dialect.H2 && (name.equals("CONCAT") || name.equals("CONCAT_WS"))) {
                grow(arguments(i + 1));
            }
            return;
        }
        if (SqlNames.TYPES.contains(name)) {
            SqlToken length = at(i + 2);
            boolean bounded = length.kind() == Kind.NUMBER
                    && length.text().length() <= 4
                    && !length.text().contains(".")
                    && Integer.parseInt(length.text()) <= PRECISION_MAX;
            if (!bounded) {
                throw invalid("the length of a type is a number up to " + PRECISION_MAX);
            }
            return;
        }
        if (dialect == Dialect.POSTGRESQL && SqlNames.POSTGRESQL_FUNCTIONS.contains(name)) {
            return;
        }
        if (dialect == Dialect.H2 && name.equals("REPLACE")) {
            replace(i);
            return;
        }
        throw invalid("the function " + token.text().toLowerCase(Locale.ROOT)
                + " is not among those that queries call: " + SqlNames.shown(dialect));
    }

    /** What the embedded database could not be stopped at. */
    private void embedded(int i, SqlToken token) {
        if (token.word("RECURSIVE")) {
            throw invalid("the embedded database takes no recursive queries");
        }
        if (token.word("REGEXP") || token.word("SIMILAR")) {
            throw invalid("the embedded database takes no regular expressions; LIKE 'a%' and LIKE '%a%' search texts");
        }
        if (token.word("LIKE") || token.word("ILIKE")) {
            like(i);
        }
        if (SqlNames.UNBOUNDED_TYPES.contains(token.upper())
                && isCastTo(i)
                && !at(i + 1).is("(")) {
            throw invalid("the type " + token.upper() + " needs a length, like " + token.upper() + "(30)");
        }
    }

    private boolean isCastTo(int i) {
        return at(i - 1).word("AS") || at(i - 1).is("::");
    }

    private void symbol(int i, SqlToken token) {
        if (token.is(";")) {
            throw invalid("one statement is taken at a time");
        }
        boolean opens = token.is("(") || token.is("[");
        boolean closes = token.is(")") || token.is("]");
        depth += opens ? 1 : closes ? -1 : 0;
        if (depth < 0) {
            throw invalid("a bracket closes that was not opened");
        }
        bound(depth, DEPTH_MAX, "brackets in brackets");
        if (dialect == Dialect.H2 && token.is("||")) {
            grow(2);
        }
        if (token.is("(") && (at(i - 1).kind() == Kind.TEXT || at(i - 1).kind() == Kind.NUMBER)) {
            throw invalid("a bracket does not follow a value");
        }
        if (token.is("@>") || token.is("<@") || token.is("#>") || token.is("#>>")) {
            if (dialect == Dialect.H2) {
                throw invalid("the embedded database has no operator " + token.text());
            }
        }
    }

    private void bound(int count, int most, String what) {
        if (count > most) {
            throw invalid("up to " + most + " " + what + " are taken");
        }
    }

    /** A text gets so many times as long; each time once more, as one may be inside another. */
    private void grow(long times) {
        growth *= Math.max(1, times);
        if (growth > GROWTH_MAX) {
            throw invalid(
                    "texts are put together too often for the embedded database: up to 6 times, or 64 texts by one"
                            + " CONCAT");
        }
    }

    /** How many arguments stand in a bracket. */
    private int arguments(int open) {
        int inside = 0;
        int commas = 0;
        for (int i = open; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            inside += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            if (inside == 0) {
                break;
            }
            commas += inside == 1 && token.is(",") ? 1 : 0;
        }
        return commas + 1;
    }

    /** What is replaced, and by what, must be known: {@code REPLACE(value, 'a', 'b')}. */
    private void replace(int i) {
        int inside = 0;
        for (int end = i + 1; end < tokens.size(); end++) {
            inside += tokens.get(end).is("(") ? 1 : tokens.get(end).is(")") ? -1 : 0;
            if (inside == 0) {
                boolean texts = at(end - 1).kind() == Kind.TEXT
                        && at(end - 2).is(",")
                        && at(end - 3).kind() == Kind.TEXT
                        && at(end - 4).is(",")
                        && at(end - 3).text().length() <= PATTERN_CHARS_MAX;
                if (texts) {
                    grow(at(end - 1).text().length());
                    return;
                }
                break;
            }
        }
        throw invalid("REPLACE takes two texts in quotes, the first of up to " + PATTERN_CHARS_MAX + " characters");
    }

    /** A pattern must be known, and quick to search for. */
    private void like(int i) {
        SqlToken pattern = at(i + 1);
        Object text = pattern.kind() == Kind.TEXT
                ? pattern.text()
                : pattern.kind() == Kind.PARAMETER && parameter < parameters.size() ? parameters.get(parameter) : null;
        SqlToken behind = at(i + 2);
        boolean ends = behind.isName()
                || behind.is(")")
                || behind.is(",")
                || behind.text().isEmpty();
        if (!(text instanceof String known) || !ends) {
            throw invalid("LIKE takes a text in quotes, or a parameter that is one");
        }
        if (known.length() > PATTERN_CHARS_MAX || hasInnerWildcard(known)) {
            throw invalid("a pattern of LIKE has up to " + PATTERN_CHARS_MAX
                    + " characters, and % once, or at its beginning and its end");
        }
    }

    private static boolean hasInnerWildcard(String pattern) {
        int first = pattern.indexOf('%');
        int last = pattern.lastIndexOf('%');
        if (first == last) {
            return false;
        }
        return first != 0 || last != pattern.length() - 1 || pattern.indexOf('%', 1) != last;
    }

    private SqlToken at(int i) {
        return i >= 0 && i < tokens.size() ? tokens.get(i) : new SqlToken(Kind.SYMBOL, "", 0);
    }

    private static boolean isOneOf(SqlToken token, Set<String> words) {
        return token.kind() == Kind.WORD && words.contains(token.upper());
    }
}
