package io.qbc.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * What the generator does: so many connections without pipelining, for so long or so many requests.
 *
 * @param ports to which the connections go in turn
 * @param rate arrivals a second of an open loop, evenly spaced; empty for a closed loop
 * @param patience how long a request of an open loop may wait for a free connection before it is given up
 * @param settling how long latencies do not count at first, while so many connections are made at once
 * @param firstNumber number of the first request, so that two loads need not send the same
 * @param answers sees every answer
 * @param marked while true, latencies are counted apart as well
 */
public record Load(
        List<Integer> ports,
        int connections,
        Requests requests,
        OptionalDouble rate,
        Duration time,
        long countMax,
        Duration patience,
        Duration settling,
        long firstNumber,
        Answers answers,
        BooleanSupplier marked) {
    public Load {
        ports = List.copyOf(ports);
    }

    /** Sees answers on the generator's thread, so it must be quick. */
    public interface Answers {
        void answered(ResponseParser response);
    }

    public static Load closed(int port, int connections, Requests requests, Duration time) {
        return new Load(
                List.of(port),
                connections,
                requests,
                OptionalDouble.empty(),
                time,
                Long.MAX_VALUE,
                Duration.ofHours(1),
                Duration.ZERO,
                0,
                r -> {},
                () -> false);
    }

    public Load at(double perSecond) {
        return new Load(
                ports,
                connections,
                requests,
                OptionalDouble.of(perSecond),
                time,
                countMax,
                patience,
                settling,
                firstNumber,
                answers,
                marked);
    }

    /** To several servers in the place of one. */
    public Load toward(List<Integer> others) {
        return new Load(
                others, connections, requests, rate, time, countMax, patience, settling, firstNumber, answers, marked);
    }

    public Load over(int number) {
        return new Load(
                ports, number, requests, rate, time, countMax, patience, settling, firstNumber, answers, marked);
    }

    public Load lasting(Duration howLong) {
        return new Load(
                ports,
                connections,
                requests,
                rate,
                howLong,
                countMax,
                patience,
                settling,
                firstNumber,
                answers,
                marked);
    }

    public Load atMost(long requestCount) {
        return new Load(
                ports,
                connections,
                requests,
                rate,
                time,
                requestCount,
                patience,
                settling,
                firstNumber,
                answers,
                marked);
    }

    public Load patient(Duration wait) {
        return new Load(
                ports, connections, requests, rate, time, countMax, wait, settling, firstNumber, answers, marked);
    }

    public Load settled(Duration first) {
        return new Load(
                ports, connections, requests, rate, time, countMax, patience, first, firstNumber, answers, marked);
    }

    public Load from(long number) {
        return new Load(
                ports, connections, requests, rate, time, countMax, patience, settling, number, answers, marked);
    }

    public Load telling(Answers observer) {
        return new Load(
                ports, connections, requests, rate, time, countMax, patience, settling, firstNumber, observer, marked);
    }

    public Load marking(BooleanSupplier when) {
        return new Load(
                ports, connections, requests, rate, time, countMax, patience, settling, firstNumber, answers, when);
    }
}
