# Build: the jar from the sources alone.
FROM maven:3-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml LICENSE ./
COPY conf conf
COPY src src
RUN mvn -B -q -DskipTests package
# The store's native library, which would else be unpacked at each start.
RUN mkdir lib && cd lib && jar xf ../target/qbc.jar librocksdbjni-linux64.so librocksdbjni-linux-aarch64.so

# Run: a Java runtime, the jar, and a user without rights.
FROM eclipse-temurin:17-jre
RUN groupadd --system --gid 10001 qbc \
 && useradd --system --uid 10001 --gid qbc --home-dir /data --shell /usr/sbin/nologin qbc \
 && install -d -o qbc -g qbc -m 700 /data
COPY --from=build /build/target/qbc.jar /opt/qbc/qbc.jar
COPY --from=build /build/lib /opt/qbc/lib
WORKDIR /opt/qbc
# RocksDB need not look for the C library, which takes five processes: the image has glibc.
ENV ROCKSDB_MUSL_LIBC=false
# Two pools for what native threads allocate, instead of eight for each core, of which each keeps what it once had.
ENV MALLOC_ARENA_MAX=2
# A class data archive, which halves the time of a start: a node runs for some seconds and answers a request, so that
# those classes are in it too; at its end the JVM writes it.
RUN (sleep 6; java -jar qbc.jar health) & \
    timeout 15 java -XX:ArchiveClassesAtExit=/opt/qbc/qbc.jsa -Djava.library.path=/opt/qbc/lib \
    -jar /opt/qbc/qbc.jar run --data warm; \
    rm -rf warm && test -s /opt/qbc/qbc.jsa
USER qbc
# Callers show a key; the first start prints one, others are made with: docker exec CONTAINER java -jar /opt/qbc/qbc.jar access add --name NAME --role admin
ENV QBC_HOST=0.0.0.0 QBC_DATA=/data QBC_ACCESS_MODE=required
VOLUME /data
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=20s --retries=3 \
    CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m", "-jar", "/opt/qbc/qbc.jar", "health"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", \
    "-XX:SharedArchiveFile=/opt/qbc/qbc.jsa", "-Djava.library.path=/opt/qbc/lib", "-jar", "/opt/qbc/qbc.jar"]
CMD ["run"]
