// SPDX-License-Identifier: Apache-2.0
#include <guide/report/scanner.hpp>

#include <guide_test/data.hpp>

#include <fstream>
#include <iterator>
#include <string>

using namespace guide;

TEST_CASE("scanner: the settings of every sample case go together") {
    int scanners = 0;
    for (const auto& file : std::filesystem::directory_iterator(test::samples() / ".." / "cases")) {
        if (file.path().extension() != ".json") continue;
        INFO(file.path());
        std::ifstream stream(file.path());
        const std::string text{std::istreambuf_iterator<char>(stream), {}};
        const auto c = report::read_case(text);
        REQUIRE(c);
        if (c->fluoroscopy) continue;
        CHECK_NOTHROW(report::ultrasound_settings(*c).validate());
        ++scanners;
    }
    CHECK(scanners >= 12);
}

TEST_CASE("scanner: curvilinear lines are close enough for any compounding") {
    report::Case c;
    c.scanner.curvilinear = true;
    c.scanner.frequency_mhz = 4;
    for (const double depth : {30.0, 80.0, 150.0}) {
        for (const int looks : {1, 3, 5}) {
            c.scanner.depth_mm = depth;
            c.scanner.looks = looks;
            INFO(depth << " mm, looks: " << looks);
            CHECK_NOTHROW(report::ultrasound_settings(c).validate());
        }
    }
}
