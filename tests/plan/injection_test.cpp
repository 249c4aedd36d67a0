// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/plan/injection.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>

using namespace guide::plan;

namespace {

bool warns(const InjectionCheck& check, const char* code) {
    return std::ranges::any_of(check.warnings, [&](const auto& w) { return w.code == code; });
}

}  // namespace

TEST_CASE(
    "injection: wall shear and pressure of the published table, water at 4 mL/min through 50 mm") {
    const std::pair<int, double> shear[] = {{18, 1.2},  {20, 3.1},  {21, 5.0}, {22, 9.6},
                                            {23, 17.7}, {25, 38.6}, {27, 73},  {30, 169}};
    for (const auto& [gauge, pascal] : shear) {
        INFO(gauge);
        CHECK(check_injection(*standard_needle(gauge, 50)).wall_shear_pa ==
              Approx(pascal).epsilon(0.01).margin(0.06));
    }
    CHECK(check_injection(*standard_needle(22, 50)).pressure_kpa == Approx(4.7).epsilon(0.02));
    CHECK(check_injection(*standard_needle(25, 50)).pressure_kpa == Approx(29.7).epsilon(0.02));
}

TEST_CASE("injection: thin needles, fast thick flow and large volumes are warned of") {
    CHECK(check_injection(*standard_needle(22, 50)).warnings.empty());
    CHECK(warns(check_injection(*standard_needle(25, 50)), "thin-needle"));
    CHECK(warns(check_injection(*standard_needle(22, 50), {"concentrate", 5, 4, 5}),
                "high-wall-shear"));
    CHECK(warns(check_injection(*standard_needle(22, 50), {"cells", 25, 4, 1}), "large-volume"));
}

TEST_CASE("injection: a number that makes no sense is named") {
    InjectionOptions options;
    options.flow_ml_min = 0;
    CHECK(options.validate().error().text.find("flow_ml_min") != std::string::npos);
    CHECK_THROWS_AS(check_injection(*standard_needle(22, 50), options), guide::PreconditionError);
    options.flow_ml_min = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(options.validate());
}
