// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"

#include <guide/filters/shadow_map.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using filters::ColumnVisibility;
using filters::ShadowOptions;

namespace {

struct Result {
    Image<float> map;
    std::vector<ColumnVisibility> columns;
};

Result shadows(const Image<float>& in, ShadowOptions options = {}) {
    Result result{Image<float>(in.width(), in.height(), NAN),
                  std::vector<ColumnVisibility>(static_cast<std::size_t>(in.width()))};
    filters::shadow_map(in.view(), result.map.view(), result.columns, options);
    return result;
}

/// The definition pixel by pixel.
Image<float> plain(const Image<float>& in, const ShadowOptions& o = {}) {
    Image<float> out(in.width(), in.height());
    const int reach = std::max(1, static_cast<int>(std::lround(o.reach * in.height())));
    for (int y = in.height(); y-- > 0;) {
        for (int x = 0; x < in.width(); ++x) {
            double mean = 0;
            const int end = std::min(in.height(), y + reach);
            for (int v = y; v < end; ++v) {
                double sum = 0;
                int count = 0;
                for (int u = x - o.beam_width / 2; u <= x + o.beam_width / 2; ++u) {
                    if (u < 0 || u >= in.width()) continue;
                    const float grey = in.at(u, v);
                    sum += std::isfinite(grey) ? static_cast<double>(grey) : 0.0;
                    ++count;
                }
                mean += sum / count / (end - y);
            }
            const double dark = 1 - std::clamp((mean - o.dark_grey) / o.dark_grey, 0.0, 1.0);
            out.at(x, y) = static_cast<float>(dark);
            if (y + 1 < in.height()) out.at(x, y) = std::min(out.at(x, y), out.at(x, y + 1));
        }
    }
    return out;
}

/// Tissue with a bone line at row 40 from column 60 on, shadow below; columns up to 20 without
/// contact but for rings in the first rows.
Image<float> knee() {
    auto in = test::random_image(120, 100);
    for (int y = 0; y < 100; ++y) {
        for (int x = 0; x < 120; ++x) {
            float& grey = in.at(x, y);
            grey = 60 + grey / 10;
            if (x >= 60 && y >= 40) grey = y < 44 ? 230.0F : 4.0F;
            if (x < 20) grey = y < 4 ? 200.0F : 3.0F;
        }
    }
    return in;
}

}  // namespace

TEST_CASE("shadow_map: equals its definition at awkward sizes") {
    for (const int w : test::kAwkwardSizes) {
        for (const int h : test::kAwkwardSizes) {
            auto in = test::random_image(w, h);
            for (std::size_t i = 0; i < in.size(); ++i)
                in.data()[i] /= 8;
            INFO(w << " x " << h);
            CHECK(test::largest_difference(shadows(in).map, plain(in)) < 1e-4);
        }
    }
}

TEST_CASE("shadow_map: bone throws a shadow, air breaks contact, tissue is seen to its end") {
    const auto [map, columns] = shadows(knee());
    for (const int x : {64, 80, 119}) {
        const auto& bone = columns[static_cast<std::size_t>(x)];
        CHECK(std::abs(bone.shadow_start - 43) <= 2);
        CHECK(bone.behind_bone);
        CHECK(bone.contact == 1);
        CHECK(bone.visibility == Approx(0.43).margin(0.02));
        CHECK(bone.reflector > 150);
        CHECK(map.at(x, 60) == 1);
        CHECK(map.at(x, 20) == 0);
    }
    const auto& tissue = columns[40];
    CHECK(tissue.shadow_start == 100);
    CHECK(tissue.visibility == 1);
    CHECK_FALSE(tissue.behind_bone);
    const auto& air = columns[8];
    CHECK(air.contact == 0);
    CHECK(air.visibility == 0);
}

TEST_CASE("shadow_map: where sound ends without a reflector there is no bone") {
    Image<float> in(40, 100, 60.0F);
    for (int y = 50; y < 100; ++y) {
        for (int x = 0; x < 40; ++x)
            in.at(x, y) = 2;
    }
    const auto column = shadows(in).columns[20];
    CHECK(std::abs(column.shadow_start - 50) <= 4);
    CHECK_FALSE(column.behind_bone);
}

TEST_CASE("shadow_map: constants are all shadow or none") {
    CHECK(test::largest_difference(shadows(Image<float>(30, 40, 60.0F)).map,
                                   Image<float>(30, 40, 0.0F)) == 0);
    const auto dark = shadows(Image<float>(30, 40, 5.0F));
    CHECK(test::largest_difference(dark.map, Image<float>(30, 40, 1.0F)) == 0);
    CHECK(dark.columns[3].shadow_start == 0);
    CHECK(dark.columns[3].visibility == 0);
}

TEST_CASE("shadow_map: a flip from left to right commutes, strides do not matter") {
    const auto in = knee();
    const auto [map, columns] = shadows(in);
    const auto [flipped, flipped_columns] = shadows(test::flipped_x(in));
    CHECK(test::largest_difference(flipped, test::flipped_x(map)) < 1e-5);
    CHECK(flipped_columns.front().shadow_start == columns.back().shadow_start);
    const test::Strided source(in);
    test::Strided target(in);
    auto again = columns;
    filters::shadow_map(source.part, target.part, again);
    CHECK(test::largest_difference(target.part, map.view()) == 0);
    CHECK(std::isnan(target.whole.at(2, 2)));
}

TEST_CASE("shadow_map: any number of threads gives the same bits") {
    const auto in = test::random_image(400, 90);
    const auto one = shadows(in);
    for (const int threads : {2, 3}) {
        auto other = shadows(in);
        filters::shadow_map(in.view(), other.map.view(), other.columns, {}, {threads, {}});
        CHECK(test::largest_difference(other.map, one.map) == 0);
        CHECK(other.columns[390].contact == one.columns[390].contact);
    }
}

TEST_CASE("shadow_map: pixels that are not finite count as zero") {
    auto in = knee(), zeros = knee();
    for (const float bad : {NAN, INFINITY, -INFINITY}) {
        in.at(70, 50) = bad;
        zeros.at(70, 50) = 0;
        CHECK(test::largest_difference(shadows(in).map, shadows(zeros).map) == 0);
    }
}

TEST_CASE("shadow_map: lines are allocated alone, a stop is heard, wrong calls throw") {
    const auto in = knee();
    Image<float> out(in.width(), in.height());
    std::vector<ColumnVisibility> columns(120), few(119);
    const test::Allocations watch;
    filters::shadow_map(in.view(), out.view(), columns);
    CHECK(watch.largest() < 8 * 1024);
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(
        filters::shadow_map(in.view(), out.view(), columns, {}, {1, source.get_token()}), Stopped);
    CHECK_THROWS_AS(filters::shadow_map(in.view(), out.view(), few), PreconditionError);
    CHECK_NOTHROW(filters::shadow_map(ImageView<const float>(), ImageView<float>(), {}));
    CHECK_THROWS_WITH((ShadowOptions{0, 40, 0.05, 0.1, 9}.validate()),
                      Catch::Contains("dark_grey"));
    CHECK_THROWS_WITH((ShadowOptions{12, -1, 0.05, 0.1, 9}.validate()),
                      Catch::Contains("reflector"));
    CHECK_THROWS_WITH((ShadowOptions{12, 40, 1, 0.1, 9}.validate()), Catch::Contains("near_field"));
    CHECK_THROWS_WITH((ShadowOptions{12, 40, 0.05, 0, 9}.validate()), Catch::Contains("reach"));
    CHECK_THROWS_WITH((ShadowOptions{12, 40, 0.05, 0.1, 8}.validate()),
                      Catch::Contains("beam_width"));
}
