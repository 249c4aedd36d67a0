// SPDX-License-Identifier: Apache-2.0
#include "support/sample_scene.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/injection.hpp>
#include <guide/plan/plan.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>

using namespace guide::plan;

namespace {

bool warns(const InjectionCheck& check, const char* code) {
    return std::ranges::any_of(check.warnings, [&](const auto& w) { return w.code == code; });
}

InjectionCheck through(int gauge, const InjectionOptions& options = {}) {
    return check_injection(*standard_needle(gauge, 50), options);
}

InjectionOptions product(const char* name) {
    InjectionOptions options;
    options.product = name;
    return options;
}

}  // namespace

TEST_CASE(
    "injection: wall shear and pressure of the published table, water at 4 mL/min through 50 mm") {
    const std::pair<int, double> shear[] = {{18, 1.2},  {20, 3.1},  {21, 5.0}, {22, 9.6},
                                            {23, 17.7}, {25, 38.6}, {27, 73},  {30, 169}};
    for (const auto& [gauge, pascal] : shear) {
        INFO(gauge);
        CHECK(*through(gauge).wall_shear_pa == Approx(pascal).epsilon(0.01).margin(0.06));
    }
    CHECK(*through(22).pressure_kpa == Approx(4.7).epsilon(0.02));
    CHECK(*through(25).pressure_kpa == Approx(29.7).epsilon(0.02));
    CHECK(*through(30).pressure_kpa == Approx(212).epsilon(0.02));
}

TEST_CASE("injection: figures worked by hand for a round needle") {
    // Bore 0.4 mm, 50 mm long, 6 mL/min = 0.1 mL/s = 1e-7 m^3/s, 2 mPa s:
    // shear 32 * 2e-3 * 1e-7 / (pi * 6.4e-11) = 6.4e-9 / 2.010619e-10 = 31.831 Pa
    // pressure 128 * 2e-3 * 0.05 * 1e-7 / (pi * 2.56e-14) = 1.28e-9 / 8.042477e-14 = 15915.5 Pa
    // residence pi * 1.6e-7 * 0.05 / 4e-7 = 2.513274e-8 / 4e-7 = 0.0628319 s
    // Reynolds 4 * 1000 * 1e-7 / (pi * 4e-4 * 2e-3) = 4e-4 / 2.513274e-6 = 159.155
    // duration (3 + 1) mL at 0.1 mL/s = 40 s
    Needle needle;
    needle.inner_diameter_mm = 0.4;
    needle.length_mm = 50;
    InjectionOptions options;
    options.volume_ml = 3;
    options.contrast_ml = 1;
    options.flow_ml_min = 6;
    options.viscosity_mpa_s = 2;
    const auto check = check_injection(needle, options);
    CHECK(*check.wall_shear_pa == Approx(31.831).epsilon(1e-4));
    CHECK(*check.pressure_kpa == Approx(15.9155).epsilon(1e-4));
    CHECK(check.residence_s == Approx(0.0628319).epsilon(1e-4));
    CHECK(check.reynolds == Approx(159.155).epsilon(1e-4));
    CHECK(check.duration_s == Approx(40));
}

TEST_CASE("injection: shear and pressure grow with flow and viscosity as the law says") {
    const auto slow = through(22);
    InjectionOptions options;
    options.flow_ml_min = 8;
    const auto fast = through(22, options);
    CHECK(*fast.wall_shear_pa == Approx(2 * *slow.wall_shear_pa));
    CHECK(*fast.pressure_kpa == Approx(2 * *slow.pressure_kpa));
    CHECK(fast.residence_s == Approx(slow.residence_s / 2));
    const auto thick = through(22, product("marrow-concentrate"));
    CHECK(*thick.wall_shear_pa == Approx(4 * *slow.wall_shear_pa));
    const auto half = check_injection(*standard_needle(22, 25), {});
    CHECK(*half.wall_shear_pa == Approx(*slow.wall_shear_pa));
    CHECK(*half.pressure_kpa == Approx(*slow.pressure_kpa / 2));
}

TEST_CASE("injection: a product without one viscosity has no shear until one is stated") {
    for (const char* name : {"fat-graft", "hyaluronate"}) {
        auto options = product(name);
        auto check = through(22, options);
        CHECK_FALSE(check.wall_shear_pa);
        CHECK_FALSE(check.pressure_kpa);
        CHECK(check.residence_s > 0);
        CHECK(warns(check, "viscosity-not-known"));
        options.viscosity_mpa_s = 50;
        check = through(22, options);
        CHECK(check.wall_shear_pa);
        CHECK_FALSE(warns(check, "viscosity-not-known"));
    }
}

TEST_CASE("injection: what is usual is not warned of") {
    for (const int gauge : {18, 20, 21, 22})
        CHECK(through(gauge).warnings.empty());
    CHECK(through(25, product("steroid")).warnings.empty());
}

TEST_CASE("injection: what harms cells is warned of for cells only") {
    CHECK(warns(through(25), "thin-needle"));
    CHECK(warns(through(27, product("marrow-concentrate")), "thin-needle"));
    CHECK_FALSE(warns(through(27, product("hyaluronate")), "thin-needle"));
    CHECK(warns(through(23, product("marrow-concentrate")), "high-wall-shear"));
    CHECK_FALSE(warns(through(30, product("steroid")), "high-wall-shear"));
    InjectionOptions options;
    options.flow_ml_min = 10;
    CHECK(warns(through(22, options), "fast-flow"));
    options.flow_ml_min = 4;
    options.local_anaesthetic = true;
    CHECK(warns(through(22, options), "local-anaesthetic"));
    options.product = "steroid";
    CHECK_FALSE(warns(through(22, options), "local-anaesthetic"));
}

TEST_CASE("injection: volumes are those of product and contrast together") {
    InjectionOptions options;
    options.volume_ml = 10;
    CHECK_FALSE(warns(through(22, options), "large-volume"));
    options.contrast_ml = 0.5;
    CHECK(warns(through(22, options), "large-volume"));
    CHECK(warns(through(22, options), "contrast-dilutes"));
    CHECK_FALSE(warns(through(22, options), "contrast-share"));
    options.contrast_ml = 2;
    CHECK(warns(through(22, options), "contrast-share"));
    const auto much = [] {
        InjectionOptions o;
        o.volume_ml = 21;
        return through(22, o);
    }();
    REQUIRE(warns(much, "large-volume"));
    CHECK_THAT(much.warnings[0].text, Catch::Contains("20 mL in the joint inhibits"));
}

TEST_CASE("injection: a fast thin jet says that the law no longer holds") {
    InjectionOptions options;
    options.flow_ml_min = 60;  // Reynolds 4e3 * 1e-6 / (pi * 1.59e-4 * 1e-3) = 8008
    CHECK(through(30, options).reynolds == Approx(8008).epsilon(1e-3));
    CHECK(warns(through(30, options), "not-laminar"));
}

TEST_CASE("injection: an effusion seen by the segmentation is to be aspirated first") {
    auto anatomy = guide::test::suprapatellar();
    CHECK_FALSE(warns(plan_trajectories(anatomy).injection, "aspirate-first"));
    anatomy.joint_space->effusion = true;
    CHECK(warns(plan_trajectories(anatomy).injection, "aspirate-first"));
}

TEST_CASE("injection: every warning says where it comes from") {
    InjectionOptions options;
    options.flow_ml_min = 60;
    options.volume_ml = 12;
    options.local_anaesthetic = true;
    options.contrast_ml = 6;
    options.effusion = true;
    const auto check = through(30, options);
    CHECK(check.warnings.size() >= 6);
    for (const auto& w : check.warnings) {
        INFO(w.text);
        CHECK((w.code == "not-laminar" || w.text.find('[') != std::string::npos));
    }
}

TEST_CASE("injection: a value that makes no sense is named") {
    InjectionOptions options;
    options.flow_ml_min = 0;
    CHECK(options.validate().error().text.find("flow_ml_min") != std::string::npos);
    CHECK_THROWS_WITH(through(22, options), Catch::Contains("flow_ml_min"));
    options.flow_ml_min = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(options.validate());
    options.flow_ml_min = 4;
    options.viscosity_mpa_s = -1;
    CHECK(options.validate().error().text.find("viscosity_mpa_s") != std::string::npos);
    options.viscosity_mpa_s.reset();
    options.contrast_ml = -1;
    CHECK(options.validate().error().text.find("contrast_ml") != std::string::npos);
    options.contrast_ml = 0;
    options.product = "glue";
    CHECK_THAT(options.validate().error().text,
               Catch::Contains("glue") && Catch::Contains("fat-graft"));
}
