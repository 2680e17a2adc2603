package io.qbc.http.server;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * The header fields that tell a browser to do nothing with an answer but show it: it guesses no other type, loads and
 * runs nothing, and lets no other page embed it or learn where it came from.
 */
final class SecurityFields {
    private static final String NOTHING =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** The style sheets have their small pictures in addresses of the scheme data, which can neither run nor call. */
    private static final String OWN_FILES =
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    private static final CharSequence TYPE_OPTIONS = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");
    private static final CharSequence REFERRER = HttpHeaders.createOptimized("referrer-policy");
    private static final CharSequence RESOURCE = HttpHeaders.createOptimized("cross-origin-resource-policy");
    private static final CharSequence TRANSPORT = HttpHeaders.createOptimized("strict-transport-security");

    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence DEFAULT_NONE = HttpHeaders.createOptimized(NOTHING);
    private static final CharSequence DEFAULT_SELF = HttpHeaders.createOptimized(OWN_FILES);
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence SAME_ORIGIN = HttpHeaders.createOptimized("same-origin");
    private static final CharSequence ONE_YEAR = HttpHeaders.createOptimized("max-age=31536000");
    private static final CharSequence FETCH_SITE = HttpHeaders.createOptimized("sec-fetch-site");

    private SecurityFields() {}

    /** Sets them on the answer to a request that a browser may have sent. */
    static void set(HttpServerRequest request, MultiMap answer) {
        if (isPrograms(request)) {
            return;
        }
        set(answer);
    }

    /** Sets them on an answer that is the same whoever asks. */
    static void set(MultiMap answer) {
        answer.set(TYPE_OPTIONS, NOSNIFF);
        answer.set(POLICY, DEFAULT_NONE);
        answer.set(REFERRER, NO_REFERRER);
        answer.set(RESOURCE, SAME_ORIGIN);
    }

    /** Lets a page load this node's own files and call it, and nothing else; no script or style stands in the page. */
    static void setPage(MultiMap answer) {
        answer.set(POLICY, DEFAULT_SELF);
    }

    /** Has browsers come over TLS alone from now on. */
    static void setTransport(MultiMap answer) {
        answer.set(TRANSPORT, ONE_YEAR);
    }

    /** Every browser says whence a page writes; who says nothing shows no page, and is spared some bytes. */
    private static boolean isPrograms(HttpServerRequest request) {
        return !HttpMethod.GET.equals(request.method())
                && !HttpMethod.HEAD.equals(request.method())
                && !request.headers().contains(HttpHeaders.ORIGIN)
                && !request.headers().contains(FETCH_SITE);
    }
}
