// SPDX-License-Identifier: Apache-2.0
#include <guide/core/random.hpp>

#include <catch2/catch.hpp>

using namespace guide;

TEST_CASE("random: one seed gives one sequence, streams differ") {
    Random a(42), b(42), c(42, 1);
    const auto first = a.next();
    CHECK(first == b.next());
    CHECK(first != c.next());
}

TEST_CASE("random: the sequence of seed 1 is the same on every machine") {
    Random r(1);
    CHECK(r.next() == 0x861af22a00649db9ULL);
}

TEST_CASE("random: uniform and normal numbers have their moments") {
    Random r(7);
    double sum = 0, squares = 0, normal_sum = 0, normal_squares = 0;
    const int n = 100000;
    for (int i = 0; i < n; ++i) {
        const double u = r.uniform();
        REQUIRE(u >= 0);
        REQUIRE(u < 1);
        sum += u;
        squares += u * u;
        const double z = r.normal();
        normal_sum += z;
        normal_squares += z * z;
    }
    CHECK(sum / n == Approx(0.5).margin(0.005));
    CHECK(squares / n == Approx(1.0 / 3).margin(0.005));
    CHECK(normal_sum / n == Approx(0).margin(0.01));
    CHECK(normal_squares / n == Approx(1).margin(0.02));
}
