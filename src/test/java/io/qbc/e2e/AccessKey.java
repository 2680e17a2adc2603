package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.e2e.Jar.Finished;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys of callers, made by the command line as an operator makes them. */
final class AccessKey {
    private static final Pattern KEY = Pattern.compile("qbc_\\S+");

    private AccessKey() {}

    /** The secret of a new key with these roles; its name is made of them. */
    static String make(Plan plan, String... roles) {
        List<String> command = new ArrayList<>(List.of("access", "add", "--name", String.join("-", roles)));
        for (String role : roles) {
            command.addAll(List.of("--role", role));
        }
        command.addAll(List.of("--data", plan.data().toString()));
        Finished made = Jar.run(plan, command.toArray(String[]::new));
        Matcher key = KEY.matcher(made.output());
        assertThat(key.find()).as(made.output()).isTrue();
        return key.group();
    }
}
