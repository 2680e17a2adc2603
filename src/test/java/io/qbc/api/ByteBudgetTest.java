package io.qbc.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    @Test
    void allTogetherGetNoMoreThanThereIs() {
        ByteBudget budget = new ByteBudget(100, 60);
        assertThat(budget.take("one", 60)).isTrue();
        assertThat(budget.take("two", 41)).isFalse();
        assertThat(budget.inUse()).isEqualTo(60);
        assertThat(budget.take("two", 40)).isTrue();
        assertThat(budget.take("three", 1)).isFalse();
        budget.release("one", 60);
        assertThat(budget.take("three", 60)).isTrue();
        assertThat(budget.inUse()).isEqualTo(100);
    }

    @Test
    void oneCallerGetsItsShare() {
        ByteBudget budget = new ByteBudget(100, 30);
        assertThat(budget.take("one", 31)).isFalse();
        assertThat(budget.take("one", 20)).isTrue();
        assertThat(budget.take("one", 11)).isFalse();
        assertThat(budget.take("one", 10)).isTrue();
        assertThat(budget.take("two", 30)).isTrue();
        budget.release("one", 20);
        budget.release("one", 10);
        assertThat(budget.take("one", 30)).isTrue();
        budget.release("one", 30);
        budget.release("two", 30);
        assertThat(budget.inUse()).isZero();
    }

    @Test
    void nothingIsTakenOfNothing() {
        ByteBudget budget = new ByteBudget(10, 10);
        assertThat(budget.take("one", 0)).isTrue();
        budget.release("one", 0);
        assertThat(budget.inUse()).isZero();
    }
}
