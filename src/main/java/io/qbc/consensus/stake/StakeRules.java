package io.qbc.consensus.stake;

import io.qbc.consensus.engine.Parameter;
import io.qbc.model.ChainSpec;

/**
 * The parameters that all engines under stake share.
 *
 * @param period a slot's length in milliseconds
 * @param epoch how many quants make an epoch, whose first is a checkpoint
 * @param delay how many epochs an unbonding takes, and how long powers stand still at most without finality
 * @param slash how many hundredths of a bond an offence costs
 * @param stake what each participant of the spec has bonded if the spec does not say
 * @param holdersMax how many keys may hold stake
 * @param minimum the least transfer that lets a new key in
 */
record StakeRules(long period, long epoch, long delay, long slash, long stake, long holdersMax, long minimum) {
    static final Parameter PERIOD = new Parameter("period", 10, 86_400_000, 1000);
    static final Parameter EPOCH = new Parameter("epoch", 2, 10_000, 32);
    static final Parameter DELAY = new Parameter("unbondDelay", 2, 10_000, 8);
    static final Parameter SLASH = new Parameter("slash", 1, 100, 100);
    static final Parameter STAKE = new Parameter("stake", 1, StakeEngine.STAKE_MAX, 1000);
    static final Parameter HOLDERS = new Parameter("holders", 1, 1024, 256);
    static final Parameter MINIMUM = new Parameter("minimum", 1, StakeEngine.STAKE_MAX, 1);

    static StakeRules of(ChainSpec.Consensus spec) {
        return new StakeRules(
                PERIOD.of(spec),
                EPOCH.of(spec),
                DELAY.of(spec),
                SLASH.of(spec),
                STAKE.of(spec),
                HOLDERS.of(spec),
                MINIMUM.of(spec));
    }

    /** What is lost of an amount, rounded up. */
    long slashed(long amount) {
        return (amount * slash + 99) / 100;
    }
}
