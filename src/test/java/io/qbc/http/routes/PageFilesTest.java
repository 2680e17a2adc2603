package io.qbc.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files of pages are those of the versions that the build names. */
class PageFilesTest {
    @Test
    void everyLibraryIsOnTheClassPathInTheVersionOfTheBuild() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        assertThat(PageFiles.libraries()).allSatisfy((path, resource) -> {
            assertThat(PageFiles.class.getClassLoader().getResource(resource))
                    .as(resource)
                    .isNotNull();
            Matcher version = Pattern.compile("/([0-9]+\\.[0-9]+\\.[0-9]+)/").matcher(resource);
            assertThat(version.find()).isTrue();
            assertThat(pom).contains(".version>" + version.group(1) + "<");
            int folder = path.indexOf('/') + 1;
            assertThat(PageFiles.find(path.substring(0, folder), path.substring(folder)))
                    .isPresent();
            assertThat(PageFiles.known(path.substring(0, folder), path.substring(folder)))
                    .isPresent();
        });
    }

    /** What a browser loads comes from the node, and stands in files of its own. */
    @Test
    void thePageOfTheApiDocumentHasNothingInline() throws Exception {
        String page = Files.readString(Path.of("src/main/resources/docs/index.html"));
        assertThat(page).doesNotContain("style=").doesNotContain("<style").doesNotContain("http");
        assertThat(Pattern.compile("<script(?![^>]*src=)").matcher(page).find()).isFalse();
    }
}
